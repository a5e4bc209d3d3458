"""The network's arithmetic, and how its scores are mixed with those of the linear classifier."""

from __future__ import annotations

import numpy as np
import pytest

from engine.nlu.network import Network, is_seen, mixed


@pytest.fixture
def network() -> Network:
    """Two units: one opened by the first feature it sees, one closed by the second."""
    return Network(
        rows=np.array([0, -1, 1], np.int32),
        inner=np.array([[1, 0], [0, -1]], np.float16),
        offset=np.array([0, 0.5], np.float32),
        outer=np.array([[2, 0], [0, 4]], np.float32),
        bias=np.array([0, 1], np.float32),
        heats=np.ones(2, np.float32),
    )


def test_a_unit_is_open_or_silent(network: Network) -> None:
    vector = np.array([3, 4], np.float32)
    found = network(np.array([0, 2], np.int32), vector)
    # Of unit length the features are .6 and .8: the second unit is at .5 − .8, and silent.
    assert found == pytest.approx([2 * 0.6, 1])


def test_what_the_network_does_not_see_changes_nothing(network: Network) -> None:
    alone = network(np.array([0], np.int32), np.array([0.1], np.float32))
    beside = network(np.array([0, 1], np.int32), np.array([0.1, 9], np.float32))
    assert alone.tolist() == beside.tolist()
    nothing = network(np.array([1], np.int32), np.array([1], np.float32))
    assert nothing == pytest.approx([0, 1 + 4 * 0.5])


def test_the_network_looks_at_characters_and_words_only() -> None:
    assert [is_seen(name) for name in ("充", "^充", "w:充值", "p:chong ", "&:充 话费")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_mixing_is_the_mean_of_the_probabilities_under_both_temperatures() -> None:
    scores, logits = np.log([0.9, 0.1]), np.log([0.2, 0.8])
    assert np.exp(mixed(scores, logits, np.ones(2))) == pytest.approx([0.55, 0.45])
    rows = mixed(np.stack([scores, logits]), np.stack([logits, scores]), np.ones(2))
    assert rows[0] == pytest.approx(rows[1])
    cooler = np.exp(mixed(2 * scores, logits, np.array([2, 1])))
    assert cooler == pytest.approx([0.55, 0.45])


def test_an_intent_that_neither_can_guess_has_a_finite_score() -> None:
    hopeless = np.array([0.0, -1e6])
    assert np.isfinite(mixed(hopeless, hopeless, np.ones(2))).all()
