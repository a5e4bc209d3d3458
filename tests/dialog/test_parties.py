"""How many people of each kind there are, and what else a number counts."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.reading.parties import counted
from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
VISIT = Script(
    intent="a",
    title="参观",
    example="参观",
    slots={
        "adults": Slot(type=("number",), ask=("几位成人？",), called=("成人",)),
        "kids": Slot(type=("number",), ask=("几位儿童？",), called=("儿童",)),
        "guide": Slot(ask=("要讲解器吗？",), called=("讲解器",), if_yes="y", if_no="n"),
    },
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("两大一小", {"adults": "2", "kids": "1"}),
        ("3大2小，周日去", {"adults": "3", "kids": "2"}),
        ("一大早", {}),
        ("六大三小班", {}),
    ],
)
def test_a_party_is_told_in_one_breath(text: str, values: dict[str, str]) -> None:
    assert {name: each.value for name, each in counted(text, VISIT)} == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("俩孩子", {"kids": "2"}),
        ("三个大人", {"adults": "3"}),
        ("三位成人两个小朋友", {"adults": "3", "kids": "2"}),
    ],
)
def test_a_number_is_of_what_stands_after_it(text: str, values: dict[str, str]) -> None:
    assert (
        read(text, find_entities(text, now=NOW), VISIT, Task("", "a"), loose=True).values == values
    )


def test_a_number_after_the_name_of_something_else_counts_that() -> None:
    task = Task("", "a", slots={"adults": Filled("3", "3")}, asking="guide")
    found = find_entities("讲解器要两个", now=NOW)
    assert read("讲解器要两个", found, VISIT, task, loose=True).values == {"guide": "y"}
