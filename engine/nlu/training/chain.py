"""Fitting a linear chain: the likelihood of right labels, made greatest by L-BFGS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, sparse
from threadpoolctl import threadpool_limits

from engine.nlu.tagging.chain import NEVER, Links
from engine.nlu.training.emissions import Emissions
from engine.nlu.training.metrics import Array

#: No label is taken to be less likely than this beside the likeliest one of its step: in single
#: precision all ways that are allowed would come to nothing.
FAINT = 1e-30


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of features (F x L) and of labels beside each other."""

    weights: Array
    links: Links


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which label may stand after which, and at the ends; all True where nothing is forbidden."""

    steps: Array  # L x L
    first: Array  # L
    last: Array  # L

    @classmethod
    def everything(cls, count: int) -> Allowed:
        """Any label anywhere."""
        return cls(np.ones((count, count), bool), np.ones(count, bool), np.ones(count, bool))


class _Packed:
    """Sequences laid out step by step, the longest first: what is alive at a step is one slice."""

    def __init__(self, lengths: Sequence[int]) -> None:
        sizes = np.array(lengths)
        self.order = np.argsort(-sizes, kind="stable")
        starts = np.concatenate([[0], np.cumsum(sizes)])[:-1][self.order]
        ordered = sizes[self.order]
        alive = [int((ordered > step).sum()) for step in range(int(ordered.max(initial=0)))]
        self.alive = alive
        self.begins = np.concatenate([[0], np.cumsum(alive)]).astype(int)
        self.rows = np.concatenate([starts[:count] + step for step, count in enumerate(alive)])
        self.last = self.begins[ordered - 1] + np.arange(len(ordered))

    def slices(self) -> list[slice]:
        return [slice(a, b) for a, b in zip(self.begins[:-1], self.begins[1:], strict=True)]


class Problem:
    """The likelihood that training makes greatest, and its slope, of weights as one vector."""

    def __init__(
        self, vectors: Any, labels: Array, lengths: Sequence[int], allowed: Allowed, strength: float
    ) -> None:
        self.count = allowed.first.size
        self.packed = _Packed(lengths)
        self.slices = self.packed.slices()
        self.labels = labels[self.packed.rows]
        self.emissions = Emissions(vectors[self.packed.rows].tocsr(), self.labels, self.count)
        self.allowed = allowed
        self.strength = strength
        self.gold = self._gold()

    @property
    def size(self) -> int:
        """How many weights there are."""
        return self.emissions.size + self.count * (self.count + 2)

    def split(self, theta: Array) -> tuple[Array, Array, Array, Array]:
        """The weights of features, of labels beside each other, and at either end."""
        size, count = self.emissions.size, self.count
        rest = theta[size:]
        return (
            theta[:size],
            rest[: count * count].reshape(count, count),
            rest[count * count : count * count + count],
            rest[count * count + count :],
        )

    def _gold(self) -> tuple[Array, Array, Array]:
        steps = np.zeros((self.count, self.count))
        for before, here in zip(self.slices[:-1], self.slices[1:], strict=True):
            size = here.stop - here.start
            np.add.at(steps, (self.labels[before][:size], self.labels[here]), 1)
        first = np.bincount(self.labels[self.slices[0]], minlength=self.count)
        last = np.bincount(self.labels[self.packed.last], minlength=self.count)
        return steps, first, last

    def __call__(self, theta: Array) -> tuple[float, Array]:
        weights, steps, first, last = self.split(theta)
        scores = self.emissions.scores(weights)
        loss, off, pairs = self._expect(scores, steps, first, last)
        gold_steps, gold_first, gold_last = self.gold
        right = np.arange(len(self.labels)), self.labels
        loss -= scores[right].sum(dtype=np.float64) + (steps * gold_steps).sum()
        loss -= first @ gold_first + last @ gold_last
        loss += self.strength / 2 * float(theta @ theta)
        ends = (
            off[self.slices[0]].sum(axis=0, dtype=np.float64) - gold_first,
            off[self.packed.last].sum(axis=0, dtype=np.float64) - gold_last,
        )
        off[right] -= 1
        slopes = [self.emissions.slopes(off), (pairs - gold_steps).ravel(), *ends]
        return float(loss), np.concatenate(slopes) + self.strength * theta

    def _expect(
        self, scores: Array, steps: Array, first: Array, last: Array
    ) -> tuple[float, Array, Array]:
        """The log of the sum over all labellings, and how often each label and pair is expected."""
        peaks = scores.max(axis=1, keepdims=True)
        lit = np.maximum(np.exp(scores - peaks), np.float32(FAINT))
        passing = (np.exp(steps) * self.allowed.steps).astype(lit.dtype)
        begin = (np.exp(first) * self.allowed.first).astype(lit.dtype)
        end = (np.exp(last) * self.allowed.last).astype(lit.dtype)
        alpha, scale = np.empty_like(lit), np.empty((len(lit), 1), lit.dtype)
        previous: slice | None = None
        for here in self.slices:
            if previous is None:
                ways = lit[here] * begin
            else:
                size = here.stop - here.start
                ways = (alpha[previous][:size] @ passing) * lit[here]
            scale[here] = ways.sum(axis=1, keepdims=True)
            alpha[here] = ways / scale[here]
            previous = here
        finals = alpha[self.packed.last] @ end
        parts = np.log(scale) + peaks, np.log(finals)
        loss = float(sum(part.sum(dtype=np.float64) for part in parts))
        beta = np.empty_like(lit)
        beta[self.packed.last] = end / finals[:, None]
        pairs = np.zeros(passing.shape)
        for index in range(len(self.slices) - 1, 0, -1):
            here, before = self.slices[index], self.slices[index - 1]
            size = here.stop - here.start
            coming = beta[here] * lit[here] / scale[here]
            start = before.start
            beta[start : start + size] = coming @ passing.T
            pairs += alpha[start : start + size].T @ coming
        return loss, alpha * beta, pairs * passing


def fit(
    vectors: Any,
    labels: Array,
    lengths: Sequence[int],
    allowed: Allowed,
    *,
    strength: float,
    rounds: int,
) -> Fitted:
    """Weights of sequences laid end to end: ``vectors`` N x F sparse, ``labels`` N, ``lengths``.

    ``strength`` is that of the quadratic penalty; ``rounds`` bounds the iterations.
    """
    # In single precision everything takes half the time, and the weights end up the same to what
    # is kept of them.
    narrow = sparse.csr_matrix(vectors, dtype=np.float32)
    problem = Problem(narrow, labels, lengths, allowed, strength)
    start = np.zeros(problem.size)
    # The matrices are narrow: more threads only wait for each other.
    with threadpool_limits(1):
        found = optimize.minimize(
            problem, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}
        )
    weights, steps, first, last = problem.split(found.x)
    never = np.float32(NEVER)
    links = Links(
        np.where(allowed.steps, steps, never).astype(np.float32),
        np.where(allowed.first, first, never).astype(np.float32),
        np.where(allowed.last, last, never).astype(np.float32),
    )
    return Fitted(problem.emissions.table(weights), links)
