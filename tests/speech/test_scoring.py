"""Counting errors."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.speech.scoring import Errors, distance

TEXT = st.text("ab", max_size=8)


def test_one_more_one_less_and_another_one_are_an_error_each() -> None:
    assert distance("abc", "abc") == 0
    assert distance("abxc", "abc") == 1
    assert distance("ac", "abc") == 1
    assert distance("axc", "abc") == 1


@given(TEXT, TEXT, TEXT)
def test_the_distance_is_a_metric(one: str, other: str, third: str) -> None:
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) == distance(other, one)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


def test_rates_are_of_what_was_said_in_each_group_and_in_all() -> None:
    errors = Errors()
    errors.add("phone", 1, 4)
    errors.add("phone", 0, 4)
    errors.add("studio", 2, 2)
    assert errors.rates() == {"phone": 0.125, "studio": 1.0}
    assert errors.rate == 0.3


def test_nothing_said_is_no_error() -> None:
    assert Errors().rate == 0.0
