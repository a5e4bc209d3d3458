"""The last digits of a number: of one that is known, or of one whose rest is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from engine.dialog.reading.ends import with_ends
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Filled, Task
from engine.nlu.grammar import find_entities

Start = Callable[..., Any]

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
SCRIPT = Script.model_validate(
    {
        "intent": "top",
        "title": "充",
        "example": "充",
        "slots": {
            "phone": {"type": "phone", "ask": "号码？", "default": "member.phone", "own": True},
            "amount": {"type": "money"},
        },
        "answer": {"say": "好"},
    }
)


def found(
    text: str, known: str = "13812345678", own: str = ""
) -> list[tuple[str, str | None, str]]:
    names = {"member": {"phone": own}} if own else {}
    task = Task("t", "top", slots={"phone": Filled(known)} if known else {})
    entities = with_ends(text, find_entities(text, now=NOW), SCRIPT, task, names)
    return [(each.type, each.value, each.problem) for each in entities]


@pytest.mark.parametrize(
    "text", ["不对，尾号是8000", "尾号错了，应该是8000", "最后四位是八零零零", "后四位8000的那个"]
)
def test_other_last_digits_are_a_number_whose_rest_is_missing(text: str) -> None:
    assert found(text) == [("phone", None, "ends")]


def test_an_amount_beside_the_last_digits_stays_one() -> None:
    assert ("money", "50", "") in found("给尾号8000的充50块", known="")


@pytest.mark.parametrize("text", ["对，尾号5678", "13812345678，尾号5678"])
def test_last_digits_of_the_known_number_say_nothing_new(text: str) -> None:
    assert {kind for kind, _, _ in found(text)} <= {"phone"}
    assert all(not problem for _, _, problem in found(text))


def test_last_digits_of_the_own_number_tell_that_one() -> None:
    assert ("phone", "13900138000", "") in found("给尾号8000的充50块", known="", own="13900138000")


@pytest.mark.parametrize("text", ["给我妈充50块，尾号8000", "给尾号8001的充50块"])
def test_last_digits_of_somebody_else_are_never_those_of_the_own_number(text: str) -> None:
    assert ("phone", None, "ends") in found(text, known="", own="13900138000")


async def test_of_last_digits_the_whole_number_is_asked_for(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", "13812345678", "不要辣")
    decision = await talking.say("号码不对，尾号是8000")
    assert decision.trace.asks == "phone"
    assert "8000" in decision.replies[0].text
