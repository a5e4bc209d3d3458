"""Fitting the network: cross-entropy, made small step by step in numpy (RMSProp, Hinton 2012)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from engine.nlu.network import Network, is_seen
from engine.nlu.training.metrics import Array, softmax
from engine.nlu.training.vectors import Vectorizer

UNITS, EPOCHS, BATCH, RATE = 128, 12, 128, 3e-3
#: The share of the units that each step does without (Srivastava et al. 2014).
DROPPED = 0.5
#: The share of certainty that the right intent leaves to all.
DOUBT = 0.1
#: How much of the mean square of slopes a step keeps.
KEPT = 0.999
#: A feature of fewer utterances is not seen.
OFTEN = 2
TINY = 1e-8

#: Temperatures before calibration knows better.
HEATS = (0.25, 1.0)


class _Moved:
    """Weights that go against their slopes, each scaled by how large its slopes have been."""

    def __init__(self, weights: Array) -> None:
        self.weights = weights
        self._squares = np.zeros_like(weights)

    def move(self, slopes: Array, rate: float, where: Any = slice(None)) -> None:
        squares = self._squares[where] * np.float32(KEPT)
        squares += np.float32(1 - KEPT) * np.square(slopes)
        self._squares[where] = squares
        # In place: these tables are larger than what the processor keeps at hand.
        np.sqrt(squares, out=squares)
        squares += np.float32(TINY)
        slopes = slopes / squares
        slopes *= np.float32(rate)
        self.weights[where] -= slopes


class _Layers:
    def __init__(self, features: int, intents: int, random: np.random.Generator) -> None:
        def normal(*shape: int) -> Array:
            return random.standard_normal(shape, dtype=np.float32)

        self.inner = _Moved(normal(features, UNITS) * np.float32(0.01))
        self.offset = _Moved(np.zeros(UNITS, np.float32))
        self.outer = _Moved(normal(UNITS, intents) / np.float32(UNITS**0.5))
        self.bias = _Moved(np.zeros(intents, np.float32))
        self._random = random

    def learn(self, vectors: Any, wanted: Array, rate: float) -> None:
        """One step: ``vectors`` N x F in CSR form, ``wanted`` N x L probabilities."""
        known, places = np.unique(vectors.indices, return_inverse=True)
        shape = (len(wanted), len(known))
        inputs = sparse.csr_matrix((vectors.data, places, vectors.indptr), shape=shape)
        hidden = inputs @ self.inner.weights[known] + self.offset.weights
        lit = (self._random.random(hidden.shape, np.float32) > DROPPED) & (hidden > 0)
        passed = np.where(lit, hidden / np.float32(1 - DROPPED), np.float32(0))
        off = softmax(passed @ self.outer.weights + self.bias.weights, 1.0) - wanted
        off /= np.float32(len(wanted))
        back = off @ self.outer.weights.T
        back = np.where(lit, back / np.float32(1 - DROPPED), np.float32(0))
        self.inner.move(inputs.T @ back, rate, known)
        self.offset.move(back.sum(axis=0), rate)
        self.outer.move(passed.T @ off, rate)
        self.bias.move(off.sum(axis=0), rate)


def fit(vectors: Any, numbers: Sequence[int], vectorizer: Vectorizer, *, seed: int) -> Network:
    """The network of utterances: ``vectors`` N x F in CSR form, ``numbers`` of their intents."""
    names = vectorizer.vocabulary
    seen = np.fromiter(map(is_seen, names), bool) & (vectorizer.seen >= OFTEN)
    inputs = _units(vectors[:, seen])
    truth = np.array(numbers)
    count = int(truth.max()) + 1
    wanted = np.full((count, count), DOUBT / count, np.float32)
    wanted[np.diag_indices(count)] += np.float32(1 - DOUBT)
    random = np.random.default_rng(seed)
    layers = _Layers(inputs.shape[1], count, random)
    steps = EPOCHS * -(-len(truth) // BATCH)
    # The matrices are small: more threads only wait for each other.
    with threadpool_limits(1):
        for epoch in range(EPOCHS):
            order = random.permutation(len(truth))
            for start in range(0, len(truth), BATCH):
                step = 1 + (epoch * len(truth) + start) // BATCH
                rate = RATE * (1 - step / (steps + 1)) * (1 - KEPT**step) ** 0.5
                rows = order[start : start + BATCH]
                layers.learn(inputs[rows], wanted[truth[rows]], rate)
    return Network(
        rows=np.where(seen, np.cumsum(seen) - 1, -1).astype(np.int32),
        inner=layers.inner.weights.astype(np.float16),
        offset=layers.offset.weights,
        outer=layers.outer.weights,
        bias=layers.bias.weights,
        heats=np.array(HEATS, np.float32),
    )


def _units(vectors: Any) -> Any:
    """The vectors in single precision, made as long as 1."""
    found = vectors.astype(np.float32).tocsr()
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(np.maximum(lengths, TINY), np.diff(found.indptr))
    return found
