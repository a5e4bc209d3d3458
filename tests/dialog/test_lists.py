"""Slots that hold a list: several values at once, one more, one less, and a value for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.dialog.errors import ScriptError

Start = Callable[..., Any]

HEAD = """\
intent: order
title: 订房
example: 我要订餐
"""
GUESTS = (
    HEAD
    + """\
slots:
  guest:
    type: person
    many: true
    ask: 哪几位？
    more: 已有 {{ chosen|length }} 位：{{ chosen|listed }}。还有吗？
  seat:
    type: [seat, seat_preference]
    each: guest
    join: seat_preference
    words: {together: [坐一起]}
    choices: [{value: any, label: 随便}]
    ask: 坐哪里？
    more: "{{ chosen|listed }}。{{ one }}坐哪里？"
answer:
  say: "{% for each in guest %}{{ each }} {{ seat[loop.index0] }} {% endfor %}"
"""
)
DISHES = (
    HEAD
    + """\
slots:
  dish:
    many: true
    ask: 要哪些？
    known: "['牛肉面', '鸡蛋面', '炒饭']"
    options: {query: canteen.dishes, value: dish, label: "{{ dish }}"}
answer:
  say: "{% for each in dish %}{{ each }}{{ each.price }}元 {% endfor %}"
"""
)


@pytest.mark.parametrize(
    "said", ["订两间，入住人是张伟和刘洋，尽快", "入住人：张伟、刘洋", "要订房，入住人张伟跟刘洋"]
)
async def test_several_names_after_what_they_are_called_are_on_the_list(
    talk: Start, said: str
) -> None:
    guests = GUESTS.replace("    many: true\n", "    many: true\n    called: 入住人\n")
    decision = await talk(guests).say(said, "order")
    assert decision.trace.slots["guest"] == "张伟、刘洋"


async def test_several_names_in_one_message_are_several_values(talk: Start) -> None:
    assert await talk(GUESTS).tell("我要订餐", "王小明和李小红") == (
        "已有 2 位：王小明、李小红。还有吗？"
    )


async def test_a_list_grows_until_nothing_is_left_to_add(talk: Start) -> None:
    talking = talk(GUESTS)
    assert await talking.tell("我要订餐", "王小明") == "已有 1 位：王小明。还有吗？"
    assert await talking.tell("李小红") == "已有 2 位：王小明、李小红。还有吗？"
    assert await talking.tell("就这些") == "坐哪里？"


async def test_a_no_and_nothing_else_close_a_list(talk: Start) -> None:
    assert await talk(GUESTS).tell("我要订餐", "王小明", "不要") == "坐哪里？"
    assert await talk(GUESTS).tell("我要订餐", "王小明", "跳过") == "坐哪里？"


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("还有一位叫张大山", "王小明、李小红、张大山"),
        ("王小明不去了", "李小红"),
        ("改成乘机人张大山", "张大山"),
    ],
)
async def test_a_closed_list_is_replaced_added_to_or_taken_from(
    talk: Start, said: str, who: str
) -> None:
    more = next(line for line in GUESTS.splitlines(keepends=True) if "已有" in line)
    talking = talk(GUESTS.replace(more, ""))
    await talking.tell("我要订餐", "王小明和李小红")
    decision = await talking.say(said)
    assert decision.trace.slots["guest"] == who


@pytest.mark.parametrize(
    ("said", "seats"),
    [
        ("12A和12B", "12A、12B"),
        ("李小红12A，王小明12B", "12B、12A"),
        ("坐一起，靠窗", "together+window、together+window"),
        ("随便", "any、any"),
    ],
)
async def test_each_of_a_list_gets_a_value(talk: Start, said: str, seats: str) -> None:
    talking = talk(GUESTS)
    await talking.tell("我要订餐", "王小明和李小红", "就这些")
    decision = await talking.say(said)
    assert decision.trace.done == "order"
    assert decision.trace.slots["seat"] == seats


async def test_what_is_missing_is_asked_for_by_name(talk: Start) -> None:
    talking = talk(GUESTS)
    await talking.tell("我要订餐", "王小明和李小红", "就这些")
    assert await talking.tell("12A") == "12A。李小红坐哪里？"
    assert await talking.tell("12B") == "王小明 12A 李小红 12B\n还需要办别的吗？"


async def test_more_values_than_places_are_offered_for_a_choice(talk: Start) -> None:
    talking = talk(GUESTS)
    await talking.tell("我要订餐", "王小明", "就这些")
    decision = await talking.say("12A和12B")
    assert (decision.trace.reject, decision.trace.offers) == ("too_many", ["12A", "12B"])
    assert (await talking.say("第二个")).trace.slots["seat"] == "12B"


@pytest.mark.parametrize(
    ("said", "dishes"),
    [
        ("都要", "牛肉面18元 鸡蛋面12元 炒饭15元"),
        ("牛肉面和炒饭", "牛肉面18元 炒饭15元"),
        ("第一个和第三个", "牛肉面18元 炒饭15元"),
        ("鸡旦面", "鸡蛋面12元"),
        ("2", "鸡蛋面12元"),
    ],
)
async def test_several_rows_are_chosen_at_once(talk: Start, said: str, dishes: str) -> None:
    assert await talk(DISHES).tell("我要订餐", said) == f"{dishes}\n还需要办别的吗？"


async def test_a_button_takes_all_rows(talk: Start) -> None:
    talking = talk(DISHES)
    asked = await talking.say("我要订餐")
    everything = asked.replies[0].buttons[-1]
    assert everything.label == "全部"
    decision = await talking.say("全部", payload=everything.payload)
    assert decision.trace.slots["dish"] == "牛肉面、鸡蛋面、炒饭"


async def test_names_of_the_opener_are_known_once_there_are_rows(talk: Start) -> None:
    decision = await talk(DISHES).say("我要订餐，炒饭和牛肉面", "order")
    assert decision.trace.slots["dish"] == "牛肉面、炒饭"


@pytest.mark.parametrize(
    ("slots", "problem"),
    [
        ("a: {type: person, ask: 谁？, more: 还有吗？}", "the slot holds no list"),
        ("a: {type: person, each: b, ask: 谁？}", "no slot above holds a list `b`"),
        (
            "a: {type: person, many: true, ask: 谁？}\n"
            "  b: {type: seat, each: a, many: true, ask: 哪？}",
            "neither `many` nor `options`",
        ),
    ],
)
def test_lists_that_cannot_be_are_told(talk: Start, slots: str, problem: str) -> None:
    with pytest.raises(ScriptError, match=problem):
        talk(f"{HEAD}slots:\n  {slots}\nanswer: {{say: 好}}\n")


BOXES = (
    HEAD
    + """\
slots:
  medicine: {many: true, choices: [阿司匹林, 缬沙坦], ask: 要哪几种药？}
  boxes: {type: number, each: medicine, ask: 几盒？, more: "{{ one }}几盒？"}
  age: {type: number, ask: 多大？}
answer:
  say: "{{ boxes|listed }}，{{ age }}"
"""
)


@pytest.mark.parametrize("said", ["各两盒", "每种两盒", "都要两盒"])
async def test_a_number_for_each_is_for_all_of_them(talk: Start, said: str) -> None:
    conversation = talk(BOXES)
    await conversation.say("我要订餐", "order")
    await conversation.say("阿司匹林和缬沙坦")
    assert (await conversation.say(said)).trace.slots["boxes"] == "2、2"
    assert (await conversation.say("60岁")).trace.done == "order"


async def test_a_number_alone_is_for_the_first_of_them(talk: Start) -> None:
    conversation = talk(BOXES)
    await conversation.say("我要订餐", "order")
    await conversation.say("阿司匹林和缬沙坦")
    await conversation.say("两盒")
    assert (await conversation.say("三盒")).trace.slots["boxes"] == "2、3"
