"""Numbers of things that are counted in general words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.dialog.reading.reading import read
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.nlu.grammar import find_entities

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
PIECES: dict[str, Any] = {"type": "number", "ask": "几件？"}
DAYS: dict[str, Any] = {"type": "number", "ask": "存几天？"}


def said(text: str, **slots: Any) -> dict[str, Any]:
    head = {"intent": "store", "title": "寄存", "example": "寄存", "answer": {"say": "好"}}
    script = Script.model_validate({**head, "slots": slots})
    return read(text, find_entities(text, now=NOW), script, Task("", "store"), loose=False).values


@pytest.mark.parametrize("text", ["我有两个箱子要存", "存2个28寸的箱子"])
def test_things_are_counted_in_any_word_for_things(text: str) -> None:
    assert said(text, pieces=PIECES, days=DAYS) == {"pieces": "2"}


@pytest.mark.parametrize("text", ["存两个月", "两个人来存", "两个小时后", "有两个", "两个半月"])
def test_what_is_no_thing_is_not_counted(text: str) -> None:
    assert "pieces" not in said(text, pieces=PIECES, days=DAYS)


def test_where_several_things_are_counted_nobody_knows_which() -> None:
    beds = {"type": "number", "ask": "几张床？"}
    assert said("要两个大的", pieces=PIECES, beds=beds) == {}


def test_a_thing_that_has_a_slot_is_counted_there() -> None:
    bags = {"type": "number", "ask": "睡袋要多少？", "called": "睡袋"}
    assert said("要两个睡袋", pieces=PIECES, bags=bags) == {"bags": "2"}
