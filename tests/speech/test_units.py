"""Initials and finals, and the way back to syllables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.speech.errors import Unspeakable
from engine.speech.units import FINALS, INITIALS, PHONES, joined, spell, split


@pytest.mark.parametrize(
    ("syllable", "phones"),
    [
        ("guo", ("g", "uo")),
        ("zhuang", ("zh", "uang")),
        ("yuan", ("van",)),
        ("jun", ("j", "vn")),
        ("liu", ("l", "iou")),
        ("lv", ("l", "v")),
        ("zhi", ("zh", "ix")),
        ("si", ("s", "iy")),
        ("er", ("er",)),
        ("bo", ("b", "uo")),
        ("wei", ("uei",)),
    ],
)
def test_the_spelling_rules_of_pinyin_are_undone(syllable: str, phones: tuple[str, ...]) -> None:
    assert split(syllable) == phones


@pytest.mark.parametrize("nothing", ["", "hm", "b", "xyz", "ng", "zhx"])
def test_what_is_no_syllable_is_named(nothing: str) -> None:
    with pytest.raises(Unspeakable) as error:
        split(nothing)
    assert error.value.syllable == nothing


def test_the_blank_comes_first_and_every_phone_once() -> None:
    assert PHONES[0] == "<blank>"
    assert len(set(PHONES)) == len(PHONES) == 1 + len(INITIALS) + len(FINALS) == 61


SYLLABLES = ["guo", "hang", "yi", "er", "san", "jiu", "ling", "yao", "zhuang", "lv", "ou", "yuan"]


@given(st.lists(st.sampled_from(SYLLABLES)))
def test_syllables_come_back_from_their_phones(syllables: list[str]) -> None:
    assert joined(spell(syllables)) == [split(syllable) for syllable in syllables]


def test_an_initial_without_a_final_stands_alone() -> None:
    ids = [PHONES.index(phone) for phone in ("b", "g", "uo", "zh")]
    assert joined(ids) == [("b",), ("g", "uo"), ("zh",)]
