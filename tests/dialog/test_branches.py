"""Businesses within the words of another one, yes-or-no slots, lone numbers, slots by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.dialog.errors import ScriptError

Start = Callable[..., Any]

ORDER = """\
intent: order
title: 订餐
example: 我要订餐
slots:
  dish:
    ask: 想吃什么？
    called: 菜
    choices: [面, 饭]
  spicy:
    ask: 要辣吗？
    choices: [{value: hot, label: 辣}, {value: mild, label: 不辣}]
    if_yes: hot
    if_no: mild
  table:
    type: number
    ask: 坐几号桌？
    check: [{when: table|int > 9, say: 没有这张桌子。, end: true, next: undo, carry: dish}]
  floor: {words: {"2": [楼上]}, bare: {after: [楼], label: "{{ said }} 楼", value: said}}
  room: {words: {"1": [包间]}, bare: {after: [室], label: "{{ said }} 室", value: said}}
answer:
  say: "{{ dish }} {{ spicy }} {{ floor }} {{ room }}"
"""
UNDO = """\
intent: undo
title: 退餐
example: 我要退餐
within: [order, cancel]
cues: [退…餐, 退掉]
slots:
  dish: {ask: 退什么？, choices: [面, 饭]}
answer: {say: "{{ dish }}退了"}
"""


async def test_a_cue_tells_the_business_within(talk: Start) -> None:
    decision = await talk(ORDER, UNDO).say("我要退一份餐", "order")
    assert (decision.trace.task, decision.trace.asks) == ("undo", "dish")


@pytest.mark.parametrize("act", ["back", "cancel", "restart", "skip", "out_of_scope"])
async def test_a_cue_tells_it_where_an_act_has_nothing_to_act_on(talk: Start, act: str) -> None:
    decision = await talk(ORDER, UNDO).say("那份餐退掉", act)
    assert (decision.trace.task, decision.trace.asks) == ("undo", "dish")
    assert (await talk(ORDER, UNDO).say("那份餐", act)).trace.task == ""


async def test_while_the_other_one_is_running_its_words_are_about_it(talk: Start) -> None:
    talking = talk(ORDER, UNDO)
    await talking.say("我要订餐")
    assert (await talking.say("我要退一份餐", "order")).trace.task == "order"


async def test_a_business_aside_begins_all_the_same_and_comes_back(talk: Start) -> None:
    talking = talk(ORDER, UNDO.replace("cues:", "aside: true\ncues:"))
    await talking.say("我要订餐")
    assert (await talking.say("我要退一份餐", "order")).trace.task == "undo"
    decision = await talking.say("面")
    assert (decision.trace.done, decision.trace.resumes) == ("undo", "order")


@pytest.mark.parametrize(("said", "value"), [("好", "hot"), ("不要", "mild"), ("不辣", "mild")])
async def test_a_yes_and_a_no_are_answers(talk: Start, said: str, value: str) -> None:
    talking = talk(ORDER, UNDO)
    await talking.tell("我要订餐", "面")
    assert (await talking.say(said)).trace.slots["spicy"] == value


async def test_a_question_that_takes_but_yes_and_no_needs_nothing_else(talk: Start) -> None:
    choices = "    choices: [{value: hot, label: 辣}, {value: mild, label: 不辣}]\n"
    talking = talk(ORDER.replace(choices, ""), UNDO)
    await talking.tell("我要订餐", "面")
    assert (await talking.say("不要")).trace.slots["spicy"] == "mild"


async def test_what_is_offered_instead_takes_values_along(talk: Start) -> None:
    talking = talk(ORDER, UNDO)
    await talking.tell("我要订餐", "面", "好")
    decision = await talking.say("12")
    assert [button.label for button in decision.replies[-1].buttons] == ["退餐"]
    assert await talking.tell("好") == "面退了\n还需要办别的吗？"


async def test_a_number_alone_is_asked_about_where_it_may_be_several_things(talk: Start) -> None:
    talking = talk(ORDER, UNDO)
    decision = await talking.say("我要订餐")
    decision = await talking.say("3")
    assert [button.label for button in decision.replies[-1].buttons] == ["3 楼", "3 室"]
    assert (await talking.say("3 室")).trace.slots == {"room": "3"}
    assert (await talking.say("5楼")).trace.slots == {"room": "3", "floor": "5"}


async def test_a_slot_that_is_named_is_asked_for_again(talk: Start) -> None:
    talking = talk(ORDER, UNDO)
    await talking.tell("我要订餐", "面", "好")
    decision = await talking.say("换个菜")
    assert (decision.trace.repair, decision.trace.asks) == ("correction", "dish")


def test_a_business_that_is_offered_must_be_there(talk: Start) -> None:
    with pytest.raises(ScriptError, match="there is no business `undo`"):
        talk(ORDER)
