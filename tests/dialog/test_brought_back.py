"""A value that was refused because of another one counts again; one that is needed is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TABLE = """\
intent: table
title: 订位
example: 我要订位
slots:
  people: {type: number, ask: 几位？, called: [人数]}
  budget:
    type: money
    ask: 一共打算花多少？
    check:
      - {when: "budget|int < people|int * 50", say: 人均至少50元。}
      - {when: budget > 9000, say: 最多9000元。}
  name: {type: person, ask: 怎么称呼？}
answer:
  say: "{{ people }} 位 {{ budget }} 元 {{ name }}"
"""


async def test_it_is_not_asked_for_again(talk: Callable[..., Any]) -> None:
    talking = talk(TABLE)
    await talking.say("我要订位", "table")
    assert "人均至少" in await talking.tell("10位", "300元")
    assert "怎么称呼" in await talking.tell("那就5位")
    assert "5 位 300 元 王小明" in await talking.tell("王小明")


async def test_it_is_refused_again_where_it_still_does_not_fit(talk: Callable[..., Any]) -> None:
    talking = talk(TABLE)
    await talking.say("我要订位", "table")
    assert "人均至少" in await talking.tell("10位", "300元", "那就8位")
    assert "8 位 400 元" in await talking.tell("400元", "王小明")


async def test_what_is_refused_by_itself_stays_away(talk: Callable[..., Any]) -> None:
    talking = talk(TABLE)
    await talking.say("我要订位", "table")
    assert "最多9000" in await talking.tell("10位", "10000元")
    assert "最多9000" in await talking.tell("人数改成5位")


async def test_another_answer_takes_its_place(talk: Callable[..., Any]) -> None:
    talking = talk(TABLE)
    await talking.say("我要订位", "table")
    await talking.tell("10位", "300元", "600元")
    assert "5 位 600 元" in await talking.tell("人数改成5位", "王小明")


BINDING = """\
intent: table
title: 打印
example: 我要订位
slots:
  bound: {ask: 要不要装订？, if_yes: "yes", if_no: "no"}
  how: {when: bound == "yes", ask: 怎么订？, choices: [胶装, 骑马钉]}
answer:
  say: "{{ bound }} {{ how }}"
"""


async def test_a_choice_says_that_it_is_wanted(talk: Callable[..., Any]) -> None:
    talking = talk(BINDING)
    await talking.say("我要订位", "table")
    assert "yes 胶装" in await talking.tell("胶装就行")
