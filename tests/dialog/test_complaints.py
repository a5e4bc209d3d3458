"""Words of annoyance where they are the answer, or the business itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

RETURN = """\
intent: give_back
title: 退水
example: 把水退了
slots:
  why:
    ask: 为什么退？
    choices: [{value: slow, label: 送得太慢}, {value: out, label: 家里没人}]
  note: {type: text, ask: 给送水师傅留句话？没有就说「没有」。, skip: 无}
  reason: {type: text, ask: 具体是什么原因？}
  name: {type: person, ask: 您怎么称呼？, called: 称呼}
  phone: {type: phone, ask: 您的电话？}
answer: {say: "{{ why }} {{ note }} {{ reason }} {{ name }} {{ phone }}"}
"""
COMPLAIN = """\
intent: complain
title: 投诉建议
example: 我要投诉
slots:
  what: {type: text, ask: 您要投诉什么？}
answer: {say: "记下了：{{ what }}"}
"""


async def test_a_choice_in_words_of_annoyance_is_taken(talk: Start) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    decision = await water.say("太慢了")
    assert (decision.trace.slots["why"], decision.trace.handoff) == ("slow", "")


@pytest.mark.parametrize("said", ["服务太差", "送水的说我投诉他就不送了"])
async def test_a_reason_in_such_words_is_one(talk: Start, said: str) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    await water.tell("送得太慢", "没有")
    decision = await water.say(said)
    assert (decision.trace.slots["reason"], decision.trace.handoff) == (said, "")


async def test_a_reason_that_resembles_a_way_out_is_one(talk: Start) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    await water.tell("送得太慢", "没有")
    assert (await water.say("不转了", "cancel", sure=0.9)).trace.slots["reason"] == "不转了"
    assert (await water.say("取消吧", "cancel", sure=0.9)).trace.task == ""


@pytest.mark.parametrize("said", ["太慢了", "我要投诉你们"])
async def test_elsewhere_they_are_heard(talk: Start, said: str) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    await water.tell("送得太慢", "没有", "没人接电话")
    assert "name" not in (await water.say(said)).trace.slots


async def test_a_complaint_calls_nobody_where_it_is_the_business(talk: Start) -> None:
    desk = talk(COMPLAIN)
    decision = await desk.say("我要投诉", "complain")
    assert (decision.trace.task, decision.trace.handoff) == ("complain", "")
    assert (await desk.say("骗子公司，我要举报")).trace.handoff == ""
    assert (await talk(RETURN).say("我要投诉")).trace.handoff == "upset"


@pytest.mark.parametrize("note", ["上楼前打电话", "到了提前说一声"])
async def test_what_only_resembles_a_way_back_is_an_answer(talk: Start, note: str) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    await water.tell("送得太慢")
    assert (await water.say(note, "back", sure=0.9)).trace.slots["note"] == note


@pytest.mark.parametrize(
    "said", ["名字写错了，是周周", "称呼的名字错了，是周周", "姓名打错，应该叫周周"]
)
async def test_a_name_that_no_grammar_knows_is_put_right(talk: Start, said: str) -> None:
    water = talk(RETURN)
    await water.say("把水退了", "give_back")
    await water.tell("送得太慢", "无", "没人接电话", "李雷")
    assert (await water.say(said)).trace.slots["name"] == "周周"


LEAVE = """\
intent: leave
title: 取消预约
example: 取消预约
slots:
  why: {ask: 因为什么取消？, choices: [时间不合适, 不想做了, 其他]}
  how: {ask: 怎么退？, choices: [原路, 其他]}
answer: {say: "{{ why }} {{ how }}"}
"""


async def test_a_reason_on_no_button_is_another_one(talk: Start) -> None:
    leave = talk(LEAVE)
    await leave.say("取消预约", "leave")
    decision = await leave.say("临时要出差")
    assert (decision.trace.slots["why"], decision.trace.asks) == ("其他", "how")


async def test_a_reason_that_only_resembles_small_talk_is_another_one(talk: Start) -> None:
    leave = talk(LEAVE)
    await leave.say("取消预约", "leave")
    decision = await leave.say("临时有事", "greet", sure=0.6)
    assert (decision.trace.slots["why"], decision.trace.asks) == ("其他", "how")


@pytest.mark.parametrize("said", ["为什么要问这个", "7", "!!"])
async def test_what_is_no_reason_is_not_another_one(talk: Start, said: str) -> None:
    leave = talk(LEAVE)
    await leave.say("取消预约", "leave")
    decision = await leave.say(said)
    assert decision.trace.asks == "why"


async def test_words_on_no_button_are_another_choice_only_of_reasons(talk: Start) -> None:
    leave = talk(LEAVE)
    await leave.say("取消预约", "leave")
    await leave.tell("不想做了")
    decision = await leave.say("退到卡里")
    assert decision.trace.asks == "how"


ESTATE = {
    "complain": """\
intent: complain
title: 物业投诉
example: 楼上太吵
undo: withdraw
slots:
  what: {ask: 投诉什么？, choices: [噪音, 卫生]}
  flat: {type: text, ask: 您住几栋几单元几号？, called: [房号, 住址]}
  name: {type: person, ask: 您贵姓？}
answer: {say: "{{ what }} {{ flat }} {{ name }}"}
""",
    "withdraw": """\
intent: withdraw
title: 撤销投诉
example: 投诉撤了吧
slots:
  why: {type: text, ask: 为什么撤销？}
answer: {say: "{{ why }}"}
""",
}


@pytest.mark.parametrize(
    ("said", "asks"),
    [("投诉", "what"), ("投诉噪音，我住3栋2单元501", "name"), ("投诉卫生", "flat")],
)
async def test_a_complaint_begins_the_one_business_for_it(
    talk: Start, said: str, asks: str
) -> None:
    decision = await talk(*ESTATE.values()).say(said)
    assert (decision.trace.task, decision.trace.asks) == ("complain", asks)


@pytest.mark.parametrize("flat", ["3栋2单元501", "阳光小区3栋2单元501"])
async def test_a_flat_is_told_before_it_is_asked_for(talk: Start, flat: str) -> None:
    decision = await talk(*ESTATE.values()).say(f"投诉噪音，我住{flat}")
    assert decision.trace.slots["flat"] == flat


async def test_a_free_answer_begins_nothing_that_it_only_resembles(talk: Start) -> None:
    estate = talk(*ESTATE.values())
    await estate.say("投诉撤了吧", "withdraw")
    decision = await estate.say("楼上不吵了", "complain", sure=0.92)
    assert decision.trace.done == "withdraw"


async def test_a_free_question_is_left_for_a_business_by_its_name(talk: Start) -> None:
    estate = talk(*ESTATE.values())
    await estate.say("投诉撤了吧", "withdraw")
    decision = await estate.say("我还要投诉卫生", "complain", sure=0.92)
    assert decision.trace.task == "complain"
