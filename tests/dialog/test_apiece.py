"""Which rows are each named in a clause of their own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.choices.apiece import apiece
from engine.dialog.state.session import Offer
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
DAYPARTS = {"早上": (4, 12), "晚上": (18, 24)}
FLIGHTS = [
    Offer("booking", name, f"{name} {at[11:]}", {"flight_no": name, "departure": at})
    for name, at in (("MU5102", "2026-11-24T09:00"), ("CA1885", "2026-11-24T19:00"))
]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("早上那个靠窗，晚上那个靠过道", ["早上那个靠窗", "晚上那个靠过道"]),
        ("两趟都办，早上的31A 晚上的31C", ["早上的31A", "晚上的31C"]),
        ("晚上那个，要过道，早上的，靠窗", ["晚上那个，要过道", "早上的，靠窗"]),
    ],
)
def test_what_names_no_row_belongs_to_the_row_before_it(text: str, clauses: list[str]) -> None:
    found = apiece(FLIGHTS, text, find_entities(text, now=NOW), DAYPARTS)
    assert [clause for clause, _, _ in found] == clauses
    assert {row.value for _, _, row in found} == {"MU5102", "CA1885"}


def test_values_stand_where_they_are_in_their_clause() -> None:
    text = "早上的31A，晚上的31C"
    (_, first, _), (clause, second, _) = apiece(
        FLIGHTS, text, find_entities(text, now=NOW), DAYPARTS
    )
    assert ([e.value for e in first], [e.value for e in second]) == (["31A"], ["31C"])
    assert clause[second[0].start : second[0].end] == "31C"


@pytest.mark.parametrize("text", ["早上那个靠窗", "早上的靠窗，早上的31A", "靠窗，靠过道"])
def test_one_row_is_not_several(text: str) -> None:
    assert apiece(FLIGHTS, text, find_entities(text, now=NOW), DAYPARTS) == []
