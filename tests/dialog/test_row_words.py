"""The words of a row that is chosen say nothing of other questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from engine.business.provider import Business, Row
from engine.dialog import checking
from engine.dialog.scripts import loading

COURSE = """\
intent: course
title: 报班
example: 我要报班
slots:
  start: {type: date, ask: 哪天开始？}
  klass:
    options: {query: school.classes, value: id, label: "{{ name }}"}
    ask: 报哪个班？
    called: [班级]
  age: {type: number, ask: 几岁？}
  height: {type: number, ask: 身高多少？, called: 身高}
  trial:
    options: {query: school.trials, value: day, label: "{{ day|day }}试听"}
    ask: 哪天试听？
  lunch:
    ask: 午餐吃什么？
    choices: [{value: rice, label: 米饭}, {value: none, label: 不吃, pattern: 不吃|不用}]
  bus: {ask: 要坐班车吗？, if_yes: "yes", if_no: "no"}
confirm: "{{ start }} {{ klass }} {{ age }} {{ height }} {{ trial }} {{ lunch }} {{ bus }}。报吗？"
answer:
  effect: school.enrol
  with: {start: start, klass: klass, age: age, height: height, trial: trial, lunch: lunch, bus: bus}
  say: 报好了。
"""


@pytest.fixture
def say(talk: Callable[..., Any], tmp_path: Path) -> Callable[..., Awaitable[Any]]:
    """Says several things to the school; what came of the last one."""
    business = Business("school")

    @business.query
    async def classes(_: object) -> list[Row]:
        return [{"id": at, "name": name} for at, name in (("1", "周末班"), ("2", "平日班"))]

    @business.query
    async def trials(_: object) -> list[Row]:
        return [{"day": "2026-11-24"}, {"day": "2026-11-25"}]

    @business.effect
    async def enrol(_: object, **_told: Any) -> Row:
        return {}

    conversation = talk()
    (tmp_path / "school").mkdir()
    (tmp_path / "school" / "course.yaml").write_text(COURSE, "utf-8")
    conversation.scripts = loading.load(tmp_path / "school")
    checking.demand(conversation.scripts, business)
    conversation.acts.business = business

    async def tell(*texts: str) -> Any:
        decision = await conversation.say("我要报班", "course")
        for text in texts:
            decision = await conversation.say(text, "deny" if text == "不用" else "")
        return decision.trace.slots

    return tell


@pytest.mark.parametrize("said", ["那周末班吧", "周末班"])
async def test_a_day_in_the_name_of_a_row_is_none(say: Any, said: str) -> None:
    assert await say("12月5号", said) == {"start": "2026-12-05", "klass": "1"}


async def test_a_day_beside_the_name_is_one(say: Any) -> None:
    assert await say("12月5号", "周末班，改到12月6号开始") == {"start": "2026-12-06", "klass": "1"}


TOLD = ("12月5号", "平日班", "8", "130")


async def test_the_day_that_chooses_a_row_moves_no_other_one(say: Any) -> None:
    slots = await say(*TOLD, "明天那个")
    assert (slots["start"], slots["trial"]) == ("2026-12-05", "2026-11-24")


async def test_a_plain_no_answers_what_is_asked_whatever_has_it_in_a_pattern(say: Any) -> None:
    slots = await say(*TOLD, "明天那个", "米饭", "不用")
    assert (slots["lunch"], slots["bus"]) == ("rice", "no")


async def test_a_bare_number_at_the_read_back_changes_neither_of_two(say: Any) -> None:
    told = (*TOLD, "明天那个", "米饭", "不用")
    assert (await say(*told, "43"))["age"] == "8"
    assert (await say(*told, "身高改成135"))["height"] == "135"
