"""A pet's stay, by an author who left much unsaid: what follows from what was said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

STAY = """\
intent: order
title: 寄养
example: 我要寄养
slots:
  kind:
    ask: 猫还是狗？
    choices: [{value: cat, label: 猫}, {value: dog, label: 狗}]
  size:
    when: kind == "dog"
    ask: 多大的狗？
    choices:
      - {value: small, label: 小型犬, pattern: 泰迪}
      - {value: large, label: 大型犬, pattern: 金毛}
  room:
    options: {query: canteen.dishes, value: dish, label: "{{ dish }}（{{ price }} 元）"}
    ask: 住哪一种？
  name: {type: text, ask: 叫什么？, called: 名字}
confirm: "{{ name }}（{{ kind }}{{ size }}）住{{ room }}，预订吗？"
yes_label: 预订
answer:
  effect: canteen.order
  with: {dish: room, portions: '"1"', phone: name}
  say: 订好了。
"""


@pytest.fixture
def stay(talk: Start) -> Any:
    """A conversation about three rooms."""
    talking = talk(STAY)
    talking.kitchen.prices = {"标准间": "60", "豪华间": "120", "家庭房": "200"}
    return talking


async def test_a_choice_takes_for_granted_what_it_needs(stay: Any) -> None:
    await stay.tell("我要订餐")
    assert await stay.tell("金毛") == "好的，大型犬。\n住哪一种？"
    assert await stay.tell("标准间", "豆豆") == "豆豆（狗大型犬）住标准间，预订吗？"


async def test_what_was_said_is_not_taken_back_by_it(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "金毛")
    assert await stay.tell("标准间", "豆豆") == "豆豆（猫）住标准间，预订吗？"


async def test_the_one_in_the_middle_is_a_row(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "中间那个")
    assert await stay.tell("豆豆") == "豆豆（猫）住豪华间，预订吗？"


async def test_a_cheaper_one_is_wished_for_instead(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "家庭房", "豆豆")
    assert await stay.tell("太贵了换个便宜的") == "豆豆（猫）住豪华间，预订吗？"


async def test_a_name_is_corrected_by_what_it_is(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "标准间", "豆豆")
    assert await stay.tell("名字写错了，叫大白") == "大白（猫）住标准间，预订吗？"


async def test_what_stands_on_the_button_is_no_name(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "标准间")
    assert (await stay.tell("预订")).endswith("叫什么？")


async def test_a_plain_yes_after_a_change_that_was_not_understood_is_doubted(stay: Any) -> None:
    await stay.tell("我要订餐", "猫", "标准间", "豆豆")
    await stay.tell("换到窗户朝南那个")
    assert "还没有办" in await stay.tell("好")
    decision = await stay.say("确认", "affirm")
    assert decision.trace.done == "order"


@pytest.mark.parametrize("said", ["还是要飞行房吧", "要飞行那间", "还是飞行的"])
async def test_a_row_whose_name_holds_a_word_of_consent_is_taken_for_the_other(
    stay: Any, said: str
) -> None:
    stay.kitchen.prices = {"标准房": "60", "飞行房": "120"}
    await stay.tell("我要订餐", "猫", "标准房", "豆豆")
    decision = await stay.say(said, "affirm", sure=0.9)
    assert (decision.trace.slots["room"], decision.trace.asks) == ("飞行房", "confirm")


@pytest.mark.parametrize("said", ["好的好的", "可以可以，行", "那就行", "嗯 订吧"])
async def test_consent_names_no_other_row(stay: Any, said: str) -> None:
    await stay.tell("我要订餐", "猫", "标准间", "豆豆")
    decision = await stay.say(said, "affirm")
    assert decision.trace.done == "order"
