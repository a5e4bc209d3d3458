"""How slots are settled: order, conditions, defaults, dependence, checks, options, pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.business.provider import Refused
from engine.dialog.errors import WordsError

Start = Callable[..., Any]

HEAD = """\
intent: order
title: 订餐
example: 我要订餐
"""

TWO = (
    HEAD
    + """\
slots:
  dish:
    ask: 想吃什么？
    options:
      query: canteen.dishes
      value: dish
      label: "{{ dish }}"
      none: {say: 今天没有菜。, end: true}
  kind:
    type: text
    ask: "{{ dish }}要辣的吗？"
    resolve:
      query: canteen.find
      with: {dish: dish}
      value: price
      pick: first
answer:
  say: "{{ dish }} {{ kind }}"
"""
)


async def test_several_values_in_the_opener_leave_only_what_is_missing(talk: Start) -> None:
    talking = talk()
    decision = await talking.say("我要订餐，电话13812345678", "order")
    assert decision.trace.slots == {"phone": "13812345678"}
    assert await talking.tell("炒饭", "3", "不要辣") == (
        "炒饭 3 份，电话 138****5678，要求：不要辣。可以吗？"
    )


async def test_a_value_known_of_the_member_is_not_asked_for(talk: Start) -> None:
    talking = talk()
    talking.kitchen.profile = {"phone": "13900138000"}
    assert await talking.tell("我要订餐", "炒饭", "3") == "有什么要求？"


async def test_a_default_that_is_refused_is_asked_for_instead(talk: Start, order: str) -> None:
    default = "    default: member.phone\n"
    check = "    check: [{when: phone == '13900138000', say: 这个号码停机了。}]\n"
    script = order.replace(default, default + check)
    talking = talk(script)
    talking.kitchen.profile = {"phone": "13900138000"}
    assert await talking.tell("我要订餐", "炒饭", "3") == "这个号码停机了。\n留个手机号？"
    assert (await talking.tell("嗯哼")).endswith("留个手机号？")
    assert await talking.tell("13812345678") == "有什么要求？"


async def test_back_to_a_default_asks_for_it_and_does_not_take_it_again(
    talk: Start, order: str
) -> None:
    talking = talk(
        order.replace("    default: member.phone\n", "    default: member.phone or ''\n")
    )
    await talking.tell("我要订餐", "炒饭", "3", "13812345678")
    talking.kitchen.profile = {"phone": "13900138000"}
    assert await talking.tell("返回") == "留个手机号？"
    assert (await talking.tell("嗯哼")).endswith("留个手机号？")


async def test_a_slot_whose_condition_names_itself_counts_once_it_is_mentioned(
    talk: Start, order: str
) -> None:
    script = order.replace(
        "    default: member.phone\n", "    when: phone or not member\n"
    ).replace("电话 {{ phone|mask }}", "电话 {{ phone }}")
    talking = talk(script)
    talking.kitchen.profile = {"phone": "13900138000"}
    assert await talking.tell("我要订餐", "炒饭", "3") == "有什么要求？"
    assert "电话 13812345678" in await talking.tell("13812345678", "不要辣")


async def test_a_slot_whose_condition_ends_is_forgotten(talk: Start, order: str) -> None:
    script = order.replace("    skip: 无\n", "    skip: 无\n    when: dish == '炒饭'\n")
    talking = talk(script)
    await talking.tell("我要订餐", "炒饭", "3", "13812345678", "不要辣")
    assert "要求：。" in await talking.tell(
        "返回", "返回", "返回", "返回", "牛肉", "3", "13812345678"
    )


async def test_a_check_refuses_with_its_own_words_and_asks_again(talk: Start) -> None:
    talking = talk()
    decision = await talking.say("我要订餐")
    await talking.say("炒饭")
    decision = await talking.say("20")
    assert decision.replies[0].text == "最多九份。\n炒饭要几份？"
    assert decision.trace.reject == "check"


async def test_a_changed_slot_takes_those_that_stood_on_it_along(talk: Start) -> None:
    talking = talk(TWO)
    await talking.say("我要订餐")
    await talking.say("", payload="dish=炒饭")
    assert await talking.tell("要") == "炒饭 15\n还需要办别的吗？"
    await talking.say("我要订餐")
    await talking.say("", payload="dish=炒饭")
    decision = await talking.say("", payload="dish=牛肉面")
    assert decision.replies[0].text == "牛肉面要辣的吗？"


async def test_what_is_kept_is_looked_up_again_and_not_asked_again(talk: Start) -> None:
    script = TWO.replace("    type: text\n", "    type: text\n    keep: true\n").replace(
        "answer:\n", "  size:\n    type: text\n    ask: 大份小份？\nanswer:\n"
    )
    talking = talk(script)
    await talking.say("我要订餐")
    await talking.say("", payload="dish=炒饭")
    await talking.say("要")
    decision = await talking.say("", payload="dish=牛肉面")
    assert decision.trace.slots == {"dish": "牛肉面", "kind": "18"}
    assert decision.trace.asks == "size"


async def test_a_single_option_is_taken_without_asking(talk: Start) -> None:
    talking = talk(TWO)
    talking.kitchen.prices = {"炒饭": "15"}
    assert await talking.tell("我要订餐") == "炒饭要辣的吗？"


async def test_no_option_says_so_and_ends(talk: Start) -> None:
    talking = talk(TWO)
    talking.kitchen.prices = {}
    assert await talking.tell("我要订餐") == "今天没有菜。"
    assert talking.session.task is None


async def test_a_single_option_that_a_check_refuses_is_not_tried_for_ever(talk: Start) -> None:
    script = TWO.replace(
        "  kind:\n", '    check: [{when: dish == "炒饭", say: 炒饭今天没有。}]\n  kind:\n', 1
    )
    talking = talk(script)
    talking.kitchen.prices = {"炒饭": "15"}
    assert await talking.tell("我要订餐") == "炒饭今天没有。"
    assert talking.session.task is None


async def test_a_refusal_without_words_of_its_own_is_told_in_general_ones(talk: Start) -> None:
    talking = talk()
    talking.kitchen.refuses.append(Refused("nobody_knows"))
    await talking.tell("我要订餐", "炒饭", "2", "13812345678", "跳过")
    assert "办不了" in await talking.tell("好")
    assert talking.session.task.asking == "note"


async def test_the_opening_is_said_once(talk: Start, order: str) -> None:
    talking = talk(order.replace("slots:", "opening: 欢迎光临。\nslots:", 1))
    assert await talking.tell("我要订餐") == "欢迎光临。\n想吃什么？"
    assert "欢迎光临" not in await talking.tell("嗯哼")


async def test_rows_without_a_label_are_offered_by_their_value(talk: Start, order: str) -> None:
    talking = talk(order.replace('      label: "{{ dish }} {{ price }} 元"\n', ""))
    await talking.say("我要订餐")
    decision = await talking.say("面")
    assert [b.label for b in decision.replies[0].buttons] == ["1. 牛肉面", "2. 鸡蛋面"]


SEATS = {
    "flight_no": "CA1234",
    "date": "2026-11-24",
    "origin_city": "北京",
    "destination_city": "上海",
    "columns": "A",
    "rows": [{"number": 1, "exit": False, "seats": {"A": "free"}}],
}


@pytest.mark.parametrize(
    ("model", "alt"),
    [
        ("row.seats", "CA1234"),
        ("row.nothing", None),
        ("row", None),
    ],
)
async def test_a_picture_is_shown_where_there_is_one(
    talk: Start, order: str, model: str, alt: str | None
) -> None:
    picture = f"    picture: {{kind: seat_map, query: canteen.dishes, model: {model}}}\n"
    talking = talk(order.replace("    why: 知道", picture + "    why: 知道"))

    async def dishes(_: object, **arguments: Any) -> list[dict[str, Any]]:
        return [{"seats": SEATS}]

    talking.acts.business.queries["canteen.dishes"] = dishes
    reply = (await talking.say("我要订餐")).replies[0]
    assert reply.text == "想吃什么？"
    assert alt in reply.picture.alt if alt else reply.picture is None


async def test_a_picture_may_have_words_of_its_own(talk: Start, order: str) -> None:
    picture = (
        "    picture: {kind: seat_map, query: canteen.dishes, model: row, words: '\"座位图\"'}\n"
    )
    talking = talk(order.replace("    why: 知道", picture + "    why: 知道"))
    reply = (await talking.say("我要订餐")).replies[0]
    assert reply.picture.alt == "座位图"


async def test_a_text_that_fails_names_itself(talk: Start, order: str) -> None:
    talking = talk(order.replace('"{{ dish }}要几份？"', '"{{ dish + 1 }}要几份？"'))
    await talking.say("我要订餐")
    with pytest.raises(WordsError, match=r"dish \+ 1"):
        await talking.say("炒饭")
