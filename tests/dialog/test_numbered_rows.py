"""Rows whose names hold a number, as 2号场: no day, no place in the list, no floor is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

COURT = """\
intent: order
title: 订场
example: 我要订场
slots:
  date: {type: date, ask: 哪天打？}
  court:
    options: {query: canteen.dishes, value: dish, label: "{{ dish }}（{{ price }} 元/小时）"}
    ask: 要哪一片？
  phone: {type: phone, ask: 手机号？}
confirm: "{{ date }} {{ court }} {{ phone|mask }}，订吗？"
answer:
  effect: canteen.order
  with: {dish: court, portions: '"1"', phone: phone}
  say: 订好了。
"""


@pytest.fixture
def courts(talk: Start) -> Any:
    """A conversation about courts, of which the second stands second and the fifth third."""
    talking = talk(COURT)
    talking.kitchen.prices = {"1号场": "60", "2号场": "80", "5号场": "2"}
    return talking


@pytest.mark.parametrize(
    ("said", "court"),
    [
        ("2号场", "2号场"),
        ("那就二号场吧", "2号场"),
        ("还是5号场", "5号场"),
        ("五号场", "5号场"),
        ("第二个", "2号场"),
    ],
)
async def test_a_numbered_name_is_the_row_that_bears_it(courts: Any, said: str, court: str) -> None:
    await courts.tell("我要订餐", "明天", said)
    assert await courts.tell("13812345678") == f"2026-11-24 {court} 138****5678，订吗？"


@pytest.mark.parametrize("said", ["还是2号场", "换成二号场", "不对，2号场"])
async def test_another_row_is_named_at_the_read_back_and_the_day_stays(
    courts: Any, said: str
) -> None:
    await courts.tell("我要订餐", "明天", "1号场", "13812345678")
    assert await courts.tell(said) == "2026-11-24 2号场 138****5678，订吗？"


async def test_a_name_that_no_row_bears_is_no_day(courts: Any) -> None:
    await courts.tell("我要订餐", "明天", "1号场", "13812345678")
    assert "2026-11-24" in await courts.tell("换成7号场")


@pytest.mark.parametrize("said", ["哪个便宜", "哪一片最便宜呢"])
async def test_who_asks_which_is_the_cheapest_has_not_taken_it_yet(courts: Any, said: str) -> None:
    await courts.tell("我要订餐", "明天")
    decision = await courts.say(said)
    assert [each.label[:6] for each in decision.replies[-1].buttons] == ["1. 5号场"]
    assert "court" not in decision.trace.slots
    assert await courts.tell("好") == "手机号？"


async def test_a_number_for_another_slot_by_its_name_is_no_row_with_that_number(
    talk: Start,
) -> None:
    talking = talk(
        COURT.replace("  date:", "  people: {type: number, ask: 几位？, called: [人数]}\n  date:")
    )
    talking.kitchen.prices = {"1号场": "60", "2号场": "2"}
    await talking.tell("我要订餐", "4", "明天")
    await talking.tell("人数改成2")
    assert await talking.tell("1号场", "13812345678") == "2026-11-24 1号场 138****5678，订吗？"
