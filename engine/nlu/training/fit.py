"""Fitting the linear classifier and its calibration with scikit-learn."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from engine.nlu.classifier import Classifier, Weights
from engine.nlu.features import is_run
from engine.nlu.likeness import squares
from engine.nlu.network import Network
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Rejection
from engine.nlu.training import network
from engine.nlu.training.lesson import STRENGTH, Lesson, linear
from engine.nlu.training.metrics import Array, Scored, softmax, temperature
from engine.nlu.training.vectors import Utterances, Vectorizer
from engine.nlu.trust import SURE, Trust

#: A feature that more utterances have than this tells none of them from another: the search for the
#: nearest one passes over it, which would take most of its time.
COMMON = 1000

#: Phrases that are needed for more than a temperature: fewer say too little about trust.
TRUSTED = 500

#: The share of utterances that are taken to be out of scope, whatever the share in the data.
FOREIGN_SHARE = 0.2

#: How much worse it is to refuse a customer who asks for our business than to misread a stray word.
REFUSAL_COST = 2.0

#: The weights of the signals where there are no examples of what is out of scope.
PLAIN = Rejection(lead=0.0, best=1.0, nearest=4.0, known=6.0, foreign=-1.0, background=-1.25)

#: The signals that are weighed where there are such examples: the background makes up for the best
#: score.
LEARNED = 4

#: Without examples of what is out of scope, this share of the phrases is given up.
GIVEN_UP = 0.0005

#: Where that share is less than one phrase: so many standard deviations below the mean, which is
#: that share of a normal distribution.
TAIL = 3.29

#: The least standard deviation of evidence: a few phrases that are all alike do not tell how much
#: customers' own words will differ.
ALIKE = 1.0


def classifier(
    lesson: Lesson,
    *,
    strength: float = STRENGTH,
    background: Utterances | None = None,
    networked: bool = False,
) -> Classifier:
    """The classifier that a lesson makes; uncalibrated.

    ``background`` are others that are out of scope, where the lesson has none: what they have to
    say changes the score of no intent. ``networked`` adds a network.
    """
    vectorizer, vectors, own = lesson.vectorizer, lesson.vectors, lesson.own
    labels, seed = list(lesson.labels), lesson.seed
    coefficients, bias = lesson.linear(strength)
    beside = (
        network.fit(vectors[:own], lesson.numbers[:own], vectorizer, seed=seed)
        if networked
        else None
    )
    if background:
        count = vectors.shape[0]
        vectors = stacked(vectors, vectorizer(background))
        coefficients, bias = _against(vectors, count, coefficients, bias, seed, strength)
        labels.append(OUT_OF_SCOPE)
    weights = _weights(vectorizer, vectors, coefficients, bias, own)
    return Classifier(labels, vectorizer.vocabulary, weights, network=beside)


def _against(
    vectors: Any, own: int, coefficients: Array, bias: Array, seed: int, strength: float
) -> tuple[Array, Array]:
    """One more row: what tells the ``own`` first of the vectors from those after them."""
    foreign = [int(row >= own) for row in range(vectors.shape[0])]
    rows, offset = linear(vectors, foreign, seed=seed, strength=strength)
    return np.vstack([coefficients, rows[1:]]), np.append(bias, offset[1])


def _weights(
    vectorizer: Vectorizer, vectors: Any, coefficients: Array, bias: Array, own: int
) -> Weights:
    """All as serving needs it; the ``own`` first of the vectors are not out of scope."""
    columns = telling(vectors, vectorizer)
    runs = squares(vectorizer.vocabulary, vectorizer.idf)
    return Weights(
        idf=vectorizer.idf.astype(np.float32),
        coefficients=np.ascontiguousarray(coefficients.T, dtype=np.float32),
        bias=bias.astype(np.float32),
        starts=columns.indptr.astype(np.int32),
        rows=columns.indices.astype(np.int32),
        lengths=np.sqrt((vectors > 0) @ runs).astype(np.float32),
        foreign=np.array(own, dtype=np.int32),
    )


def stacked(above: Any, below: Any) -> Any:
    """Two sets of vectors as one, in CSR form."""
    vectors = sparse.vstack([above, below], format="csr")
    # LinearSVC of scikit-learn 1.9 refuses 64-bit indices.
    vectors.indices = vectors.indices.astype(np.int32)
    vectors.indptr = vectors.indptr.astype(np.int32)
    return vectors


def telling(vectors: Any, vectorizer: Vectorizer) -> Any:
    """The vectors by feature, in CSC form: only runs of symbols that not too many have."""
    columns = vectors.tocsc()
    counts = np.diff(columns.indptr)
    runs = np.fromiter(map(is_run, vectorizer.vocabulary), dtype=bool)
    columns.data[np.repeat((counts > COMMON) | ~runs, counts)] = 0
    columns.eliminate_zeros()
    columns.sort_indices()
    return columns


def calibrated(fitted: Classifier, scored: Scored, heats: Array | None = None) -> Classifier:
    """The classifier with temperature and rejection from cross-validated scores of its phrases.

    ``heats`` are the temperatures by which its network, if it has one, is mixed in; so it is in
    the scores.
    """
    heat = temperature(scored.inside)
    return Classifier(
        fitted.labels,
        fitted.vocabulary,
        fitted.weights,
        temperature=heat,
        trust=trust(scored.inside, heat),
        rejection=rejection(scored),
        network=tempered(fitted.network, heats),
    )


def tempered(beside: Network | None, heats: Array | None) -> Network | None:
    """The network with the temperatures by which it is mixed in; None where one is missing."""
    return None if beside is None or heats is None else replace(beside, heats=heats)


def rejection(scored: Scored) -> Rejection:
    """The weights of the signals, and how much evidence is enough."""
    inside = scored.truth >= 0
    if inside.all():
        return replace(PLAIN, threshold=round(_least(scored.evidence(PLAIN)), 6))
    share = np.where(inside, (1 - FOREIGN_SHARE) / inside.sum(), FOREIGN_SHARE / (~inside).sum())
    odds = LogisticRegression(C=10).fit(
        scored.signals[:, :LEARNED], inside, sample_weight=share * len(inside)
    )
    lead, nearest, foreign, known = (round(float(weight), 6) for weight in odds.coef_[0])
    offset = round(float(odds.intercept_[0]), 6)
    threshold = -round(math.log(REFUSAL_COST), 6)
    return Rejection(lead, nearest, foreign, offset, threshold, known)


def _least(evidence: Array) -> float:
    """How much evidence nearly every phrase has; the least of a few would say too much."""
    least = float(np.quantile(evidence, GIVEN_UP))
    if len(evidence) * GIVEN_UP >= 1:
        return least
    return min(least, float(evidence.mean() - TAIL * max(evidence.std(), ALIKE)))


def trust(scored: Scored, heat: float) -> Trust:
    """How far the best probabilities are to be believed, under this temperature."""
    right = scored.guess == scored.truth
    if len(right) < TRUSTED or right.all():
        return Trust()
    best = np.clip(softmax(scored.scores, heat).max(axis=1), SURE, 1 - SURE)
    found = LogisticRegression(C=100).fit(np.log(best / (1 - best))[:, None], right)
    return Trust(round(float(found.coef_[0, 0]), 6), round(float(found.intercept_[0]), 6))
