"""Rows whose names and columns hold numbers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.choices.naming import named_by
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


PLATES = [
    Offer("card", f"C{n}", f"{lot} {plate}", {"number": f"C{n}", "name": lot, "plate": plate})
    for n, (lot, plate) in enumerate((("市民广场", "粤B12345"), ("体育馆", "粤BD66666")), start=1)
]


@pytest.mark.parametrize(
    ("opener", "values"),
    [
        ("车卖了，粤BD66666那张月卡退一下", ["C2"]),
        ("粤B12345的月卡退了", ["C1"]),
        ("粤B123456的月卡退了", ["C1", "C2"]),
        ("C2座的月卡退了", ["C1", "C2"]),
    ],
)
def test_a_row_is_named_by_the_plate_that_its_label_shows(opener: str, values: list[str]) -> None:
    assert [offer.value for offer in named_by(opener, PLATES, {})] == values
