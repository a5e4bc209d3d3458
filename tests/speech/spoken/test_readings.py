from __future__ import annotations

import string

import pytest

from engine.speech.errors import Unspeakable
from engine.speech.spoken import tables
from engine.speech.spoken.readings import readings, syllables, weighted
from engine.speech.units import spell


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("谁", ["shei", "shui"]),
        ("行", ["xing", "hang"]),
        ("长", ["zhang", "chang"]),
        ("重庆", ["chong qing"]),
        ("值机", ["zhi ji"]),
        ("银行", ["yin hang"]),
        ("女儿", ["nv er"]),
        ("六安", ["lu an", "liu an"]),
        ("嗯", ["en"]),
    ],
)
def test_a_word_has_the_readings_that_people_use(word: str, said: list[str]) -> None:
    assert [" ".join(reading) for reading in readings(word)] == said


def test_every_syllable_of_every_table_can_be_heard() -> None:
    for table in (tables.letters(), tables.variants(), tables.words()):
        for listed in table.values():
            assert all(spell(reading) for reading in listed)
    for shares in tables.shares().values():
        assert spell(shares)


def test_every_letter_is_said() -> None:
    assert set(tables.letters()) == set(string.ascii_uppercase)


def test_the_end_of_a_word_in_er_may_be_swallowed() -> None:
    assert {("yi", "hui", "er"), ("yi", "hui")} <= set(readings("一会儿"))


def test_the_shares_of_a_words_readings_make_one() -> None:
    for word in ("行", "这个", "谁", "C座"):
        assert sum(weighted(word).values()) == pytest.approx(1)


def test_a_character_in_a_word_sounds_as_the_word_says() -> None:
    assert syllables("银行行不行") == ("yin", "hang", "xing", "bu", "xing")


def test_numbers_and_letters_have_syllables() -> None:
    assert syllables("12A") == ("shi", "er", "ei")


def test_interjections_get_a_syllable_that_can_be_heard() -> None:
    assert syllables("嗯，好") == ("en", "hao")


def test_punctuation_is_not_said() -> None:
    assert syllables("你好！") == ("ni", "hao")


@pytest.mark.parametrize("text", ["дом", "안녕"])
def test_another_script_cannot_be_said(text: str) -> None:
    with pytest.raises(Unspeakable):
        syllables(text)
