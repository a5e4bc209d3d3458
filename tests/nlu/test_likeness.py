"""The nearest utterances are those that comparing with every single one finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.likeness import Likeness, Neighbours, squares
from engine.nlu.sums import Table

FEATURES = 6
UTTERANCES = st.lists(st.sets(st.integers(0, FEATURES - 1), min_size=1), min_size=1, max_size=8)


@given(UTTERANCES, UTTERANCES, st.sets(st.integers(0, FEATURES - 1), min_size=1))
def test_the_nearest_of_both_sides_are_found(
    inside: list[set[int]], outside: list[set[int]], asked: set[int]
) -> None:
    idf = np.arange(1, FEATURES + 1, dtype=np.float32)
    runs = idf.astype(np.float64) ** 2
    utterances = [*inside, *outside]
    rows = [[at for at, each in enumerate(utterances) if f in each] for f in range(FEATURES)]
    lengths = [sum(runs[list(each)]) ** 0.5 for each in utterances]
    neighbours = Neighbours(
        runs,
        np.cumsum([0, *map(len, rows)], dtype=np.int32),
        np.array([at for row in rows for at in row], np.int32),
        np.array(lengths, np.float32),
        len(inside),
    )
    none = np.zeros((FEATURES, 1), np.float32)
    sums = Table(idf, none, runs, neighbours.peaks)(dict.fromkeys(asked, 1), 0)
    likeness = Likeness(neighbours, sums.ids, sums.runs, sums.peaks)
    cosines = [
        sum(runs[list(each & asked)]) / length / sum(runs[list(asked)]) ** 0.5
        for each, length in zip(utterances, lengths, strict=True)
    ]
    assert likeness.nearest == pytest.approx(max(cosines[: len(inside)]))
    assert likeness.foreign == pytest.approx(max(cosines[len(inside) :]))
    assert likeness.foreign <= likeness.foreign_at_most + 1e-6


def test_only_runs_of_symbols_are_compared() -> None:
    names = ["充", "p:chong ", "w:充", "&:充 话费"]
    assert squares(names, np.full(4, 2, np.float32)).tolist() == [4, 0, 0, 0]
