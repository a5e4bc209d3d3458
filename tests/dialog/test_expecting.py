"""What the ears are told to listen for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dialog.moment.expecting import expect
from engine.speech.expected import Expected

Start = Callable[..., Any]


def expected(talking: Any) -> Expected:
    return expect(talking.scripts, talking.session, talking.kitchen.profile)


async def test_nothing_running_expects_the_businesses(talk: Start) -> None:
    assert expected(talk()) == Expected(frozenset(), ("订餐", "我要订餐", "查菜单", "今天有什么菜"))


async def test_an_example_with_a_number_is_not_expected(talk: Start, order: str, menu: str) -> None:
    talking = talk(order.replace("我要订餐", "给13812345678订餐"), menu)
    assert "13812345678" not in "".join(expected(talking).phrases)


async def test_a_question_expects_the_kind_of_its_slot(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭")
    assert expected(talking).kinds == {"number"}
    await talking.tell("2")
    assert expected(talking).kinds == {"phone"}


async def test_a_free_answer_has_no_kind(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐")
    assert expected(talking).kinds == frozenset()


async def test_choices_are_expected_by_their_place_and_by_the_names_in_them(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "面")
    waiting = expected(talking)
    assert waiting.kinds == {"ordinal"}
    assert {"牛肉面", "鸡蛋面"} <= set(waiting.phrases)


async def test_a_refused_value_makes_its_alternatives_likely(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "火锅")
    assert {"牛肉面", "鸡蛋面"} <= set(expected(talking).phrases)


async def test_the_customer_and_what_was_chosen_are_expected_by_name(talk: Start) -> None:
    talking = talk()
    talking.kitchen.profile = {"name": "张三", "phone": "13800000000"}
    await talking.tell("我要订餐", "炒饭")
    assert {"张三", "炒饭"} <= set(expected(talking).phrases)
    assert "13800000000" not in expected(talking).phrases


async def test_a_confirmation_expects_a_yes_or_a_no(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2", "13812345678", "跳过")
    assert expected(talking).kinds == {"yes_no"}
    assert {"确认", "取消"} <= set(expected(talking).phrases)


async def test_a_number_in_doubt_expects_a_yes_or_the_number_again(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    await talking.speak("幺三八幺二三四五六七八", 0.5)
    assert {"yes_no", "phone"} <= expected(talking).kinds
