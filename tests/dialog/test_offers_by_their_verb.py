"""What is offered by a verb (要租储物柜吗), and choices of which several words are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

STUDY = """\
intent: order
title: 约座位
example: 我要约座位
slots:
  seat:
    options: {query: canteen.dishes, value: dish, label: "{{ dish }} {{ price }}"}
    ask: 选哪个座位？
  locker:
    ask: 要租储物柜吗？一天 2 元。
    if_yes: "yes"
    if_no: "no"
  phone: {type: phone, ask: 手机号？}
confirm: "{{ seat }}，{{ '租柜' if locker == 'yes' else '不租柜' }}，{{ phone|mask }}，预约吗？"
answer:
  effect: canteen.order
  with: {dish: seat, portions: locker, phone: phone}
  say: 约好了。
"""


@pytest.fixture
def study(talk: Start) -> Any:
    """A conversation about seats to study at."""
    talking = talk(STUDY)
    talking.kitchen.prices = {"A1": "靠窗 有插座", "A2": "靠走道", "B7": "靠墙 有插座"}
    return talking


@pytest.mark.parametrize("said", ["不租柜子了", "先不租", "我不想租了", "还是不租储物柜了"])
async def test_a_verb_denied_leaves_the_thing_out_and_ends_nothing(study: Any, said: str) -> None:
    await study.tell("我要订餐", "A1", "要", "13812345678")
    assert await study.tell(said) == "A1，不租柜，138****5678，预约吗？"


@pytest.mark.parametrize("said", ["还是租一个吧", "那就租吧", "我要租个柜子"])
async def test_a_verb_wished_for_takes_it_after_all(study: Any, said: str) -> None:
    await study.tell("我要订餐", "A1", "不要", "13812345678")
    assert await study.tell(said) == "A1，租柜，138****5678，预约吗？"


@pytest.mark.parametrize("said", ["有插座靠墙的", "要靠墙、有插座的", "靠墙又有插座的那个"])
async def test_several_words_of_a_choice_name_it_in_any_order(study: Any, said: str) -> None:
    await study.tell("我要订餐", said, "要")
    assert (await study.tell("13812345678")).startswith("B7，")


@pytest.mark.parametrize(
    ("said", "is_one"),
    [("有会员", True), ("我是会员", True), ("不是会员", False), ("没会员", False)],
)
async def test_what_one_is_asked_to_be_one_is_or_has(talk: Start, said: str, is_one: bool) -> None:
    talking = talk(STUDY.replace("要租储物柜吗？一天 2 元。", "是会员吗？会员九折。"))
    talking.kitchen.prices = {"A1": "靠窗"}
    await talking.tell("我要订餐", said)
    assert ("，租柜，" in await talking.tell("13812345678")) is is_one


@pytest.mark.parametrize("said", ["我是户主", "是租客", "我就是户主"])
async def test_one_of_several_that_one_is_asked_to_be_is_a_yes(talk: Start, said: str) -> None:
    talking = talk(STUDY.replace("要租储物柜吗？一天 2 元。", "您是户主或租客本人吗？"))
    talking.kitchen.prices = {"A1": "靠窗"}
    await talking.tell("我要订餐", "13812345678")
    assert "，租柜，" in await talking.tell(said)
