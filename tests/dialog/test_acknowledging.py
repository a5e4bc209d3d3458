"""What was told without being asked for is told back before the open question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

TRIP = """\
intent: order
title: 订车
example: 我要订车
slots:
  person:
    type: person
    ask: 谁坐车？
  date:
    type: date
    ask: 哪天？
  deposit:
    type: money
    noted: 押金 {{ said }} 元
    ask: 押多少？
  kind:
    ask: 什么车？
    choices: [{value: small, label: 小车}, {value: big, label: 大车}]
  seats:
    type: number
    ask: 几座？
  who:
    ask: 谁开？
    choices: [{value: self, label: 自己}]
    words: {driver: [配司机]}
answer:
  say: "{{ person }}"
"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("12月3号", "好的，12月3日（周四）。\n谁坐车？"),
        ("押五百块", "好的，押金 500 元。\n谁坐车？"),
        ("大车", "好的，大车。\n谁坐车？"),
        ("大车，押五百块", "好的，押金 500 元、大车。\n谁坐车？"),
    ],
)
async def test_a_value_given_early_is_told_back_as_customers_say_it(
    talk: Start, said: str, told: str
) -> None:
    talking = talk(TRIP)
    await talking.tell("我要订餐")
    assert await talking.tell(said) == told


async def test_what_cannot_be_shown_is_only_noted(talk: Start) -> None:
    talking = talk(TRIP)
    await talking.tell("我要订餐")
    assert await talking.tell("配司机") == "好的，记下了。\n谁坐车？"


async def test_a_corrected_value_is_told_back_with_the_next_question(talk: Start) -> None:
    talking = talk(TRIP)
    await talking.tell("我要订餐", "李四", "12月3号")
    assert await talking.tell("不对，12月4号") == "好的，12月4日（周五）。\n押多少？"


async def test_a_question_that_names_the_value_needs_no_other_words(talk: Start) -> None:
    talking = talk(TRIP.replace("押多少？", "'{{ date|day }}押多少？'"))
    await talking.tell("我要订餐", "李四", "12月3号")
    assert await talking.tell("不对，12月4号") == "12月4日（周五）押多少？"
