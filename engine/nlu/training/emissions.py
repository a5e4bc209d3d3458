"""What the features of steps say for labels: a table for the common ones, a list for the rare.

With many labels most weights of rare features would stay nothing: they are neither kept nor fitted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from engine.nlu.training.metrics import Array

#: Of more labels than this, a feature has weights for those that it is seen with, and for all only
#: if so many steps have it: most of the weights are spared, and with them most of the time.
MANY, COMMON = 20, 100


class Emissions:
    """The scores of steps for labels, linear in ``size`` weights, and their slopes.

    ``vectors`` N x F in CSR form, ``labels`` N of ``count`` different ones.
    """

    def __init__(self, vectors: Any, labels: Array, count: int) -> None:
        self._shape = (vectors.shape[1], count)
        often = np.diff(vectors.tocsc().indptr) >= (COMMON if count > MANY else 0)
        self._wide = np.flatnonzero(often)
        self._vectors = vectors[:, self._wide].tocsr()
        self._turned = self._vectors.T.tocsr()
        self._narrow = np.flatnonzero(~often)
        self._places, self._lists = _seen_together(vectors[:, self._narrow], labels, count)
        self.size = self._wide.size * count + len(self._places[0])

    def scores(self, weights: Array) -> Array:
        """The scores, N x L."""
        table, rest = self._split(weights)
        found: Array = self._vectors @ table
        if rest.size:
            found += (self._lists.T @ rest).reshape(found.shape)
        return found

    def slopes(self, off: Array) -> Array:
        """The slopes of a loss by the weights, where ``off`` are those by the scores."""
        return np.concatenate([(self._turned @ off).ravel(), self._lists @ off.ravel()])

    def table(self, weights: Array) -> Array:
        """The weights of all features, F x L."""
        table, rest = self._split(weights)
        found = np.zeros(self._shape, table.dtype)
        found[self._wide] = table
        features, labels = self._places
        found[self._narrow[features], labels] = rest
        return found

    def _split(self, weights: Array) -> tuple[Array, Array]:
        weights = weights.astype(self._vectors.dtype)
        end = self._wide.size * self._shape[1]
        return weights[:end].reshape(-1, self._shape[1]), weights[end:]


def _seen_together(vectors: Any, labels: Array, count: int) -> tuple[tuple[Array, Array], Any]:
    """The features and labels that some step has both of, and for each the scores it counts in.

    The scores are numbered row by row.
    """
    steps = vectors.shape[0]
    hot = sparse.csr_matrix((np.ones(steps, np.float32), labels, np.arange(steps + 1)))
    together = (vectors.T @ hot).tocoo()
    by_feature = vectors.tocsc()
    starts, sizes = by_feature.indptr[together.row], np.diff(by_feature.indptr)[together.row]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], sizes)
    columns = by_feature.indices[at].astype(np.int64) * count + np.repeat(together.col, sizes)
    shape = (len(sizes), steps * count)
    lists = sparse.csr_matrix((by_feature.data[at], columns, ends), shape=shape)
    return (together.row, together.col), lists
