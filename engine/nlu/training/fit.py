"""Fitting the linear classifier and its calibration with scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from engine.nlu.classifier import Calibration, Classifier, Weights
from engine.nlu.training.metrics import Scored
from engine.nlu.training.vectors import Vectorizer

#: Inverse strength of regularisation; flat between 0.5 and 4 on our phrases.
STRENGTH = 1.0

#: The temperatures tried; one in between changes the expected error by less than .001.
TEMPERATURES = np.geomspace(0.02, 5, 120)


def classifier(
    utterances: Sequence[Sequence[str]],
    intents: Sequence[str],
    *,
    seed: int,
    calibration: Calibration | None = None,
) -> Classifier:
    """A classifier of these utterances, given as features."""
    vectorizer = Vectorizer(utterances)
    vectors = vectorizer(utterances)
    labels = sorted(set(intents))
    coefficients, bias = _linear(vectors, intents, labels, seed=seed)
    columns = vectors.tocsc()
    columns.sort_indices()
    weights = Weights(
        idf=vectorizer.idf.astype(np.float32),
        coefficients=np.ascontiguousarray(coefficients.T, dtype=np.float32),
        bias=bias.astype(np.float32),
        starts=columns.indptr.astype(np.int32),
        rows=columns.indices.astype(np.int32),
        values=columns.data.astype(np.float32),
    )
    return Classifier(labels, vectorizer.vocabulary, weights, calibration or Calibration())


def _linear(vectors: Any, intents: Sequence[str], labels: list[str], *, seed: int) -> Any:
    """One row of coefficients and one bias for each label."""
    if len(labels) == 1:
        return np.zeros((1, vectors.shape[1])), np.zeros(1)
    found = LinearSVC(C=STRENGTH, random_state=seed).fit(vectors, intents)
    if len(labels) == 2:
        return np.vstack([-found.coef_, found.coef_]), np.hstack([-found.intercept_] * 2) * [1, -1]
    return found.coef_, found.intercept_


def calibrate(inside: Scored, outside: Scored | None) -> Calibration:
    """Temperature and rejection from scores of utterances that the scoring model had not seen.

    With no examples of what is outside, the 2 % of phrases with the least evidence are given up.
    """
    temperature = _temperature(inside)
    if outside is None or not len(outside.evidence):
        threshold = float(np.quantile(inside.evidence, 0.02))
        return Calibration(temperature, slope=4.0, offset=-4.0 * threshold, threshold=threshold)
    evidence = np.hstack([inside.evidence, outside.evidence])[:, None]
    truth = np.hstack([np.ones(len(inside.evidence)), np.zeros(len(outside.evidence))])
    odds = LogisticRegression(class_weight="balanced").fit(evidence, truth)
    slope, offset = float(odds.coef_[0, 0]), float(odds.intercept_[0])
    return Calibration(temperature, slope, offset, threshold=-offset / slope)


def _temperature(scored: Scored) -> float:
    """The temperature under which the right intents were most probable."""

    def loss(temperature: float) -> float:
        heated = scored.scores / temperature
        heated -= heated.max(axis=1, keepdims=True)
        right = heated[np.arange(len(heated)), scored.truth]
        return float((np.log(np.exp(heated).sum(axis=1)) - right).mean())

    return float(min(TEMPERATURES, key=loss))


def with_calibration(fitted: Classifier, calibration: Calibration) -> Classifier:
    """The same classifier under another calibration."""
    return Classifier(fitted.labels, fitted.vocabulary, fitted.weights, calibration)
