"""How like training utterances an utterance is: the cosine of their runs of symbols."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.nlu.features import is_run

Places = NDArray[np.intp]

#: Lengths are taken to be at least this, to divide by them.
SHORT = 1e-6


@dataclass(frozen=True, slots=True)
class Postings:
    """Which of N utterances each feature occurs in: ``rows[starts[f]:ends[f]]``.

    ``added`` is what each occurrence adds to the likeness of its utterance.
    """

    starts: Places
    ends: Places
    rows: Places
    added: NDArray[np.float64]
    count: int

    def most(self, ids: Places) -> float:
        """The largest sum of what these features add to an utterance."""
        starts, ends = self.starts[ids].tolist(), self.ends[ids].tolist()
        spans = [slice(a, b) for a, b in zip(starts, ends, strict=True) if a < b]
        if not spans:
            return 0.0
        rows = np.concatenate([self.rows[span] for span in spans])
        added = np.concatenate([self.added[span] for span in spans])
        return float(np.bincount(rows, added, self.count).max())


class Neighbours:
    """The training utterances in scope and out of it, for the nearest of each to be found.

    ``rows`` are by feature (``starts``), and in order for each; ``foreign`` is the first row that
    is out of scope, ``lengths`` those of all rows as vectors of the idf of their runs.
    """

    def __init__(
        self,
        squares: NDArray[np.float64],
        starts: NDArray[np.int32],
        rows: NDArray[np.int32],
        lengths: NDArray[np.float32],
        foreign: int,
    ) -> None:
        self.squares = squares
        # The types that sums are counted in: turning them for each utterance takes longer.
        places, edges = rows.astype(np.intp), starts.astype(np.intp)
        added = np.repeat(squares, np.diff(edges))
        added /= np.maximum(lengths.astype(np.float64), SHORT)[places]
        counted = np.concatenate([[0], np.cumsum(places < foreign)])
        middles = edges[:-1] + (counted[edges[1:]] - counted[edges[:-1]])
        self.inside = Postings(edges[:-1], middles, places, added, foreign)
        beyond = np.where(places < foreign, 0, places - foreign)
        self.outside = Postings(middles, edges[1:], beyond, added, len(lengths) - foreign)
        #: The most that each feature adds to an utterance out of scope.
        self.peaks = np.zeros(len(squares))
        features = np.repeat(np.arange(len(squares)), np.diff(edges))
        np.maximum.at(self.peaks, features, np.where(places < foreign, 0, added))


class Likeness:
    """How like the nearest training utterances an utterance is; looked for when asked for.

    ``square`` is the sum of its features' squares, ``peaks`` that of their peaks.
    """

    def __init__(self, neighbours: Neighbours, ids: Places, square: float, peaks: float) -> None:
        self._neighbours, self._ids, self._peaks = neighbours, ids, peaks
        self._length = math.sqrt(square) or 1.0

    @property
    def foreign_at_most(self) -> float:
        """What ``foreign`` is no more than: as if one utterance had the most of every feature."""
        return min(1.0, self._peaks / self._length)

    @cached_property
    def nearest(self) -> float:
        """The cosine to the nearest utterance in scope, 0 to 1."""
        return self._neighbours.inside.most(self._ids) / self._length

    @cached_property
    def foreign(self) -> float:
        """The cosine to the nearest utterance out of scope, 0 to 1."""
        return self._neighbours.outside.most(self._ids) / self._length


def squares(vocabulary: Iterable[str], idf: NDArray[np.float32]) -> NDArray[np.float64]:
    """The squared idf of the features that likeness is about: runs of symbols; 0 of others."""
    runs = np.fromiter(map(is_run, vocabulary), dtype=bool)
    return np.where(runs, idf.astype(np.float64) ** 2, 0.0)
