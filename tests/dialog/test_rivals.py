"""Of two values where there is room for one, neither is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

ONE, OTHER = "13812345678", "13900138000"


BOTH = [f"{ONE}或者{OTHER}", f"{ONE}，{OTHER}", f"{OTHER}还是{ONE}", f"打{ONE}，也可以打{OTHER}"]


@pytest.mark.parametrize("text", BOTH)
async def test_of_two_numbers_none_is_taken_and_one_is_asked_for(talk: Start, text: str) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    decision = await talking.say(text)
    assert (decision.trace.asks, decision.trace.slots.get("phone")) == ("phone", None)
    assert "不止一个" in decision.replies[0].text


@pytest.mark.parametrize(
    "text", [f"{ONE}，不对，{OTHER}", f"不是{ONE}，是{OTHER}", f"{OTHER}，{OTHER}"]
)
async def test_a_number_that_is_taken_back_or_repeated_is_no_second_one(
    talk: Start, text: str
) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    assert (await talking.say(text)).trace.slots["phone"] == OTHER


async def test_a_second_number_at_the_read_back_takes_the_first_away(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", ONE, "不要辣")
    decision = await talking.say(f"好，{ONE}和{OTHER}", "affirm", sure=0.9)
    assert decision.trace.asks == "phone"
    assert not talking.kitchen.orders
