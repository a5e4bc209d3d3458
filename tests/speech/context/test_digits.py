"""Strings of digits in which everything may follow everything."""

from __future__ import annotations

from itertools import pairwise, product

from engine.speech.context.digits import every_pair, strings

DIGITS = "零一二三四五六七八九幺"


def test_each_pair_of_neighbours_occurs_once() -> None:
    circle = every_pair(DIGITS)
    assert sorted(pairwise(circle + circle[0])) == sorted(product(DIGITS, repeat=2))


def test_strings_begin_as_told_have_the_length_told_and_lose_no_pair() -> None:
    made = list(strings(DIGITS, length=11, starts=["幺三", "一八"]))
    assert [string[:2] for string in made[:3]] == ["幺三", "一八", "幺三"]
    assert {len(string) for string in made[:-1]} == {11}
    assert {pair for string in made for pair in pairwise(string)} == set(product(DIGITS, repeat=2))


def test_one_symbol_is_said_twice_at_most() -> None:
    assert list(strings("八", length=4)) == ["八八"]
