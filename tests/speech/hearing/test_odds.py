"""Hypotheses weighed against each other."""

from __future__ import annotations

import math

import pytest

from engine.speech.hearing.engine import Hypothesis, Spoken
from engine.speech.hearing.odds import Opinion, sure_words, weigh


def said(text: str, score: float) -> Hypothesis:
    """Words of a second each."""
    words = enumerate(text.split())
    return Hypothesis(tuple(Spoken(word, at, at + 1.0) for at, word in words), score)


def even(text: str) -> float:
    return 0.0


def opinion(*hypotheses: Hypothesis, prior: float = 0.0, in_context: bool = False) -> Opinion:
    return Opinion(hypotheses, prior, in_context)


def test_chances_follow_from_scores_and_add_up_to_one() -> None:
    heard = weigh([opinion(said("是", -1.0), said("四", -2.0))], sharpness=1.0, leaning=even)
    assert [each.text for each in heard] == ["是", "四"]
    assert heard[0].chance / heard[1].chance == pytest.approx(math.e)
    assert sum(each.chance for each in heard) == pytest.approx(1)


def test_a_text_cut_into_other_words_is_the_same_text() -> None:
    parts = opinion(said("五十 块", -2.0), said("五 十 块", -2.0), said("五 十 快", -1.9))
    heard = weigh([parts], sharpness=1.0, leaning=even)
    assert [each.text for each in heard] == ["五十块", "五十快"]


def test_what_both_decodings_hear_is_the_likeliest() -> None:
    grammar = opinion(said("好", -3.0), said("号", -2.9), in_context=True)
    general = opinion(said("好", -3.0), said("高", -2.9))
    best = weigh([grammar, general], sharpness=1.0, leaning=even)[0]
    assert (best.text, best.in_context) == ("好", True)


def test_an_expected_text_is_in_context_though_the_general_model_likes_it_better() -> None:
    grammar = opinion(said("幺 三", -9.0), prior=math.log(0.7), in_context=True)
    general = opinion(said("幺 三", -5.0), prior=math.log(0.3))
    assert weigh([grammar, general], sharpness=0.5, leaning=even)[0].in_context


def test_sharpness_changes_how_sure_the_order_is_and_not_the_order() -> None:
    told = opinion(said("是", -1.0), said("四", -3.0))
    sure, doubtful = (weigh([told], sharpness=power, leaning=even) for power in (1.0, 0.1))
    assert [each.text for each in sure] == [each.text for each in doubtful] == ["是", "四"]
    assert sure[0].chance > doubtful[0].chance > 0.5


def test_a_digression_that_fits_the_sound_better_beats_the_context() -> None:
    grammar = opinion(said("九 七 八", -60.0), prior=math.log(0.8), in_context=True)
    general = opinion(said("今天 天气", -40.0), prior=math.log(0.2))
    best = weigh([grammar, general], sharpness=0.5, leaning=even)[0]
    assert (best.text, best.in_context) == ("今天天气", False)


def test_the_context_decides_what_the_sound_leaves_open() -> None:
    grammar = opinion(said("四", -10.0), prior=math.log(0.8), in_context=True)
    general = opinion(said("是", -10.0), prior=math.log(0.2))
    best = weigh([grammar, general], sharpness=0.5, leaning=even)[0]
    assert (best.text, best.in_context) == ("四", True)


def test_a_text_that_is_leant_towards_wins_a_close_race_only() -> None:
    def leaning(text: str) -> float:
        return 2.0 if text == "一一" else 0.0

    close = opinion(said("一", -1.0), said("一 一", -2.0))
    clear = opinion(said("一", -1.0), said("一 一", -9.0))
    assert weigh([close], sharpness=1.0, leaning=leaning)[0].text == "一一"
    assert weigh([clear], sharpness=1.0, leaning=leaning)[0].text == "一"


def test_signs_for_noise_are_no_text_and_letters_are_large() -> None:
    heard = weigh([opinion(said("c a [unk] 幺", -1.0))], sharpness=1.0, leaning=even)
    assert heard[0].text == "CA幺"


def test_no_hypotheses_are_no_candidates() -> None:
    assert weigh([opinion()], sharpness=1.0, leaning=even) == []


def test_a_word_that_all_candidates_hold_is_surer_than_one_that_is_in_doubt() -> None:
    heard = weigh(
        [opinion(said("三 八 一", -1.0), said("三 八 七", -1.5))], sharpness=1, leaning=even
    )
    words = sure_words(heard)
    assert [word.text for word in words] == ["三", "八", "一"]
    assert words[0].confidence == pytest.approx(1)
    assert words[2].confidence == pytest.approx(heard[0].chance)


def test_a_word_is_found_again_in_candidates_that_cut_words_otherwise() -> None:
    whole = Hypothesis((Spoken("三八", 0.0, 2.0),), -1.0)
    parts = Hypothesis((Spoken("三", 0.0, 1.0), Spoken("八", 1.0, 2.0), Spoken("一", 2, 3)), -1.2)
    [word] = sure_words(weigh([opinion(whole, parts)], sharpness=1.0, leaning=even))
    assert word.confidence == pytest.approx(1)


def test_the_same_character_elsewhere_is_another_one() -> None:
    first = Hypothesis((Spoken("八", 0.0, 0.3),), -1.0)
    later = Hypothesis((Spoken("八", 2.0, 2.3), Spoken("了", 3.0, 3.3)), -1.0)
    [word] = sure_words(weigh([opinion(first, later)], sharpness=1.0, leaning=even))
    assert word.confidence == pytest.approx(0.5)
