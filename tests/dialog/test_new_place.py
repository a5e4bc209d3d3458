"""What an order is changed to says nothing of which order it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.business.provider import Business, Row

Start = Callable[..., Any]

MOVE = """\
intent: move
title: 改送货时间
example: 送货改到后天
slots:
  trade:
    options:
      query: shop.trades
      value: number
      label: "{{ name }} {{ code }}，{{ date|day }}{{ part }}"
    ask: 改哪一单？
  day: {type: date, ask: 改到哪天？}
  part: {ask: 上午还是下午？, choices: [上午, 下午, 晚上]}
confirm: "{{ trade }}改到{{ day }}{{ part }}，对吗？"
answer:
  effect: shop.move
  with: {trade: trade, day: day, part: part}
  say: 改好了。
"""
CANCEL = """\
intent: cancel_trade
title: 取消送货
example: 不要送了
slots:
  trade:
    options: {query: shop.trades, value: number, label: "{{ name }}，{{ date|day }}{{ part }}"}
    ask: 取消哪一单？
confirm: "取消{{ trade.name }}，确定吗？"
yes_label: 确定取消
answer:
  effect: shop.cancel
  with: {trade: trade}
  say: 取消了。
"""


def shop() -> Business:
    business = Business("shop")

    @business.query
    async def trades(_: object) -> list[Row]:
        """What is to be brought."""
        return [
            {
                "number": "T1",
                "name": "海尔冰箱",
                "code": "A1002",
                "date": "2026-11-25",
                "part": "上午",
            },
            {
                "number": "T2",
                "name": "格力空调",
                "code": "A1003",
                "date": "2026-11-27",
                "part": "下午",
            },
        ]

    @business.effect
    async def move(_: object, *, trade: str, day: str, part: str) -> Row:
        """Bring it at another time."""
        return {"trade": trade, "day": day, "part": part}

    @business.effect
    async def cancel(_: object, *, trade: str) -> Row:
        """Do not bring it."""
        return {"trade": trade}

    return business


@pytest.mark.parametrize(
    ("said", "trade"),
    [
        ("冰箱改到周五下午送", "T1"),
        ("周三我不在家，冰箱改到周五下午送", "T1"),
        ("周三那单改到周五下午", "T1"),
        ("空调推迟到周六上午", "T2"),
        ("尾号002那单改到周五下午", "T1"),
    ],
)
async def test_the_row_is_the_one_that_is_named_and_not_the_new_day(
    talk: Start, said: str, trade: str
) -> None:
    moving = talk(MOVE, business=shop())
    decision = await moving.say(said, "move")
    assert decision.trace.slots["trade"] == trade


async def test_the_words_on_the_yes_button_are_a_yes_though_they_sound_like_a_no(
    talk: Start,
) -> None:
    cancelling = talk(CANCEL, business=shop())
    await cancelling.say("取消送货", "cancel_trade")
    await cancelling.tell("冰箱")
    decision = await cancelling.say("确定取消", "cancel")
    assert decision.trace.done == "cancel_trade"


@pytest.mark.parametrize("said", ["退", "嗯退", "退掉吧", "好，退了"])
async def test_the_deed_of_the_title_is_a_yes_to_its_read_back(talk: Start, said: str) -> None:
    quitting = talk(CANCEL.replace("title: 取消送货", "title: 退掉送货"), business=shop())
    await quitting.say("退掉送货", "cancel_trade")
    await quitting.tell("冰箱")
    assert "取消了。" in await quitting.tell(said)


async def test_words_of_the_button_that_may_be_a_no_are_asked_again(talk: Start) -> None:
    vague = CANCEL.replace("yes_label: 确定取消", "yes_label: 取消\nvague: [取消]")
    cancelling = talk(vague, business=shop())
    await cancelling.say("取消送货", "cancel_trade")
    await cancelling.tell("冰箱")
    decision = await cancelling.say("取消", "cancel")
    assert (decision.trace.done, decision.trace.asks) == ("", "confirm")


async def test_cancelling_is_vague_where_the_title_begins_with_it(talk: Start) -> None:
    cancelling = talk(CANCEL, business=shop())
    await cancelling.say("取消送货", "cancel_trade")
    await cancelling.tell("冰箱")
    decision = await cancelling.say("取消", "cancel")
    assert (decision.trace.done, decision.trace.asks) == ("", "confirm")
    decision = await cancelling.say("是的取消吧", "cancel")
    assert decision.trace.done == "cancel_trade"


ORDER = """\
intent: order
title: 订货
example: 我要订货
slots:
  trade:
    options: {query: shop.trades, value: number, label: "{{ name }}"}
    ask: 要哪一个？
  part: {ask: 上午场还是下午场？, choices: [上午场, 下午场], called: 场次}
confirm: "{{ trade.name }}{{ part }}。订吗？"
answer: {effect: shop.cancel, with: {trade: trade}, say: "{{ part }}订好了。"}
"""


@pytest.mark.parametrize("said", ["场次改到下午", "场次换成下午场", "场次错了，改下午"])
async def test_what_was_read_back_is_changed_by_its_name_though_another_business_is_resembled(
    talk: Start, said: str
) -> None:
    ordering = talk(ORDER, MOVE, business=shop())
    await ordering.say("订货", "order")
    await ordering.tell("冰箱", "上午场")
    decision = await ordering.say(said, "move")
    assert (decision.trace.task, decision.trace.slots["part"]) == ("order", "下午场")
