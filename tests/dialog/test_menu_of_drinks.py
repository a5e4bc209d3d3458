"""Several things from one list: named by parts, joined, added to and taken from; and complaints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.business.provider import Business, Row

DRINKS = """\
intent: drinks
title: 点奶茶
example: 我要点单
slots:
  drink:
    many: true
    options: {query: bar.drinks, value: id, label: "{{ name }}"}
    ask: 喝什么？
  size:
    each: drink
    ask: 杯型？
    more: "{{ one.name }}的杯型？"
    choices: [{value: 中, label: 中杯}, {value: 大, label: 大杯}]
  sugar: {ask: 甜度？, choices: [半糖, 无糖]}
  place: {type: text, ask: 送到哪里？, called: [地址]}
confirm: "{{ drink|map(attribute='name')|listed }} {{ size|listed }} {{ sugar }} {{ place }}？"
answer:
  effect: bar.order
  with: {drink: drink, size: size, sugar: sugar, place: place}
  say: 下单了。
"""
COMPLAINT = """\
intent: complaint
title: 投诉建议
example: 我要投诉
answer: {say: 记下了。}
"""
BEGUN = "我要点单"


@pytest.fixture
def say(talk: Callable[..., Any]) -> Callable[..., Any]:
    """Says several things to the bar; what was said back to the last one."""
    business = Business("bar")

    @business.query
    async def drinks(_: object) -> list[Row]:
        named = (("a", "珍珠奶茶"), ("b", "柠檬茶"), ("c", "生椰拿铁"), ("d", "芝士葡萄"))
        return [{"id": at, "name": name} for at, name in named]

    @business.effect
    async def order(_: object, *, drink: object, size: object, sugar: str, place: str) -> Row:
        return {}

    conversation = talk(DRINKS, COMPLAINT, business=business)

    async def tell(*texts: str, seems: str = "") -> str:
        for text in texts:
            intent = "drinks" if text.startswith(BEGUN) else seems
            replies = (await conversation.say(text, intent, sure=0.9)).replies
        return str(replies[0].text)

    return tell


@pytest.mark.parametrize("said", ["珍珠奶茶、拿铁", "珍珠和拿铁", "第一个和第三个"])
async def test_each_thing_of_a_list_may_be_named_by_a_part(say: Any, said: str) -> None:
    await say(BEGUN, said, "都要大杯", "不要糖")
    assert "珍珠奶茶、生椰拿铁 大杯、大杯 无糖 北街" in await say("北街")


async def test_the_words_of_the_business_itself_choose_none_of_its_things(say: Any) -> None:
    assert "喝什么" in await say(f"{BEGUN}，点奶茶")


async def test_what_begins_it_names_a_thing_by_a_part(say: Any) -> None:
    assert "杯型" in await say(f"{BEGUN}，来一杯拿铁")


async def test_one_more_thing_is_asked_about_and_one_less_is_left_out(say: Any) -> None:
    await say(BEGUN, "柠檬茶", "大杯", "半糖", "北街")
    assert "芝士葡萄的杯型" in await say("再加一杯芝士葡萄")
    assert "柠檬茶、芝士葡萄 大杯、中杯 " in await say("中杯")
    assert "芝士葡萄 中杯 半糖 北街" in await say("柠檬茶不要了")


async def test_words_after_the_name_of_what_is_to_be_changed_take_its_place(say: Any) -> None:
    await say(BEGUN, "柠檬茶", "大杯", "半糖", "北街")
    assert "南街8号" in await say("改一下地址，南街8号")


async def test_where_complaints_are_a_business_they_call_nobody(say: Any) -> None:
    assert "记下了" in await say("我要投诉配送", seems="complaint")


async def test_a_complaint_in_the_middle_of_another_business_calls_a_person(say: Any) -> None:
    assert "人工" in await say(BEGUN, "气死我了，我要投诉")
