"""For which of several slots of one type a value is meant."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from engine.dialog.reading.pointed import without_pointing
from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
VIEW = Script(
    intent="view",
    title="看房",
    example="看房",
    slots={
        "movein": Slot(type=("date",), ask=("什么时候入住？",)),
        "date": Slot(type=("date",), ask=("哪天看房？",)),
        "amount": Slot(type=("money",), ask=("花了多少钱？",), called=("金额",)),
        "sum": Slot(type=("money",), ask=("赔多少？",), called=("赔偿金额",), when="amount > 9"),
    },
    answer={"say": "好"},
)


def said(text: str, task: Task) -> dict[str, object]:
    return dict(read(text, find_entities(text, now=NOW), VIEW, task, loose=True).values)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("周五想看房", "date"),
        ("周五入住", "movein"),
        ("周五", "movein"),
        ("周五看房入住", "movein"),
    ],
)
def test_the_words_of_its_own_question_say_which_one(text: str, name: str) -> None:
    assert said(text, Task("", "view")) == {name: "2026-11-27"}


@pytest.mark.parametrize("text", ["金额错了，是860元", "金额写错了应该是860", "金额不对，860"])
def test_a_wrong_value_is_put_right_by_its_name(text: str) -> None:
    task = Task("", "view", slots={"amount": Filled("880", "880")}, asking="confirm")
    assert said(text, task) == {"amount": "860"}


def test_what_does_not_matter_takes_nothing_at_the_read_back() -> None:
    task = Task("", "view", slots={"amount": Filled("8", "8")}, asking="confirm")
    assert said("860元", task) == {"amount": "860"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("11月12号那次的要赔，3月8号买的", ["2027-03-08"]),
        ("11月12号那次的要赔", ["2027-11-12"]),
        ("11月12号去，3月8号回", ["2027-11-12", "2027-03-08"]),
    ],
)
def test_a_day_that_points_at_a_row_is_no_value_beside_another(text: str, left: list[str]) -> None:
    rows = Slot(options={"query": "a.b", "value": "id", "label": "{{ id }}"}, ask=("哪次？",))
    script = Script(
        intent="a", title="赔", example="赔", slots={"trip": rows}, answer={"say": "好"}
    )
    days = [each for each in find_entities(text, now=NOW) if each.type == "date"]
    assert [each.value for each in without_pointing(days, text, script)] == left
