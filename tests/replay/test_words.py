"""How transcripts compare texts and values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.replay.words import distance, fits, is_said


@pytest.mark.parametrize(
    ("pattern", "text", "said"),
    [
        ("元", "充 50 元", True),
        ("角", "充 50 元", False),
        ("=充 50 元", "充 50 元", True),
        ("=充", "充 50 元", False),
        ("/^充 \\d+/", "充 50 元", True),
        ("/^\\d/", "充 50 元", False),
        ("not:角", "充 50 元", True),
        ("not:元", "充 50 元", False),
        ("not:/\\d{3}/", "充 50 元", True),
        ("/", "a/b", True),
    ],
)
def test_a_pattern_is_a_part_a_whole_a_regex_or_an_absence(
    pattern: str, text: str, said: bool
) -> None:
    assert is_said(pattern, text) is said


@pytest.mark.parametrize(
    ("wanted", "came", "fit"),
    [
        ({"a": 1}, {"a": "1", "b": "2"}, True),
        ({"a": 1, "c": 3}, {"a": "1"}, False),
        ({"a": "none"}, {}, True),
        ({"a": "none"}, {"a": None}, True),
        ({"a": "none"}, {"a": "x"}, False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ([1, 2], [1], False),
        ([], [], True),
        (date(2026, 11, 24), "2026-11-24", True),
        (30.5, "30.5", True),
        ("/^12/", "12A", True),
        ("/^12/", "A12", False),
        ("12", "12A", False),
        ({"a": 1}, "a", False),
        (True, True, True),
        (True, "True", False),
    ],
)
def test_a_value_fits_by_the_keys_that_are_wanted(wanted: Any, came: Any, fit: bool) -> None:
    assert fits(wanted, came) is fit


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("充五十", "充五十", 0),
        ("", "充", 1),
        ("充五十", "", 3),
        ("充五十", "冲五十", 1),
        ("充五十", "充十", 1),
        ("充十", "充五十块", 2),
        ("一二三", "二三一", 2),
    ],
)
def test_two_texts_are_as_far_apart_as_the_characters_that_have_to_change(
    one: str, other: str, apart: int
) -> None:
    assert distance(one, other) == distance(other, one) == apart
