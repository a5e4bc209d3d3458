"""Scores of the intents, straight from arrays: no learning library is needed to serve."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nlu.features import PAIR, is_run
from engine.nlu.network import Network, mixed
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Rejection, Signals

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


#: The background's score says no more beyond this, to either side.
FAR = 2.0

#: Probabilities are taken to be at least this far from 0 and 1, for log-odds to be finite.
SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found; F features, L labels, N training utterances.

    Feature f occurs in the training utterances ``rows[starts[f]:starts[f + 1]]``. Only runs of
    symbols are noted so, and not the commonest, for they tell no utterance from another.
    ``lengths`` are those of the utterances as vectors of the idf of all their runs. ``foreign`` is
    the first of the utterances that are out of scope; they come last.
    """

    idf: Floats  # F
    coefficients: Floats  # F x L
    bias: Floats  # L
    starts: Integers  # F + 1
    rows: Integers
    lengths: Floats  # N
    foreign: Integers  # a single number


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of one utterance, one an intent, and the signals for and against all of them.

    ``logits`` are the scores of the network, where there is one.
    """

    scores: Floats
    signals: Signals
    logits: Floats | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the best of an utterance's probabilities is to be believed (Platt 1999).

    Its log-odds become ``slope`` times themselves plus ``offset``; the others share the rest as
    they did. No other ever becomes the best.
    """

    slope: float = 1.0
    offset: float = 0.0

    def best(self, probability: float) -> float:
        """What the best probability becomes."""
        bounded = min(max(probability, SURE), 1 - SURE)
        odds = math.log(bounded / (1 - bounded))
        return 1 / (1 + math.exp(-(self.slope * odds + self.offset)))

    def __call__(self, probabilities: Floats) -> Floats:
        """The probabilities of one utterance, trusted so far; they still sum to 1."""
        index = int(probabilities.argmax())
        found, rest = float(probabilities[index]), 1 - float(probabilities[index])
        if (self.slope, self.offset) == (1, 0) or rest <= SURE:
            return probabilities
        second = float(np.partition(probabilities, -2)[-2]) / rest
        best = max(self.best(found), second / (1 + second))
        trusted = probabilities * np.float32((1 - best) / rest)
        trusted[index] = best
        return trusted


class Classifier:
    """A linear classifier over weighted features, with the nearest training utterances beside it.

    ``labels`` are the intents; when there were examples of it, ``out_of_scope`` comes last. It is a
    background that the intents must beat, and never among the scores.
    """

    def __init__(
        self,
        labels: list[str],
        vocabulary: dict[str, int],
        weights: Weights,
        *,
        temperature: float = 1.0,
        trust: Trust | None = None,
        rejection: Rejection | None = None,
        network: Network | None = None,
    ) -> None:
        self.labels = labels
        self.vocabulary = vocabulary
        self.weights = weights
        self.temperature = temperature
        self.trust = trust or Trust()
        self.rejection = rejection or Rejection()
        self.network = network
        self.intents = [label for label in labels if label != OUT_OF_SCOPE]
        self._foreign = int(weights.foreign)
        self._rarest = float(weights.idf.max(initial=1))
        # The types that sums are counted in: turning them for each utterance takes longer.
        self._rows = weights.rows.astype(np.intp)
        self._squares = squares(vocabulary, weights.idf)
        # What each occurrence of a feature adds to the likeness of its utterance.
        added = np.repeat(self._squares, np.diff(weights.starts))
        self._added = added / np.maximum(weights.lengths.astype(np.float64), SURE)[self._rows]

    def judge(self, features: Iterable[str]) -> Judgement:
        """The evidence for every intent in an utterance with these features."""
        ids, vector, seen = self._vector(features)
        found = vector @ self.weights.coefficients[ids] + self.weights.bias
        scores = found[: len(self.intents)]
        rivals = np.sort(found)
        best = float(scores.max())
        # Behind the background the lead is negative: the intent does not win at all.
        rival = rivals[-2] if best >= rivals[-1] else rivals[-1]
        nearest, foreign = self._nearest(ids)
        background = float(found[-1]) if len(found) > len(scores) else 0.0
        background = min(max(background, -FAR), FAR)
        lead = best - float(rival)
        signals = Signals(lead, nearest, foreign, seen, best, background)
        return Judgement(scores, signals, self.network(ids, vector) if self.network else None)

    def probabilities(self, judgement: Judgement) -> Floats:
        """The calibrated probabilities of the intents, given that it is one of them."""
        scores = judgement.scores
        if self.network and judgement.logits is not None:
            scores = mixed(scores, judgement.logits, self.network.heats)
        heated = scores / self.temperature
        exponentials = np.exp(heated - heated.max())
        return self.trust(np.asarray(exponentials / exponentials.sum(), dtype=np.float32))

    def _vector(self, features: Iterable[str]) -> tuple[Integers, Floats, float]:
        """The unit vector of the known features, and what share of the whole length they make."""
        vocabulary = self.vocabulary
        names = list(features)
        known = Counter(map(vocabulary.get, names))
        if known.pop(None, 0):
            # A pair that is new says nothing: most pairs are.
            new = [name for name in names if name not in vocabulary]
            strange = sum(not name.startswith(PAIR) for name in new)
        else:
            strange = 0
        ids = np.fromiter(known, dtype=np.int32, count=len(known))
        counts = np.fromiter(known.values(), dtype=np.float32, count=len(known))
        vector = (1 + np.log(counts)) * self.weights.idf[ids]
        square = float(vector @ vector)
        # A feature never seen tells as much as the rarest that was.
        whole = math.sqrt(square + strange * self._rarest**2)
        length = math.sqrt(square)
        return ids, vector / (length or 1.0), length / (whole or 1.0)

    def _nearest(self, ids: Integers) -> tuple[float, float]:
        """How like the nearest training utterances in scope and out of it are, by their runs."""
        length = math.sqrt(float(self._squares[ids].sum()))
        starts, ends = self.weights.starts[ids], self.weights.starts[ids + 1]
        spans = [slice(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if a < b]
        if not spans:
            return 0.0, 0.0
        rows = np.concatenate([self._rows[span] for span in spans])
        added = np.concatenate([self._added[span] for span in spans])
        cosines = np.bincount(rows, added, len(self.weights.lengths))
        inside, outside = cosines[: self._foreign], cosines[self._foreign :]
        return float(inside.max(initial=0)) / length, float(outside.max(initial=0)) / length


def squares(vocabulary: Iterable[str], idf: Floats) -> NDArray[np.float64]:
    """The squared idf of the features that likeness is about: runs of symbols; 0 of others."""
    runs = np.fromiter(map(is_run, vocabulary), dtype=bool)
    return np.where(runs, idf.astype(np.float64) ** 2, 0.0)
