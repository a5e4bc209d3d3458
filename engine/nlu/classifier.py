"""Scores of the intents, straight from arrays: no learning library is needed to serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found; F features, C intents, N training utterances.

    ``neighbours`` are the unit vectors of the training utterances, stored by feature: feature f
    occurs in the utterances ``rows[starts[f]:starts[f + 1]]`` with the ``values`` beside them.
    """

    idf: Floats  # F
    coefficients: Floats  # F x C
    bias: Floats  # C
    starts: Integers  # F + 1
    rows: Integers
    values: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities, and how much evidence an intent needs.

    ``temperature`` divides the scores; the odds of being in scope are
    ``slope * evidence + offset``; below ``threshold`` an utterance is out of scope.
    """

    temperature: float = 1.0
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of one utterance, one an intent, and its similarity to the nearest phrase, 0 to 1."""

    scores: Floats
    nearest: float

    @property
    def evidence(self) -> float:
        """How sure the best intent is: its lead over the second, and how near a known phrase is."""
        return evidence(self.scores, self.nearest)


def evidence(scores: Floats, nearest: float) -> float:
    """See `Judgement.evidence`; the weights were found on chats beside the point (docs/nlu.md)."""
    if len(scores) < 2:
        return 2 * nearest
    second, first = np.partition(scores, -2)[-2:]
    return float(first - second) + 2 * nearest


class Classifier:
    """A linear classifier over weighted features, with the nearest training utterance beside it."""

    def __init__(
        self,
        labels: list[str],
        vocabulary: dict[str, int],
        weights: Weights,
        calibration: Calibration,
    ) -> None:
        self.labels = labels
        self.vocabulary = vocabulary
        self.weights = weights
        self.calibration = calibration
        self._utterances = int(weights.rows.max()) + 1 if len(weights.rows) else 0

    def judge(self, features: Iterable[str]) -> Judgement:
        """The evidence for every intent in an utterance with these features."""
        ids, vector = self._vector(features)
        weights = self.weights
        scores = vector @ weights.coefficients[ids] + weights.bias
        return Judgement(scores.astype(np.float32), self._nearest(ids, vector))

    def probabilities(self, judgement: Judgement) -> Floats:
        """The calibrated probabilities of the intents, given that it is one of them."""
        heated = judgement.scores / self.calibration.temperature
        exponentials = np.exp(heated - heated.max())
        return np.asarray(exponentials / exponentials.sum(), dtype=np.float32)

    def in_scope(self, judgement: Judgement) -> float:
        """The probability that it is one of the intents at all."""
        odds = self.calibration.slope * judgement.evidence + self.calibration.offset
        return float(1 / (1 + np.exp(-odds)))

    def is_rejected(self, judgement: Judgement) -> bool:
        """Whether there is too little evidence for any intent."""
        return judgement.evidence < self.calibration.threshold

    def _vector(self, features: Iterable[str]) -> tuple[Integers, Floats]:
        known = Counter(map(self.vocabulary.get, features))
        known.pop(None, None)
        ids = np.fromiter(known, dtype=np.int32, count=len(known))
        counts = np.fromiter(known.values(), dtype=np.float32, count=len(known))
        vector = (1 + np.log(counts)) * self.weights.idf[ids]
        norm = float(np.sqrt(vector @ vector))
        return ids, vector / norm if norm else vector

    def _nearest(self, ids: Integers, vector: Floats) -> float:
        """The cosine to the nearest training utterance."""
        if not len(ids):
            return 0.0
        starts, ends = self.weights.starts[ids], self.weights.starts[ids + 1]
        spans = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
        rows = np.concatenate([self.weights.rows[span] for span in spans])
        values = np.concatenate([self.weights.values[span] for span in spans])
        shares = values * np.repeat(vector, ends - starts)
        return float(np.bincount(rows, shares, self._utterances).max())
