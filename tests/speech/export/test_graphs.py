"""Words, their tree and both graphs, by the paths that they allow and what those cost."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.speech.export import lexicon_graph
from engine.speech.export.grammar_graph import grammar_graph
from engine.speech.export.lexicon_graph import Costs
from engine.speech.export.word_tree import UNKNOWN, Pronunciation, WordTree
from engine.speech.kaldi import openfst
from engine.speech.kaldi.fst import FstBuilder
from engine.speech.language.ngrams import END, NGrams
from tests.speech.export import tiny
from tests.speech.export.search import Search

#: 1 and 2 are units, 0 is the blank.
UNITS = 3
WORDS = [
    Pronunciation("ab", (1, 2)),
    Pronunciation("aa", (1, 1)),
    Pronunciation("b", (2,), 0.5),
    Pronunciation("aba", (1, 2, 1)),
]


def any_words(tree: WordTree) -> Search:
    """The lexicon's graph under a grammar that allows everything for nothing."""
    builder = FstBuilder()
    state = builder.state(0.0)
    for word in tree.ids.values():
        if word != tree.ids[UNKNOWN]:
            builder.arc(state, state, read=word, said=word)
    graph = lexicon_graph.lexicon_graph(tree, UNITS, Costs(inside=0.25))
    return Search(graph, builder.built("input"), UNITS)


def heard(outputs: list[int]) -> tuple[list[str], float] | None:
    """The cheapest words whose units make these outputs of CTC, and their cost."""
    tree = WordTree(WORDS)
    sure = np.full((len(outputs), UNITS), -1e4)
    sure[range(len(outputs)), outputs] = 0.0
    best = any_words(tree).best(sure)
    names = {at: word for word, at in tree.ids.items()}
    return None if best.sounds < -1 else ([names[word] for word in best.words], -best.total)


@pytest.mark.parametrize(
    ("outputs", "words", "cost"),
    [
        ([0, 0], [], 0.0),
        ([1, 2], ["ab"], 0.0),
        ([1, 1, 1, 2, 2], ["ab"], 0.0),
        ([0, 1, 0, 0, 0, 2, 0, 0], ["ab"], 2 * 0.25),
        ([1, 0, 1], ["aa"], 0.0),
        ([2, 2], ["b"], 0.5),
        ([2, 0, 2], ["b", "b"], 1.0),
        ([1, 2, 2, 1], ["aba"], 0.0),
        ([1, 2, 0, 0, 0, 1, 0, 1], ["ab", "aa"], 0.0),
        ([1, 0, 1, 0, 2], ["aa", "b"], 0.5),
    ],
)
def test_outputs_become_words_by_the_rules_of_ctc(
    outputs: list[int], words: list[str], cost: float
) -> None:
    assert heard(outputs) == (words, pytest.approx(cost))


@pytest.mark.parametrize("outputs", [[1, 1], [1], [0, 1, 0]])
def test_outputs_that_are_no_words_are_none(outputs: list[int]) -> None:
    assert heard(outputs) is None


def test_words_are_numbered_in_a_row_under_every_branch() -> None:
    tree = WordTree(tiny.spoken())
    assert sorted(tree.ids.values()) == list(range(1, len(tree.ids) + 1))
    assert tree.ids[UNKNOWN] == len(tree.ids)
    graph = lexicon_graph.lexicon_graph(tree, 61, Costs())
    _, sets, final_label = openfst.read_lookahead(lexicon_graph.written(graph, tree))
    assert final_label == len(tree.ids) + 1
    # Only what 一 (yi and yao) may be, and what leads to it, is in two pieces.
    assert sum(len(intervals) > 1 for intervals in sets) < 20


def test_the_order_of_the_lexicon_does_not_matter() -> None:
    one, other = WordTree(tiny.spoken()), WordTree(reversed(tiny.spoken()))
    assert list(one.ids) == list(other.ids)
    assert one.words_txt() == other.words_txt()
    assert one.words_txt().startswith("<eps> 0\n")


def test_the_cheapest_of_equal_pronunciations_counts() -> None:
    tree = WordTree([Pronunciation("b", (2,), 0.7), Pronunciation("b", (2,), 0.2)])
    assert [node.words for node in tree.root.branches.values()] == [{"b": 0.2}]


def cost(model: NGrams, words: list[str], ids: dict[str, int]) -> float:
    """Of a sentence in the grammar's graph: the arcs of the words, backing off where it must."""
    graph = grammar_graph(model, ids)
    total, state = 0.0, graph.start
    for label in [*(ids[word] for word in words), None]:
        while True:
            follow = {arc[0]: (arc[3], arc[2]) for arc in graph.leaving(state).tolist()}
            if label is None and math.isfinite(graph.finals[state]):
                return total + float(graph.finals[state])
            found = label if label in follow else 0
            state, price = follow[found]
            total += price
            if found:
                break
    raise AssertionError("a sentence has an end")


WORD_LISTS = st.lists(st.sampled_from(sorted(tiny.lexicon())), max_size=6)


@settings(deadline=None, max_examples=40)
@given(WORD_LISTS)
def test_a_sentence_costs_what_the_model_says(words: list[str]) -> None:
    model, ids = tiny.ngrams(), dict(WordTree(tiny.spoken()).ids)
    expected = -model.sentence(words) * math.log(10)
    assert cost(model, words, ids) == pytest.approx(expected, rel=1e-4)


@st.composite
def models(draw: st.DrawFn) -> NGrams:
    """Any n-grams of two words, whose beginnings are n-grams too but whose ends need not be."""
    chances = st.floats(-3, -0.125, width=16), st.floats(-1, 0.5, width=16)
    single = {(word,): draw(st.tuples(*chances)) for word in ("北京", "上海", "<s>", END)}
    tables = [single]
    for order in (2, 3):
        places = itertools.product(("<s>", "北京", "上海"), ("北京", "上海"), ("北京", END))
        every = sorted({each for place in places if (each := place[-order:])[:-1] in tables[-1]})
        chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=6)) if every else []
        tables.append({words: draw(st.tuples(*chances)) for words in chosen})
    return NGrams(tables)


@settings(deadline=None, max_examples=40)
@given(models(), st.lists(st.sampled_from(["北京", "上海"]), max_size=4))
def test_a_sentence_costs_what_any_model_says(model: NGrams, words: list[str]) -> None:
    expected = -model.sentence(words) * math.log(10)
    assert cost(model, words, {"北京": 1, "上海": 2}) == pytest.approx(expected, abs=1e-3)


def test_words_without_a_number_are_left_out() -> None:
    graph = grammar_graph(tiny.ngrams(), {"一": 1, "二": 2})
    assert set(graph.arcs["input"].tolist()) == {0, 1, 2}
    assert graph.is_sorted("input")
    assert np.array_equal(graph.arcs["input"], graph.arcs["output"])
