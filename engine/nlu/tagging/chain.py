"""The best sequence of labels in a linear chain (Lafferty, McCallum & Pereira 2001)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: The score of what must not be; finite, for sums of it are taken.
NEVER = -1e4

#: With so few labels, plain numbers are several times as fast as an array for each step.
FEW = 8


@dataclass(frozen=True, slots=True)
class Links:
    """Scores of labels beside each other, of L labels.

    ``steps[a, b]`` is that of b right after a; ``first`` and ``last`` are those at the ends.
    """

    steps: Floats  # L x L
    first: Floats  # L
    last: Floats  # L


class Chain:
    """Finds the best labels under these links (Viterbi 1967)."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self._first, self._last = links.first.tolist(), links.last.tolist()
        #: For every label what may stand before it, with the score of the step.
        self._before: list[list[tuple[int, float]]] = [
            [(label, step) for label, step in enumerate(column) if step > NEVER / 2]
            for column in links.steps.T.tolist()
        ]

    def best(self, emissions: Floats) -> list[int]:
        """The labels with the highest sum of ``emissions`` (N x L) and links."""
        if not len(emissions):
            return []
        if len(self._first) > FEW:
            return self._of_many(emissions)
        rows = emissions.tolist()
        scores = [here + first for here, first in zip(rows[0], self._first, strict=True)]
        back: list[list[int]] = []
        for row in rows[1:]:
            scores, came = self._step(scores, row)
            back.append(came)
        ends = [score + last for score, last in zip(scores, self._last, strict=True)]
        return traced(back, ends.index(max(ends)))

    def _step(self, scores: list[float], row: list[float]) -> tuple[list[float], list[int]]:
        """The scores of the labels one place on, and the label that each came from."""
        reached, came = [], []
        for before, here in zip(self._before, row, strict=True):
            most, origin = -math.inf, 0
            for label, step in before:
                if (way := scores[label] + step) > most:
                    most, origin = way, label
            reached.append(most + here)
            came.append(origin)
        return reached, came

    def _of_many(self, emissions: Floats) -> list[int]:
        scores = emissions[0] + self.links.first
        back = []
        for row in emissions[1:]:
            ways = scores[:, None] + self.links.steps
            back.append(ways.argmax(axis=0))
            scores = ways.max(axis=0) + row
        return traced([came.tolist() for came in back], int((scores + self.links.last).argmax()))


def traced(back: Sequence[Sequence[int]], end: int) -> list[int]:
    """The labels that lead to ``end``; ``back`` says what each label of each place came from."""
    path = [end]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]
