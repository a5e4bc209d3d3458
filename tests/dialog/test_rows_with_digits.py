"""Rows whose names and columns hold numbers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.state.session import Offer
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
ROWS = [
    ("p1", "火车站东口", "24小时"),
    ("p2", "步行街店", "7:00–22:00"),
    ("p3", "地铁2号线口", "8小时"),
]
STATIONS = [
    Offer("station", code, f"{name}（{hours}）", {"id": code, "name": name, "open": hours})
    for code, name, hours in ROWS
]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("24小时营业的那家", "p1"),
        ("8小时开门的", "p3"),
        ("地铁口那个", "p3"),
        ("地铁那家", "p3"),
        ("8小时的话", None),
    ],
)
def test_a_row_is_named_by_what_stands_before_or_after_its_number(
    said: str, value: str | None
) -> None:
    left = meant(STATIONS, said, find_entities(said, now=NOW), {})
    assert (left[0].value if len(left) == 1 else None) == value
