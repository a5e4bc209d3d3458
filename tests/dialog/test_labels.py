"""Choices that are named by pattern and by label, and what denies them."""

from __future__ import annotations

import pytest

from engine.dialog.reading.labels import labels
from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity

TWO = (
    {"value": "e", "label": "新能源", "pattern": "新能源|电车"},
    {"value": "f", "label": "燃油车"},
)
THREE = (*TWO, {"value": "h", "label": "混动", "pattern": "混动"})


def named(text: str, choices: tuple[dict[str, str], ...]) -> str | None:
    slot = Slot(ask=("什么车？",), choices=choices)
    script = Script(
        intent="a", title="停车", example="停车", slots={"kind": slot}, answer={"say": "好"}
    )
    return next((hit.value for _, hit in labels(text, script, Task("", "a"))), None)


@pytest.mark.parametrize(
    ("text", "two", "three"),
    [
        ("电车", "e", "e"),
        ("燃油车的", "f", "f"),
        ("不是新能源", "f", None),
        ("不是燃油车", "e", None),
        ("不是电车，是燃油车", "f", None),
        ("不要电车", None, None),
        ("除了电车都行", None, None),
        ("要不电车吧", "e", "e"),
    ],
)
def test_of_two_the_one_that_is_not_the_other_is_meant(
    text: str, two: str | None, three: str | None
) -> None:
    assert named(text, TWO) == two
    assert named(text, THREE) == three


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("电车和混动", None),
        ("混动的跟电车", None),
        ("电车、混动都停", None),
        ("电车不要，还有混动", "h"),
        ("电车，不是混动", "e"),
        ("电车和我的车", "e"),
    ],
)
def test_of_two_with_an_and_between_them_neither_is_meant(text: str, meant: str | None) -> None:
    assert named(text, THREE) == meant


@pytest.mark.parametrize(
    ("asking", "values"), [("when", {"when": "w"}), ("day", {"when": "w", "day": "2026-11-28"})]
)
def test_a_day_within_the_choice_that_is_asked_for_is_no_other_day(
    asking: str, values: dict[str, str]
) -> None:
    slots = {
        "day": Slot(type=("date",), ask=("哪天？",)),
        "when": Slot(
            ask=("何时上门？",),
            choices=(
                {"value": "w", "label": "周末", "pattern": "周六"},
                {"value": "d", "label": "平时"},
            ),
        ),
    }
    script = Script(intent="a", title="过户", example="过户", slots=slots, answer={"say": "好"})
    day = Entity("date", "2026-11-28", "周六", 0, 2)
    task = Task("", "a", asking=asking)
    assert read("周六", [day], script, task, loose=False).values == values


def test_a_number_within_a_choice_is_none_of_another_question() -> None:
    slots = {
        "length": Slot(ask=("上多久？",), choices=({"value": "90", "label": "一个半小时"},)),
        "weight": Slot(type=("number",), ask=("体重？",)),
    }
    script = Script(intent="a", title="约课", example="约课", slots=slots, answer={"say": "好"})
    one = Entity("number", "1", "一", 2, 3, strict=False)
    found = read("改成一个半小时", [one], script, Task("", "a", asking="confirm"), loose=True)
    assert found.values == {"length": "90"}


@pytest.mark.parametrize(("text", "value"), [("6个人", None), ("六个人", None), ("个人的", "s")])
def test_what_a_number_counts_is_no_choice(text: str, value: str | None) -> None:
    choices = ({"value": "f", "label": "全家福"}, {"value": "s", "label": "个人"})
    assert named(text, choices) == value


@pytest.mark.parametrize(
    ("text", "kind"), [("大厅换成市民中心", None), ("换一本，大厅换成市民中心", "r"), ("换发", "r")]
)
def test_what_changes_another_slot_is_no_choice(text: str, kind: str | None) -> None:
    slots = {
        "kind": Slot(
            ask=("哪一种？",), choices=({"value": "r", "label": "换发", "pattern": "换"},)
        ),
        "hall": Slot(type=("text",), ask=("哪个大厅？",), called=("大厅",)),
    }
    script = Script(intent="a", title="护照", example="护照", slots=slots, answer={"say": "好"})
    found = dict(labels(text, script, Task("", "a")))
    assert (found["kind"].value if "kind" in found else None) == kind


@pytest.mark.parametrize(("text", "part"), [("不是拉链，是箱体裂了", "箱体"), ("拉链，箱体", None)])
def test_of_two_labels_the_one_that_is_not_denied_is_meant(text: str, part: str | None) -> None:
    choices = tuple({"value": each, "label": each} for each in ("轮子", "箱体", "拉链"))
    slot = Slot(ask=("哪里坏了？",), choices=choices)
    script = Script(intent="a", title="赔", example="赔", slots={"p": slot}, answer={"say": "好"})
    assert next((hit.value for _, hit in labels(text, script, Task("", "a"))), None) == part


TRAINER = (
    {"value": "m", "label": "男教练", "pattern": "男"},
    {"value": "f", "label": "女教练", "pattern": "女"},
)
ANY = {"value": "any", "label": "不限", "pattern": "都行|都可以|无所谓"}


@pytest.mark.parametrize(
    ("text", "two", "three"),
    [
        ("男女都行", None, "any"),
        ("教练男的女的无所谓", None, "any"),
        ("男教练女教练都可以", None, "any"),
        ("男教练", "m", "m"),
        ("女的，时间都行", "f", "f"),
    ],
)
def test_of_two_that_will_both_do_neither_is_meant(
    text: str, two: str | None, three: str | None
) -> None:
    assert named(text, TRAINER) == two
    assert named(text, (*TRAINER, ANY)) == three
