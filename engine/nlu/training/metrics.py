"""Figures that say how good an intent classifier is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nlu.rejection import Rejection, Signals

Array = NDArray[Any]


#: The temperatures tried; one in between changes the expected error by less than .001.
TEMPERATURES = np.geomspace(0.02, 5, 120)
#: Every so many-th is tried first, and then those around the best: errors change slowly.
STRIDE = 8


@dataclass(frozen=True, slots=True)
class Scored:
    """N utterances scored for C intents: scores N x C and signals N x 6.

    ``truth`` is the number of the right intent of each, −1 where none is right. ``logits`` are the
    scores of a network beside.
    """

    scores: Array
    signals: Array
    truth: Array
    logits: Array | None = None

    @property
    def guess(self) -> Array:
        """The number of the best intent of each."""
        return np.asarray(self.scores.argmax(axis=1))

    @property
    def inside(self) -> Scored:
        """Those that have a right intent."""
        return self.of(self.truth >= 0)

    @property
    def outside(self) -> Scored:
        """Those that have none."""
        return self.of(self.truth < 0)

    def evidence(self, rejection: Rejection) -> Array:
        """The log-odds of being in scope of each."""
        return np.array([rejection.evidence(Signals(*row)) for row in self.signals.tolist()])

    def of(self, chosen: Array) -> Scored:
        """Some of them."""
        logits = None if self.logits is None else self.logits[chosen]
        return Scored(self.scores[chosen], self.signals[chosen], self.truth[chosen], logits)


def f1_by_label(truth: Array, guess: Array, count: int) -> list[tuple[float, float, float]]:
    """Precision, recall and F1 of every label; 0 where nothing was found or to be found."""
    found = []
    for label in range(count):
        right = int(((truth == label) & (guess == label)).sum())
        precision = right / max(int((guess == label).sum()), 1)
        recall = right / max(int((truth == label).sum()), 1)
        found.append((precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)))
    return found


def macro_f1(truth: Array, guess: Array) -> float:
    """The mean F1 of the labels that occur."""
    present = sorted(set(truth.tolist()) | set(guess.tolist()))
    figures = f1_by_label(truth, guess, max(present) + 1)
    return float(np.mean([figures[label][2] for label in present]))


def of_guesses(truth: Sequence[str], guess: Sequence[str]) -> dict[str, float]:
    """Accuracy and macro-F1 of guesses beside what is right."""
    names = sorted({*truth, *guess})
    right, guessed = (np.array([names.index(name) for name in side]) for side in (truth, guess))
    return {
        "intent_accuracy": float((right == guessed).mean()),
        "macro_f1": macro_f1(right, guessed),
    }


def expected_calibration_error(confidence: Array, right: Array, *, bins: int = 15) -> float:
    """The mean gap between confidence and accuracy, over bins of equal width (Naeini 2015)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[place == bin_].mean() - right[place == bin_].mean()) * (place == bin_).mean()
        for bin_ in range(bins)
        if (place == bin_).any()
    ]
    return float(sum(gaps))


def auroc(inside: Array, outside: Array) -> float:
    """The chance that an utterance inside has more evidence than one outside; ties count half."""
    order = np.sort(outside)
    below = np.searchsorted(order, inside, "left") + np.searchsorted(order, inside, "right")
    return float(below.mean() / 2 / len(outside))


def false_positive_rate(inside: Array, outside: Array, *, recall: float = 0.95) -> float:
    """The share of the outside that passes when ``recall`` of the inside does."""
    return float((outside >= np.quantile(inside, 1 - recall)).mean())


def confusions(truth: list[str], guess: list[str]) -> list[tuple[str, str, int]]:
    """(right, guessed, how often) for every kind of mistake, the most frequent first."""
    mistakes = Counter((a, b) for a, b in zip(truth, guess, strict=True) if a != b)
    ordered = sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))
    return [(right, guessed, count) for (right, guessed), count in ordered]


def softmax(scores: Array, temperature: float) -> Array:
    """Probabilities of scores, row by row."""
    heated = scores / temperature
    exponentials = np.exp(heated - heated.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def temperature(scored: Scored) -> float:
    """The temperature under which the right intents are most probable."""
    rows = np.arange(len(scored.truth))

    def loss(heat: float) -> float:
        right = softmax(scored.scores, heat)[rows, scored.truth]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    coarse = min(range(0, len(TEMPERATURES), STRIDE), key=lambda at: loss(float(TEMPERATURES[at])))
    near = TEMPERATURES[max(coarse - STRIDE + 1, 0) : coarse + STRIDE]
    return round(float(min(near, key=loss)), 6)
