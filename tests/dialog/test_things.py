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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("学号20221111，后天来取", {"code": "20221111", "date": "2026-11-25"}),
        ("20261125来取", {"date": "2026-11-25"}),
    ],
)
def test_digits_by_the_name_of_a_number_are_no_day(text: str, values: dict[str, str]) -> None:
    code = {"type": "number", "ask": "学号是多少？", "called": "学号"}
    assert said(text, code=code, date={"type": "date", "ask": "哪天取？"}) == values


def test_a_pattern_within_what_is_put_right_by_its_name_chooses_nothing() -> None:
    why = {"ask": "为什么？", "choices": [{"value": "name", "label": "有误", "pattern": "错了"}]}
    name = {"type": "person", "ask": "姓名？", "called": "名字"}
    assert said("名字错了，是刘阳阳", why=why, name=name) == {"name": "刘阳阳"}
    assert said("卡上的字错了", why=why, name=name) == {"why": "name"}


def test_a_pattern_before_what_is_known_by_its_form_is_a_choice() -> None:
    way = {"ask": "自取还是邮寄？", "choices": [{"value": "m", "label": "邮寄", "pattern": "寄"}]}
    address = {"type": "text", "ask": "寄到什么地址？"}
    values = said("补卡，寄到长江路5号", way=way, address=address)
    assert values == {"way": "m", "address": "长江路5号"}
