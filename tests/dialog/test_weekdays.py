"""Which week a day of the week is in."""

from __future__ import annotations

from datetime import date

import pytest

from engine.dialog.reading.weekdays import settled
from engine.dialog.scripts.script import Script, Slot
from engine.nlu.parse import Entity

TODAY = date(2026, 11, 23)  # a Monday
SCRIPT = Script(
    intent="book",
    title="订",
    example="订",
    slots={
        "day": Slot(type=("date",), ask=("哪天？",)),
        "name": Slot(type=("person",), ask=("谁？",)),
    },
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("text", "value", "before", "meant"),
    [
        ("周二", "2026-11-24", "2026-11-30", "2026-12-01"),
        ("礼拜天", "2026-11-29", "2026-12-05", "2026-12-06"),
        ("周二", "2026-11-24", "2026-11-25", "2026-11-24"),
        ("周二", "2026-11-24", "", "2026-11-24"),
        ("周二", "2026-11-24", "2027-11-25", "2026-11-24"),
        ("这周二", "2026-11-24", "2026-11-30", "2026-11-24"),
        ("下周二", "2026-12-01", "2026-12-09", "2026-12-01"),
    ],
)
def test_a_bare_day_of_the_week_is_in_the_week_that_was_spoken_of(
    text: str, value: str, before: str, meant: str
) -> None:
    said = Entity("date", value, text, 0, len(text))
    found = settled(
        {"day": value, "name": "周二"}, [said], SCRIPT, before={"day": before}, today=TODAY
    )
    assert found == {"day": meant, "name": "周二"}


@pytest.mark.parametrize(
    ("text", "value", "meant"),
    [
        ("周五", "2026-11-27", "2026-11-20"),
        ("18号", "2026-12-18", "2026-11-18"),
        ("31号", "2026-12-31", "2026-11-30"),
        ("明天", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_day_that_the_rules_refuse_is_the_last_one_that_they_do_not(
    text: str, value: str, meant: str
) -> None:
    past = Slot(
        type=("date",),
        ask=("哪天丢的？",),
        check=({"when": "date > today", "say": "还没到"},),
    )
    lost = Script(
        intent="lost", title="失物", example="丢了", slots={"date": past}, answer={"say": "好"}
    )
    said = Entity("date", value, text, 0, len(text))
    today = date(2026, 11, 30) if text == "31号" else TODAY
    names = {"today": today.isoformat()}
    found = settled({"date": value}, [said], lost, before={}, today=today, names=names)
    assert found == {"date": meant}


@pytest.mark.parametrize(
    ("text", "value", "meant"),
    [
        ("18号", "2026-12-18", "2026-11-18"),
        ("11月18号", "2027-11-18", "2026-11-18"),
        ("十一月十八", "2027-11-18", "2026-11-18"),
        ("2月29号", "2028-02-29", "2027-02-28"),
        ("24号", "2026-11-24", "2026-11-24"),
        ("周五", "2026-11-27", "2026-11-20"),
        ("2027年11月18号", "2027-11-18", "2027-11-18"),
    ],
)
def test_where_a_slot_says_so_a_day_is_the_nearest_one(text: str, value: str, meant: str) -> None:
    slots = {"date": Slot(type=("date",), nearest=True)}
    made = Script(intent="made", title="订单", example="订单", slots=slots, answer={"say": "好"})
    said = Entity("date", value, text, 0, len(text))
    assert settled({"date": value}, [said], made, before={}, today=TODAY) == {"date": meant}


@pytest.mark.parametrize(
    ("text", "value", "before", "meant"),
    [
        ("24号", "2026-11-24", "2026-12-25", "2026-12-24"),
        ("28号", "2026-11-28", "2026-12-05", "2026-11-28"),
        ("2号", "2026-12-02", "2026-12-31", "2027-01-02"),
        ("31号", "2027-01-31", "2027-02-25", "2027-01-31"),
        ("24号", "2026-11-24", "", "2026-11-24"),
    ],
)
def test_a_day_of_the_month_is_next_to_the_day_before_it(
    text: str, value: str, before: str, meant: str
) -> None:
    said = Entity("date", value, text, 0, len(text))
    found = settled({"day": value}, [said], SCRIPT, before={"day": before}, today=TODAY)
    assert found == {"day": meant}


def test_a_day_that_is_too_late_is_not_that_of_last_year() -> None:
    late = Slot(
        type=("date",), ask=("从哪天起？",), check=({"when": "day > end", "say": "已经结束了"},)
    )
    script = Script(intent="a", title="停", example="停", slots={"day": late}, answer={"say": "好"})
    said = Entity("date", "2026-12-05", "12月5号", 0, 5)
    names = {"end": "2026-11-30"}
    found = settled({"day": "2026-12-05"}, [said], script, before={}, today=TODAY, names=names)
    assert found == {"day": "2026-12-05"}


@pytest.mark.parametrize(("text", "value"), [("27号", "2026-12-27"), ("11月27号", "2026-11-27")])
def test_a_day_of_the_month_that_is_too_early_is_in_the_next_one(text: str, value: str) -> None:
    end = Slot(type=("date",), ask=("到哪天？",), check=({"when": "day < first", "say": "太早"},))
    script = Script(intent="a", title="喂", example="喂", slots={"day": end}, answer={"say": "好"})
    said = Entity("date", "2026-11-27", text, 0, len(text))
    names = {"first": "2026-12-24"}
    found = settled({"day": "2026-11-27"}, [said], script, before={}, today=TODAY, names=names)
    assert found == {"day": value}
