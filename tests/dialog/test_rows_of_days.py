"""Tickets that have a day of their own, which no slot is for, and names that hold each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

REFUND = """\
intent: order
title: 退票
example: 我要退票
slots:
  ticket:
    options: {query: canteen.dishes, value: dish, label: "{{ dish }} {{ price|day }}"}
    ask: 退哪一张？
  phone: {type: phone, ask: 手机号？}
confirm: "{{ ticket }} {{ phone|mask }}，退票吗？"
answer:
  effect: canteen.order
  with: {dish: ticket, portions: '"1"', phone: phone}
  say: 办好了。
"""

#: The same shape for doctors, who have a fee where tickets have a day.
REGISTER = REFUND.replace("退票", "挂号").replace("{{ price|day }}", "（{{ price }} 元）")


@pytest.fixture
def tickets(talk: Start) -> Any:
    """A conversation about two tickets, at the read-back of the later one."""
    talking = talk(REFUND)
    talking.kitchen.prices = {"流浪地球": "2026-11-24", "熊出没": "2026-11-28"}
    return talking


@pytest.mark.parametrize("said", ["不对，退明天的", "不是，是明天的那张", "换成明天那张"])
async def test_a_day_put_right_is_that_of_another_row(tickets: Any, said: str) -> None:
    await tickets.tell("我要订餐", "熊出没", "13812345678")
    assert await tickets.tell(said) == "流浪地球 138****5678，退票吗？"


async def test_a_day_beside_a_farewell_chooses_no_other_row(tickets: Any) -> None:
    await tickets.tell("我要订餐", "熊出没", "13812345678")
    assert "流浪地球" not in await tickets.tell("明天见")
    assert not tickets.kitchen.orders


@pytest.mark.parametrize("said", ["主任", "主任医师", "要主任"])
async def test_who_begins_with_what_is_said_comes_before_who_holds_it(
    talk: Start, said: str
) -> None:
    talking = talk(REGISTER)
    talking.kitchen.prices = {"副主任医师": "30", "主任医师": "50", "主治医师": "15"}
    await talking.tell("我要订餐", said)
    assert await talking.tell("13812345678") == "主任医师 138****5678，挂号吗？"
    assert (await talking.tell("挂")).startswith("办好了。")


async def test_a_name_after_the_night_is_not_named_by_an_evening(talk: Start) -> None:
    talking = talk(REFUND)
    talking.kitchen.prices = {"流浪地球": "2026-11-24", "夜半歌声": "2026-11-28"}
    await talking.tell("我要订餐", "晚上那张")
    assert "夜半歌声" not in await talking.tell("13812345678")
