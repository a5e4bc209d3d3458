"""The best probability is believed as far as cross-validation showed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.trust import Trust


def test_trust_moves_the_best_and_the_others_share_the_rest() -> None:
    assert Trust(slope=0.5, offset=0.0)([0.9, 0.06, 0.04]) == pytest.approx([0.75, 0.15, 0.1])
    assert Trust()([0.9, 0.1]) == [0.9, 0.1]


@given(
    st.lists(st.floats(0.001, 1), min_size=2, max_size=8),
    st.floats(0.1, 3),
    st.floats(-4, 4),
)
def test_trust_never_makes_another_the_best(
    shares: list[float], slope: float, offset: float
) -> None:
    probabilities = [share / sum(shares) for share in sorted(shares, reverse=True)]
    trusted = Trust(slope, offset)(probabilities)
    assert sum(trusted) == pytest.approx(1, abs=1e-4)
    assert trusted[0] >= max(trusted) - 1e-4
