"""Weighted finite-state transducers as arrays; costs are −ln of probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Label 0 stands for nothing read or nothing said.
EPSILON = 0
INFINITE = float("inf")

Order = Literal["input", "output"]

#: As OpenFst lays a tropical arc out.
ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("to", "<i4")])


@dataclass(frozen=True, eq=False, slots=True)
class Fst:
    """``finals`` has a cost for each state, infinite where nothing may end; the arcs of state s are
    ``arcs[offsets[s]:offsets[s + 1]]``.
    """

    start: int
    finals: NDArray[np.float32]
    offsets: NDArray[np.int64]
    arcs: NDArray[np.void]

    @property
    def states(self) -> int:
        return len(self.finals)

    def leaving(self, state: int) -> NDArray[np.void]:
        """The arcs of a state."""
        arcs: NDArray[np.void] = self.arcs[self.offsets[state] : self.offsets[state + 1]]
        return arcs

    def is_sorted(self, order: Order) -> bool:
        """Whether the labels of every state's arcs go up."""
        falls = np.flatnonzero(np.diff(self.arcs[order]) < 0) + 1
        return bool(np.isin(falls, self.offsets).all())


class FstBuilder:
    """Collects states and arcs in any order; the first state is where to start."""

    def __init__(self) -> None:
        self._finals: list[float] = []
        self._from: list[int] = []
        self._arcs: list[tuple[int, int, float, int]] = []

    def state(self, final: float = INFINITE) -> int:
        """A new state, and what ending in it costs."""
        self._finals.append(final)
        return len(self._finals) - 1

    def arc(self, source: int, to: int, *, read: int = 0, said: int = 0, cost: float = 0.0) -> None:
        """From one state to another: `read` is its input label, `said` its output label."""
        self._from.append(source)
        self._arcs.append((read, said, cost, to))

    def built(self, order: Order) -> Fst:
        """The transducer, with the arcs of every state sorted by that label."""
        arcs = np.array(self._arcs, ARC)
        sources = np.array(self._from, np.int64)
        other = "output" if order == "input" else "input"
        arranged = np.lexsort((arcs["to"], arcs["cost"], arcs[other], arcs[order], sources))
        counts = np.bincount(sources, minlength=len(self._finals))
        return Fst(
            start=0,
            finals=np.array(self._finals, np.float32),
            offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            arcs=arcs[arranged],
        )
