"""Scores of the intents, straight from arrays: no learning library is needed to serve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nlu.encoding import NEW, NEW_PAIR
from engine.nlu.features import PAIR
from engine.nlu.likeness import Likeness, Neighbours, squares
from engine.nlu.network import Network, mixed
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Rejection, Sought
from engine.nlu.sums import Table
from engine.nlu.trust import Trust

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


#: The background's score says no more beyond this, to either side.
FAR = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found; F features, L labels, N training utterances.

    Feature f occurs in the training utterances ``rows[starts[f]:starts[f + 1]]``, in order. Only
    runs of symbols are noted so, and not the commonest, for they tell no utterance from another.
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
    signals: Sought
    logits: Floats | None = None


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
        runs = squares(vocabulary, weights.idf)
        self._neighbours = Neighbours(
            runs, weights.starts, weights.rows, weights.lengths, int(weights.foreign)
        )
        self._table = Table(weights.idf, weights.coefficients, runs, self._neighbours.peaks)

    def judge(self, features: Iterable[str]) -> Judgement:
        """The evidence for every intent in an utterance with these features."""
        number = self.vocabulary.get
        return self.judge_encoded(
            [number(name, NEW_PAIR if name.startswith(PAIR) else NEW) for name in features]
        )

    def judge_encoded(self, numbers: Sequence[int]) -> Judgement:
        """The same by the numbers of the features, as an `Encoder` finds them."""
        known = Counter(numbers)
        # A pair that is new says nothing: most pairs are.
        known.pop(NEW_PAIR, 0)
        sums = self._table(known, known.pop(NEW, 0))
        scores = sums.scores + self.weights.bias
        found, own = (sums.familiar + self.weights.bias).tolist(), len(self.intents)
        best = max(found[:own])
        # Behind the background the lead is negative: the intent does not win at all.
        second, first = sorted(found)[-2:]
        lead = best - (second if best >= first else first)
        background = min(max(found[-1], -FAR), FAR) if len(found) > own else 0.0
        likeness = Likeness(self._neighbours, sums.ids, sums.runs, sums.peaks)
        signals = Sought(lead, sums.known, best, background, likeness)
        logits = self.network(sums.ids, self._table.vector(known)) if self.network else None
        return Judgement(scores[:own], signals, logits)

    def ranking(self, judgement: Judgement, count: int) -> list[tuple[int, float]]:
        """The likeliest ``count`` of the intents, each by its number and calibrated probability.

        All of them would sum to 1: it is taken to be one of them.
        """
        scores = judgement.scores
        if self.network and judgement.logits is not None:
            scores = mixed(scores, judgement.logits, self.network.heats)
        heated = scores / np.float32(self.temperature)
        order = np.argsort(-heated)[: max(count, 2)].tolist()
        raised = np.exp(heated - heated[order[0]])
        whole = float(raised.sum())
        trusted = self.trust([value / whole for value in raised[order].tolist()])
        return list(zip(order, trusted, strict=True))[:count]
