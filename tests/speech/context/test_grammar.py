"""What is expected, as the phrases of a run-time grammar."""

from __future__ import annotations

from engine.speech.context.grammar import Grammars
from engine.speech.context.vocabulary import Vocabulary
from engine.speech.expected import Expected

CHARACTERS = Vocabulary(lambda word: len(word) == 1)


def grammar(*kinds: str, phrases: tuple[str, ...] = ()) -> tuple[str, ...]:
    return Grammars(CHARACTERS).of(Expected(frozenset(kinds), phrases))


def test_nothing_expected_is_no_grammar() -> None:
    assert grammar() == ()


def test_kinds_that_nothing_is_known_about_are_no_grammar() -> None:
    assert grammar("colour") == ()


def test_a_kind_comes_with_what_is_said_at_any_moment() -> None:
    assert {"靠 窗", "取 消", "转 人 工"} <= set(grammar("seat_preference"))


def test_a_seat_comes_with_preferences() -> None:
    assert {"十 二 排 A", "靠 过 道"} <= set(grammar("seat"))


def test_digits_are_words_of_their_own_though_the_model_joins_some() -> None:
    words = Vocabulary.of({*"零一二三四五六七八九幺两洞拐勾", "三八", "零零"})
    told = Grammars(words).of(Expected(frozenset({"phone"})))
    joined = [phrase for phrase in told if {"三八", "零零"} & set(phrase.split())]
    assert "幺 三 零 零 一 零 二 零 三 零 四" in told
    assert [phrase for phrase in joined if len(phrase.split()) > 2] == []


def test_phrases_of_the_moment_count_more_than_those_of_a_kind() -> None:
    told = grammar("person", phrases=("欧阳娜",))
    assert told.count("欧 阳 娜") > told.count("我 叫") > 0


def test_a_label_is_said_in_its_parts_and_its_numbers_in_all_ways() -> None:
    told = grammar(phrases=("CA1234 北京→上海",))
    assert {"C A 幺 二 三 四", "国 航 幺 二 三 四", "北 京", "上 海"} <= set(told)


def test_what_cannot_be_said_in_the_models_words_is_left_out() -> None:
    told = Grammars(Vocabulary.of({"是", "的"})).of(Expected(frozenset({"yes_no"}), ("张三",)))
    assert set(told) == {"是", "是 的"}
