from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business.demo.money import fen, yuan


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_money_survives_the_way_out_and_back(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0"), (5000, "50"), (4990, "49.9"), (-1235, "-12.35"), (5, "0.05")]
)
def test_yuan_is_the_shortest_text(amount: int, text: str) -> None:
    assert yuan(amount) == text


@pytest.mark.parametrize("text", ["", "fifty", "0.001", "NaN", "Infinity"])
def test_what_is_no_whole_fen_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        fen(text)
