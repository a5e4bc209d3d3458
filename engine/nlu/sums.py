"""What the known features of an utterance sum up to, in one look-up.

The arithmetic is that of `engine.nlu.training.vectors`: (1 + ln tf) · idf, unit length.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nlu.likeness import Places

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sums:
    """``ids`` are the features that were summed, and ``scores`` those of the labels, without bias.

    ``familiar`` are the scores without words that no phrase has: those tell which intent it is, but
    not that it is one. ``known`` is the share that they make of the utterance's length; ``runs``
    and ``peaks`` are what `Likeness` begins with.
    """

    ids: Places
    scores: Floats
    familiar: Floats
    known: float
    runs: float
    peaks: float


class Table:
    """One row a feature: what it adds to every score, to the length, and to likeness.

    As numpy takes longer to begin than to sum, all of it is summed at once.
    """

    def __init__(
        self,
        idf: Floats,
        coefficients: Floats,
        runs: NDArray[np.float64],
        peaks: NDArray[np.float64],
    ) -> None:
        self._idf, self._labels = idf, coefficients.shape[1]
        self._rarest = float(idf.max(initial=1))
        #: Words that no phrase has come last: what they mean is known, but they were never seen.
        self._own = int((idf >= 1).sum())
        columns = [coefficients * idf[:, None], np.array([idf * idf, runs, peaks]).T]
        self._rows = np.hstack(columns, dtype=np.float32)

    def __call__(self, counts: Mapping[int, int], strange: int) -> Sums:
        """The sums of features that occur so often; so many others were never seen."""
        ids = np.fromiter(counts, np.intp, len(counts))
        rows = self._rows.take(ids, axis=0)
        sums = np.add.reduce(rows)
        labels = self._labels
        if max(counts.values(), default=1) > 1:
            often = _often(counts)
            sums[: labels + 1] = often @ rows[:, : labels + 1]
            sums[labels] = (often * often) @ rows[:, labels]
        square, runs, peaks = sums[labels:].tolist()
        length = math.sqrt(square)
        scores = sums[:labels] / np.float32(length or 1.0)
        familiar = scores
        if self._own < len(self._rows) and (new := ids >= self._own).any():
            strange += int(new.sum())
            meant = _often(counts)[new] @ rows[new, :labels]
            familiar = scores - meant / np.float32(length or 1.0)
        # A feature never seen tells as much as the rarest that was.
        whole = math.sqrt(square + strange * self._rarest**2)
        return Sums(ids, scores, familiar, length / (whole or 1.0), runs, peaks)

    def vector(self, counts: Mapping[int, int]) -> Floats:
        """The weights of features that occur so often, in their order."""
        ids = np.fromiter(counts, np.intp, len(counts))
        return np.asarray(_often(counts) * self._idf[ids], np.float32)


def _often(counts: Mapping[int, int]) -> Floats:
    found = np.fromiter(counts.values(), np.float32, len(counts))
    return np.asarray(1 + np.log(found), np.float32)
