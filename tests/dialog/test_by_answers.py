"""What a message answers tells which business it is for, and what is not asked yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from engine.dialog.choices.foretold import foretold
from engine.dialog.reading.answering import answer
from engine.dialog.reading.freely import about, told
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Offer
from engine.nlu.grammar import find_entities

Start = Callable[..., Any]

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
DRIVE = """\
intent: drive
title: 代驾
example: 叫个代驾
slots:
  start: {type: text, ask: 车在哪里？}
  gear: {ask: 自动挡还是手动挡？, choices: [自动挡, 手动挡]}
  time: {type: time, ask: 几点走？}
answer: {say: "{{ start }} {{ gear }} {{ time }}"}
"""
RENT = """\
intent: rent
title: 租车
example: 租个车
slots:
  time: {type: time, ask: 几点取车？}
  days: {type: number, ask: 租几天？}
answer: {say: "{{ time }} {{ days }}"}
"""


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("喝多了，晚上十点半从万达回家，自动挡", "drive"),
        ("自动挡", ""),
        ("晚上十点半", ""),
        ("晚上十点半自动挡的车多少钱", ""),
    ],
)
async def test_words_that_answer_two_questions_of_one_business_begin_it(
    talk: Start, text: str, task: str
) -> None:
    assert (await talk(DRIVE, RENT).say(text)).trace.task == task


@pytest.mark.parametrize(
    ("said", "value"), [("不带", "0"), ("不加了", "0"), ("不弄了", ""), ("不对", "")]
)
def test_what_may_be_left_out_is_by_a_verb_that_is_denied(said: str, value: str) -> None:
    kids = Slot(type=("number",), ask=("几个孩子？",), skip="0")
    assert answer(said, kids) == ((value, "word") if value else None)


def test_a_day_that_was_told_chooses_among_rows_of_days() -> None:
    days = ("2026-12-05", "2026-12-12")
    rows = [Offer("leave", day, f"{day}出发", {"date": day}) for day in days]
    assert foretold(rows, ["12月12号走"], {}, NOW) == rows[1]
    assert foretold(rows, ["走着去"], {}, NOW) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("十来万", "100000"), ("两百多万", "2000000"), ("30多万", "300000"), ("三万多", "30000")],
)
def test_a_sum_by_and_large_is_no_small_one(text: str, value: str) -> None:
    found = [e for e in find_entities(text, now=NOW) if e.type == "money"]
    assert [entity.value for entity in found] == [None]
    assert about(found[0], Slot(type=("money",), ask=("大概多少？",))).value == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("旧的号码是EA1234567", "EA1234567"),
        ("编号：T-20031吧", "T-20031吧"),
        ("号码是写在背面的", "号码是写在背面的"),
    ],
)
def test_what_leads_to_a_code_is_no_part_of_the_answer(said: str, value: str) -> None:
    assert told(said, Slot(type=("text",), ask=("编号？",))) == value


@pytest.mark.parametrize("said", ["6222021234567890", "6222 0212 3456 7890"])
def test_a_number_of_many_digits_answers_for_a_number(said: str) -> None:
    card = Slot(type=("number",), ask=("银行卡号是多少？",))
    assert answer(said, card) == ("6222021234567890", "number")
