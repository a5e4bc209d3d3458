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


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        (f"{ONE}，算了，{OTHER}", OTHER),
        (f"{ONE}还是{OTHER}呢，{ONE}吧", ONE),
        (f"{ONE}，还是{OTHER}吧", OTHER),
        (f"别打{ONE}，打{OTHER}", OTHER),
        (f"要不打{ONE}", ONE),
    ],
)
async def test_the_same_breath_may_decide_between_two_values(
    talk: Start, text: str, phone: str
) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    assert (await talking.say(text)).trace.slots["phone"] == phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [("后面那个", OTHER), ("第一个", ONE), ("尾号8000的", OTHER), (ONE, ONE)],
)
async def test_one_of_two_values_is_chosen_by_its_place_or_its_end(
    talk: Start, text: str, phone: str
) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    decision = await talking.say(f"{ONE}或者{OTHER}")
    assert [button.label for button in decision.replies[-1].buttons] == [
        "138****5678",
        "139****8000",
    ]
    assert (await talking.say(text)).trace.slots["phone"] == phone


async def test_a_question_whether_a_value_is_right_opens_nothing_again(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", ONE, "不要辣")
    decision = await talking.say("号码是不是我的？", "chitchat", sure=0.9)
    assert decision.trace.slots["phone"] == ONE
