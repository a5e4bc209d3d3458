"""A list of fixed choices: which are named, added, replaced and left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.dialog.reading.including import Cues
from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task, Value
from engine.dialog.state.sheet import Sheet

LABELS = {"wax": "打蜡", "inner": "内饰清洗", "germs": "车内消毒", "motor": "发动机清洗"}
EXTRAS = Slot(
    many=True,
    ask="要加什么项目？",
    skip="无",
    choices=[{"value": value, "label": label} for value, label in LABELS.items()],
)
SCRIPT = Script(
    intent="wash",
    title="洗车",
    example="洗车",
    slots={
        "extras": EXTRAS,
        "date": Slot(type="date", ask="哪天？"),
        "note": Slot(type="text", ask="备注？"),
    },
    answer={"say": "好"},
)
CUES = Cues(add=("再加", "还有"), drop=("不要", "去掉", "不用"))


def extras(text: str, *before: str, asking: str = "date") -> Value | None:
    task = Task("", "wash", asking=asking)
    if before:
        task.slots["extras"] = Filled(said=list(before), value=list(before))
    return read(text, (), SCRIPT, task, loose=False, cues=CUES).values.get("extras")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("打蜡和内饰清洗", ["wax", "inner"]),
        ("洗车，加打蜡", ["wax"]),
        ("打蜡、车内消毒、发动机清洗", ["wax", "germs", "motor"]),
        ("清洗", None),
        ("消毒", None),
    ],
)
def test_all_that_are_named_are_taken(text: str, named: list[str] | None) -> None:
    assert extras(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("消毒也做一下，发动机就不用了", ["germs"]),
        ("内饰", ["inner"]),
        ("打蜡不要，内饰要", ["inner"]),
        ("清洗", None),
    ],
)
def test_where_they_are_asked_for_a_part_that_only_one_has_is_enough(
    text: str, named: list[str] | None
) -> None:
    assert extras(text, asking="extras") == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("打蜡不要了，换内饰清洗", ["germs", "inner"]),
        ("打蜡换成发动机清洗", ["germs", "motor"]),
        ("再加一个内饰", ["wax", "germs", "inner"]),
        ("内饰也要", ["wax", "germs", "inner"]),
        ("打蜡不要了", ["germs"]),
        ("打蜡和消毒都去掉", ["无"]),
        ("内饰清洗", ["inner"]),
    ],
)
def test_what_is_said_later_changes_the_list(text: str, named: list[str]) -> None:
    assert extras(text, "wax", "germs") == named


def test_none_goes_where_there_is_one() -> None:
    assert extras("再加一个打蜡", "无") == ["wax"]


def test_a_list_is_said_by_its_labels() -> None:
    task = Task("", "wash")
    task.slots["extras"] = Filled(said=["wax", "germs"], value=["wax", "germs"])
    sheet = Sheet(SCRIPT, task, member=None, now=datetime(2026, 11, 23, tzinfo=UTC))
    assert sheet.say("{{ extras|listed }}") == "打蜡、车内消毒"


def test_free_words_are_no_part_of_a_choice_of_a_list() -> None:
    assert extras("发动机声音很大", "wax", asking="note") is None
    assert extras("发动机也做", "wax") == ["wax", "motor"]


def test_free_words_are_read_beside_a_list_that_another_slot_holds() -> None:
    task = Task("", "wash", asking="note")
    text = "车里有股味道，打蜡也要"
    assert read(text, (), SCRIPT, task, loose=False, cues=CUES).values["note"] == text
