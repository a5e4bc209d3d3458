"""The nearest utterances are looked for only where they can change whether to refuse."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.rejection import Rejection, Sought


@dataclass
class Told:
    """Likeness that notes what it is asked for."""

    is_like: float
    is_foreign: float
    foreign_at_most: float
    asked: list[str] = field(default_factory=list)

    @property
    def nearest(self) -> float:
        self.asked.append("nearest")
        return self.is_like

    @property
    def foreign(self) -> float:
        self.asked.append("foreign")
        return self.is_foreign


SIGNALS = st.floats(-2, 2)
SHARES = st.floats(0, 1)
WEIGHTS = st.floats(-10, 10)


@given(
    st.builds(Rejection, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS),
    st.tuples(SIGNALS, SHARES, SIGNALS, SIGNALS),
    st.tuples(SHARES, SHARES, SHARES),
)
def test_what_is_not_looked_at_changes_no_decision(
    rejection: Rejection, signals: tuple[float, ...], likeness: tuple[float, float, float]
) -> None:
    nearest, foreign, slack = likeness
    told = Told(nearest, foreign, min(1.0, foreign + slack))
    sought = Sought(*signals, told)
    assert rejection.refuses_sought(sought) == rejection.refuses(sought.found())


@pytest.mark.parametrize(
    ("lead", "asked"), [(20, []), (-20, []), (5, ["foreign"]), (0, ["foreign", "nearest"])]
)
def test_as_little_is_asked_for_as_decides(lead: float, asked: list[str]) -> None:
    told = Told(0.5, 0.2, foreign_at_most=0.9)
    Rejection(lead=1, nearest=5, foreign=-8).refuses_sought(Sought(lead, 1, 0, 0, told))
    assert list(dict.fromkeys(told.asked)) == asked
