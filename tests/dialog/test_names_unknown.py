"""Names that no grammar knows, and names beside what was known before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

FLOWERS = """\
intent: order
title: 订花
example: 我要订花
slots:
  use: {ask: 送谁？, choices: [{value: e, label: 长辈, pattern: 老师|妈}, {value: l, label: 爱人}]}
  sender: {type: person, ask: 落款写谁？}
  phone: {type: phone, ask: 收花人电话？}
  address: {type: text, ask: 送到哪里？}
  own: {type: phone, ask: 您的电话？}
answer:
  say: "{{ use }} {{ sender }} {{ phone }} {{ address }} {{ own }}"
"""


@pytest.fixture
def flowers(talk: Start) -> Any:
    return talk(FLOWERS)


async def slots(flowers: Any, *texts: str) -> dict[str, Any]:
    await flowers.say("我要订花", "order")
    await flowers.tell(*texts)
    return {name: filled.said for name, filled in flowers.session.task.slots.items()}


@pytest.mark.parametrize("name", ["三年二班", "小宝妈", "阿花酱"])
async def test_a_name_is_taken_when_it_is_said_again(flowers: Any, name: str) -> None:
    assert "sender" not in await slots(flowers, "长辈", name)
    await flowers.tell(name)
    assert flowers.session.task.slots["sender"].value == name


@pytest.mark.parametrize("said", ["明天下午", "几点送", "12号"])
async def test_what_is_something_else_is_no_name(flowers: Any, said: str) -> None:
    assert "sender" not in await slots(flowers, "长辈", said, said)


async def test_a_yes_is_no_name(flowers: Any) -> None:
    await slots(flowers, "长辈", "三年二班")
    await flowers.say("没问题", "affirm")
    assert "sender" not in flowers.session.task.slots


async def test_a_label_that_says_nothing_new_is_a_part_of_the_name(flowers: Any) -> None:
    assert (await slots(flowers, "长辈", "陈老师"))["sender"] == "陈老师"


async def test_the_last_answer_is_put_right(flowers: Any) -> None:
    told = ("长辈", "陈老师", "13900139000")
    await slots(flowers, *told)
    await flowers.say("打错了，是13900139001", "back", sure=0.9)
    found = {name: filled.said for name, filled in flowers.session.task.slots.items()}
    assert found["phone"] == "13900139001"
    assert "own" not in found
    assert "address" not in found
