"""A yes that comes together with anything else does nothing with the old values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

Start = Callable[..., Any]

YES = ["好", "可以", "确认", "对", "行", "嗯好的", "没问题", "就这样"]
READY = ["我要订餐", "炒饭", "2", "13812345678", "不要辣"]
NOISE = {
    "another number": [
        "13900138000",
        "给13900138000",
        "139001380000",
        "尾号8000那个",
        "一三九那个",
    ],
    "somebody": ["王小明", "李四的", "给王小明", "是给我老婆", "我爸那个", "给别人"],
    "an amount": ["3份", "三", "三份就够", "30块", "多来点", "加到五份"],
    "a place or a day": ["12F", "靠窗", "15排", "CA1234", "后天的", "星期五", "从上海走"],
    "a no": ["不是", "不对", "别", "不要", "没说这个", "错了", "算了"],
    "something else first": [
        "先等等",
        "改天",
        "换一个",
        "还有一个",
        "再一个",
        "也给我妈",
        "我自己的",
    ],
}


def _together(noises: list[str]) -> Iterator[str]:
    for yes, noise in product(YES, noises):
        yield from (f"{yes}，{noise}", f"{noise}，{yes}", f"{yes}{noise}", f"{noise}{yes}")


@pytest.mark.parametrize("noises", NOISE.values(), ids=NOISE)
@pytest.mark.parametrize("sure", [0.6, 0.99])
async def test_a_yes_with_anything_else_beside_it_is_never_acted_on(
    talk: Start, noises: list[str], sure: float
) -> None:
    talking = talk()
    await talking.tell(*READY)
    ready = talking.state
    for text in _together(noises):
        talking.state = ready
        await talking.say(text, "affirm", sure=sure)
        assert not talking.kitchen.orders, text


@pytest.mark.parametrize(
    "text",
    ["好", "好的，谢谢", "确认，2份", "对，13812345678", "炒饭2份，可以", "行，快点吧，我赶时间"],
)
async def test_a_yes_may_stand_beside_courtesies_and_what_was_read_back(
    talk: Start, text: str
) -> None:
    talking = talk()
    await talking.tell(*READY)
    await talking.say(text, "affirm", sure=0.9)
    assert len(talking.kitchen.orders) == 1


@pytest.mark.parametrize("act", ["back", "deny", "menu", "cancel"])
async def test_its_own_words_of_consent_are_a_yes_whatever_else_they_resemble(
    talk: Start, order: str, act: str
) -> None:
    talking = talk(order.replace("answer:\n", "consent: [退, 退吧]\nanswer:\n"))
    await talking.tell(*READY)
    ready = talking.state
    await talking.say("退吧，13900138000", act, sure=0.9)
    assert not talking.kitchen.orders
    talking.state = ready
    await talking.say("那就退吧", act, sure=0.9)
    assert len(talking.kitchen.orders) == 1


async def test_whoever_is_named_at_the_read_back_is_not_the_customer(
    talk: Start, order: str
) -> None:
    script = order.replace(
        "    default: member.phone\n", "    default: member.phone\n    unless: [给别人]\n"
    )
    talking = talk(script)
    talking.kitchen.profile = {"phone": "13812345678"}
    await talking.tell("我要订餐", "炒饭", "2", "不要辣")
    decision = await talking.say("好，给别人订的", "affirm", sure=0.9)
    assert (decision.trace.asks, decision.trace.repair) == ("phone", "correction")
    assert "phone" not in decision.trace.slots
