from __future__ import annotations

import math

import pytest

from engine.speech.language.counting import estimated
from engine.speech.language.mixing import mixed
from engine.speech.language.ngrams import BEGIN, END, NGrams
from engine.speech.language.perplexity import foreseen
from engine.speech.language.pruning import graph_bytes, pruned, smaller
from engine.speech.language.restricting import restricted
from engine.speech.language.segment import Segmenter

WORDS = ["办", "值机", "直击", "去", "北京", "上海"]
OURS = [
    (("办", "值机"), 3.0),
    (("去", "北京"), 1.0),
    (("去", "上海"), 1.0),
    (("办", "去", "北京", "值机"), 0.5),
]
OTHERS = [(("直击", "北京"), 4.0), (("去", "直击"), 1.0), (("上海", "直击"), 2.0)]


def masses(model: NGrams) -> list[float]:
    words = model.vocabulary - {BEGIN}
    histories = {words[:-1] for table in model.orders for words in table}
    return [sum(10 ** model.log10(history, word) for word in words) for history in histories]


def test_a_model_of_counts_shares_out_the_whole_probability() -> None:
    assert masses(estimated(OURS, WORDS)) == pytest.approx([1] * 14, abs=1e-4)


def test_witten_bell_is_computed_as_by_hand() -> None:
    model = estimated([(("去",), 1.0), (("去", "去"), 1.0)], ["去"], order=2)
    # 5 tokens of 2 kinds: c(去) 3, c(end) 2, each given half of what the 2 kinds leave.
    unigram = (3 + 2 / 2) / (5 + 2)
    assert 10 ** model.log10((), "去") == pytest.approx(unigram)
    # After 去 stood 去 once and the end twice.
    assert 10 ** model.log10(("去",), "去") == pytest.approx((1 + 2 * unigram) / (3 + 2))


def test_words_that_nobody_said_can_still_be_heard() -> None:
    assert estimated(OURS, WORDS).log10((BEGIN,), "直击") > -3


def test_a_mixture_lies_between_its_parts() -> None:
    one, other = estimated(OURS, WORDS), estimated(OTHERS, WORDS)
    both = mixed(one, other, 0.4)
    for history, word in (((BEGIN,), "办"), ((BEGIN, "办"), "值机"), (("去",), "直击")):
        by_hand = 0.4 * 10 ** one.log10(history, word) + 0.6 * 10 ** other.log10(history, word)
        assert 10 ** both.log10(history, word) == pytest.approx(by_hand, rel=1e-6)
    assert masses(both) == pytest.approx([1] * len(masses(both)), abs=1e-4)


def test_our_own_words_beat_those_of_the_same_sound() -> None:
    both = mixed(estimated(OURS, WORDS), estimated(OTHERS, WORDS), 0.4)
    assert both.log10(("办",), "值机") > both.log10(("办",), "直击")


def test_a_model_of_fewer_words_keeps_their_proportions() -> None:
    model = estimated(OTHERS, WORDS)
    small = restricted(model, {"直击", "北京", "上海"})
    assert small.vocabulary == {"直击", "北京", "上海", BEGIN, END}
    assert masses(small) == pytest.approx([1] * len(masses(small)), abs=1e-4)
    for history in ((), ("直击",), (BEGIN, "直击")):
        before = model.log10(history, "北京") - model.log10(history, END)
        assert small.log10(history, "北京") - small.log10(history, END) == pytest.approx(before)


def test_pruning_leaves_out_what_matters_least() -> None:
    model = estimated(OURS, WORDS)
    less = pruned(model, 0.02)
    assert sum(map(len, less.orders)) < sum(map(len, model.orders))
    assert less.orders[0].keys() == model.orders[0].keys()
    assert masses(less) == pytest.approx([1] * len(masses(less)), abs=1e-4)
    assert less.sentence(("办", "值机")) == pytest.approx(model.sentence(("办", "值机")), abs=0.3)


def test_pruning_keeps_the_history_of_what_it_keeps() -> None:
    less = pruned(estimated(OURS, WORDS), 0.01)
    for order in range(1, len(less.orders)):
        assert {words[:-1] for words in less.orders[order]} <= less.orders[order - 1].keys()


def test_a_model_is_pruned_to_the_size_asked_for() -> None:
    model = estimated(OURS, WORDS)
    small, threshold = smaller(model, graph_bytes(model) - 100)
    assert graph_bytes(small) <= graph_bytes(model) - 100
    assert threshold > 0


def test_text_is_cut_into_the_likeliest_words() -> None:
    segmenter = Segmenter({"办": 2, "值机": 3, "值": 2, "机": 2, "去": 1, "北京": 3})
    assert segmenter.words("办值机 去北京") == ("办", "值机", "去", "北京")
    assert segmenter.words("办延误") is None
    assert segmenter.words("") == ()


def test_words_without_a_count_are_rarer_than_those_with_one() -> None:
    segmenter = Segmenter.of(["直击", "直", "击"], estimated(OTHERS, WORDS))
    assert segmenter.words("直击") == ("直击",)


def test_perplexity_counts_words_and_ends() -> None:
    model = NGrams([{(BEGIN,): (-99.0, 0.0), (END,): (-1.0, 0.0), ("办",): (-1.0, 0.0)}])
    found = foreseen(model, Segmenter.of(["办"]), ["办办办", "飞"])
    assert (found.sentences, found.unwritable, found.tokens) == (1, 1, 4)
    assert found.by_word == pytest.approx(10)
    assert math.isclose(found.by_character, 10)
