"""Transducers written and read again, and the sets that look-ahead needs."""

from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi import openfst
from engine.speech.kaldi.fst import INFINITE, Fst, FstBuilder, Order
from engine.speech.kaldi.reach import merged, reachable

LABELS = st.integers(0, 6)
COSTS = st.floats(0, 20, width=32)


@st.composite
def transducers(draw: st.DrawFn, order: Order = "output") -> Fst:
    count = draw(st.integers(1, 8))
    states = st.integers(0, count - 1)
    builder = FstBuilder()
    for final in draw(st.lists(COSTS | st.just(INFINITE), min_size=count, max_size=count)):
        builder.state(final)
    arcs = st.tuples(states, states, LABELS, LABELS, COSTS)
    for source, to, read, said, cost in draw(st.lists(arcs, max_size=25)):
        builder.arc(source, to, read=read, said=said, cost=cost)
    return builder.built(order)


def same(one: Fst, other: Fst) -> bool:
    return (
        one.start == other.start
        and np.array_equal(one.finals, other.finals)
        and np.array_equal(one.offsets, other.offsets)
        and np.array_equal(one.arcs, other.arcs)
    )


@settings(deadline=None)
@given(transducers())
def test_a_constant_transducer_is_read_as_it_was_written(fst: Fst) -> None:
    assert fst.is_sorted("output")
    assert same(openfst.read_const(openfst.const(fst)), fst)


@settings(deadline=None)
@given(transducers())
def test_a_transducer_that_looks_ahead_is_read_as_it_was_written(fst: Fst) -> None:
    sets = reachable(fst, final_label=7)
    found, found_sets, final_label = openfst.read_lookahead(openfst.lookahead(fst, sets, 7))
    assert same(found, fst)
    assert (found_sets, final_label) == (sets, 7)


@settings(deadline=None)
@given(transducers())
def test_the_reachable_words_are_those_that_a_walk_finds(fst: Fst) -> None:
    for state, intervals in enumerate(reachable(fst, final_label=7)):
        assert {label for begin, end in intervals for label in range(begin, end)} == walked(
            fst, state
        )


def walked(fst: Fst, state: int) -> set[int]:
    """The labels ahead of a state, by trying every silent arc."""
    found, seen, ahead = set(), {state}, [state]
    while ahead:
        here = ahead.pop()
        if np.isfinite(fst.finals[here]):
            found.add(7)
        for arc in fst.leaving(here).tolist():
            if arc[1]:
                found.add(arc[1])
            elif arc[3] not in seen:
                seen.add(arc[3])
                ahead.append(arc[3])
    return found


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=9))
def test_merged_ranges_are_apart_and_hold_the_same_labels(pairs: list[tuple[int, int]]) -> None:
    ranges = [(begin, begin + length) for begin, length in pairs]
    whole = merged(ranges)
    assert all(one[1] < other[0] for one, other in pairwise(whole))
    assert {x for r in whole for x in range(*r)} == {x for r in ranges for x in range(*r)}


def test_sorting_by_input_is_told_from_sorting_by_output() -> None:
    builder = FstBuilder()
    state = builder.state(0.0)
    builder.arc(state, state, read=1, said=9)
    builder.arc(state, state, read=2, said=3)
    by_input, by_output = builder.built("input"), builder.built("output")
    assert (by_input.is_sorted("input"), by_input.is_sorted("output")) == (True, False)
    assert (by_output.is_sorted("input"), by_output.is_sorted("output")) == (False, True)


def whole() -> bytes:
    builder = FstBuilder()
    first, last = builder.state(), builder.state(0.5)
    builder.arc(first, last, read=1, said=2, cost=0.25)
    return openfst.const(builder.built("output"))


def test_a_cut_or_lengthened_transducer_is_refused() -> None:
    data = whole()
    for length in range(len(data)):
        with pytest.raises(BadKaldiFile):
            openfst.read_const(data[:length])
    with pytest.raises(BadKaldiFile, match="1 bytes too many"):
        openfst.read_const(data + b"\0")


def test_an_arc_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(BadKaldiFile, match="not there"):
        openfst.read_const(whole()[:-4] + struct.pack("<i", 2))


def test_another_type_of_transducer_is_named() -> None:
    with pytest.raises(BadKaldiFile, match="not a transducer of type olabel_lookahead"):
        openfst.read_lookahead(whole())
