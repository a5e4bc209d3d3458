"""The direct scorer says what plain arithmetic says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.nlu.classifier import FAR, Classifier, Judgement, Weights
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Rejection, Signals


def weights(foreign: int = 2) -> Weights:
    """Three features; the training utterances are the unit vectors of a, of b, and of c."""
    return Weights(
        idf=np.array([1, 2, 1], np.float32),
        coefficients=np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32),
        bias=np.array([0, 0.5, -0.5], np.float32),
        starts=np.array([0, 1, 2, 3], np.int32),
        rows=np.array([0, 1, 2], np.int32),
        lengths=np.array([1, 2, 1], np.float32),
        foreign=np.array(foreign, np.int32),
    )


def classifier() -> Classifier:
    return Classifier(["x", "y", OUT_OF_SCOPE], {"a": 0, "b": 1, "c": 2}, weights())


def nearest_of(judged: Judgement) -> tuple[float, float]:
    return judged.signals.likeness.nearest, judged.signals.likeness.foreign


def test_scores_are_weights_times_the_unit_vector_plus_bias() -> None:
    judged = classifier().judge(["a", "a", "b", "unknown"])
    a, b = 1 + math.log(2), 2.0
    norm = math.hypot(a, b)
    assert judged.scores == pytest.approx([a / norm, b / norm + 0.5])
    # How often a run occurs makes no difference to likeness.
    assert judged.signals.likeness.nearest == pytest.approx(2 / math.sqrt(1 + 4))
    assert judged.signals.lead == pytest.approx(b / norm + 0.5 - a / norm)
    assert judged.signals.likeness.foreign == 0
    assert judged.signals.best == pytest.approx(b / norm + 0.5)


def test_what_training_never_saw_makes_an_utterance_less_known() -> None:
    model = classifier()
    assert model.judge(["a", "c"]).signals.known == pytest.approx(1)
    # An unknown feature weighs as much as the rarest one, whose idf is 2.
    assert model.judge(["a", "new"]).signals.known == pytest.approx(1 / math.sqrt(1 + 4))
    assert model.judge(["new"]).signals.known == 0
    assert model.judge([]).signals.known == 0


def test_a_pair_of_words_that_is_new_does_not_make_an_utterance_less_known() -> None:
    assert classifier().judge(["a", "&:b c"]).signals.known == pytest.approx(1)


def test_the_background_is_a_rival_but_no_intent() -> None:
    judged = classifier().judge(["c"])
    assert len(judged.scores) == 2
    assert judged.signals.lead == pytest.approx(0.5 - 0.5)
    assert nearest_of(judged) == pytest.approx((0, 1))
    assert judged.signals.background == pytest.approx(0.5)


def test_behind_the_background_the_lead_is_negative() -> None:
    strong = weights()
    strong.bias[2] = 4
    judged = Classifier(["x", "y", OUT_OF_SCOPE], {"a": 0, "b": 1, "c": 2}, strong).judge(["c"])
    assert judged.signals.lead == pytest.approx(0.5 - 5)
    assert judged.signals.background == FAR


def test_an_utterance_of_unknown_features_has_the_scores_of_the_bias() -> None:
    judged = classifier().judge(["unknown"])
    assert judged.scores == pytest.approx([0, 0.5])
    assert nearest_of(judged) == (0, 0)


def test_probabilities_sum_to_one_and_follow_the_temperature() -> None:
    cold = Classifier(["x", "y"], {"a": 0}, weights(3), temperature=0.1)
    warm = Classifier(["x", "y"], {"a": 0}, weights(3), temperature=10)
    of_cold, of_warm = (model.ranking(model.judge([]), 2) for model in (cold, warm))
    for ranking in (of_cold, of_warm):
        assert [number for number, _ in ranking] == [1, 0]
        assert sum(probability for _, probability in ranking) == pytest.approx(1)
    assert of_cold[0][1] > of_warm[0][1]


def test_a_ranking_names_as_many_as_are_asked_for() -> None:
    model = classifier()
    assert len(model.ranking(model.judge(["a"]), 1)) == 1
    assert len(model.ranking(model.judge(["a"]), 5)) == 2


def test_evidence_is_a_probability_with_a_threshold() -> None:
    rejection = Rejection(lead=1, nearest=2, foreign=-3, offset=-1, threshold=0)
    assert rejection.evidence(Signals(1, 0.5, 0)) == pytest.approx(1)
    assert Rejection(lead=0, nearest=0, best=2).evidence(Signals(1, 1, 1, 1, 3)) == 6
    assert Rejection(lead=0, nearest=0, background=-2).evidence(Signals(1, 1, 1, 1, 1, 1.5)) == -3
    assert rejection.in_scope(Signals(1, 0, 0)) == pytest.approx(0.5)
    assert rejection.refuses(Signals(1, 0.5, 0.5))
    assert not rejection.refuses(Signals(1, 0.5, 0.3))
