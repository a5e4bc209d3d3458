"""Features stand for the shape of a phrase, whatever values it names."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.nlu.features import APART, Features, Settings, masked, pairs, runs, sound_of
from engine.nlu.parse import Entity
from engine.nlu.recognizer import Recognizer


def entity(kind: str, start: int, end: int, *, strict: bool = True) -> Entity:
    return Entity(kind, "v", "t", start, end, strict)


def test_entities_become_their_types() -> None:
    assert masked("充50元给它", [entity("money", 1, 4)]) == ["充", "<money>", "给它"]


def test_of_overlapping_entities_the_longest_counts() -> None:
    both = [entity("airline", 0, 2), entity("flight_no", 0, 6)]
    assert masked("国航1234", both) == ["<flight_no>"]


def test_loose_entities_stay_as_they_are_written() -> None:
    assert masked("第二个", [entity("ordinal", 0, 3, strict=False)]) == ["第二个"]


def test_runs_are_neighbours() -> None:
    features = Features(Settings(), list)
    assert [runs(gram) for gram in features.grams(["a", "<b>", "c"])] == [
        ["a"],
        ["a<b>", "<b>"],
        ["<b>c", "c"],
        ["^a"],
        ["c$"],
    ]


@pytest.mark.parametrize(("symbol", "sound"), [("值", "zhi "), ("<phone>", "<phone>"), ("a", "a")])
def test_a_character_sounds_like_its_syllable(symbol: str, sound: str) -> None:
    assert sound_of(symbol) == sound


def test_two_phrases_that_differ_in_values_only_are_the_same(
    recognizer: Recognizer, now: datetime
) -> None:
    features = recognizer.features(Settings())
    one, other = "给13812345678充50元，明天用", "给 13900001111 充一百块 后天用！"
    assert features(one, recognizer.entities(one, now=now)) == features(
        other, recognizer.entities(other, now=now)
    )


def test_slips_of_the_ear_share_their_sound() -> None:
    features = Features(Settings(words=False, marks=False, longest=1), str.split)
    assert set(features("值机")) & set(features("直击")) == {"p:zhi ", "p:ji "}


def test_punctuation_alone_still_says_something() -> None:
    assert "?" in Features(Settings(), list)("？")


def test_without_masks_the_text_is_taken_as_it_is() -> None:
    features = Features(Settings(masks=False, sounds=False, words=False, marks=False), list)
    assert features("充50", [entity("money", 1, 3)]) == ["充", "充5", "5", "50", "0"]


def test_two_words_make_the_same_pair_whichever_comes_first() -> None:
    assert list(pairs(["查", "航班"])) == list(pairs(["航班", "查"]))


def test_words_far_apart_are_no_pair() -> None:
    words = [str(number) for number in range(1_000)]
    assert len(list(pairs(words))) < APART * len(words)
    assert "&:0 6" not in set(pairs(words))


def test_a_value_is_half_of_a_pair_as_its_type(recognizer: Recognizer, now: datetime) -> None:
    features = recognizer.features(Settings())
    assert "&:<phone> 给" in features(
        "给13812345678", recognizer.entities("给13812345678", now=now)
    )
