"""A removal as its customers tell it: from where to where in one breath, by whom, at what hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

MOVE = """\
intent: move
title: 搬家
example: 我要搬家
slots:
  origin: {type: text, ask: 从哪里搬？, before: 从}
  target: {type: text, ask: 搬到哪里？, before: [搬到, 到]}
  lift: {ask: 有电梯吗？, if_yes: "yes", if_no: "no", called: 电梯, default: "'yes'"}
  workers: {type: number, ask: 要几位师傅？, called: [工人]}
  time:
    type: time
    ask: 几点到？
    check:
      - {when: time > "21:00", say: 太晚了。}
  large: {type: text, ask: 有钢琴这样的大件吗？没有就说没有。, skip: 无}
answer:
  say: "{{ origin }}-{{ target }} {{ workers }} {{ time }} {{ large }}"
"""
PIANO = """\
intent: piano
title: 琴房
example: 约琴房
answer: {say: 琴房在二楼。}
"""


@pytest.fixture
def say(talk: Callable[..., Any]) -> Callable[..., Any]:
    """Says several things to the removers; what was said back to the last one."""
    conversation = talk(MOVE, PIANO)

    async def tell(*texts: str, seems: str = "", sure: float = 0.97) -> str:
        for text in texts:
            intent = "move" if text.startswith("我要搬家") else seems
            replies = (await conversation.say(text, intent, sure=sure)).replies
        return str(replies[0].text).removesuffix("\n还需要办别的吗？")

    return tell


@pytest.mark.parametrize("said", ["从阳光花园搬到翠湖小区", "从阳光花园到翠湖小区吧"])
async def test_both_ends_are_told_in_one_breath(say: Any, said: str) -> None:
    await say("我要搬家", said, "三位", "早上八点")
    assert await say("没有") == "阳光花园-翠湖小区 3 08:00 无"


async def test_what_is_done_at_an_address_is_no_part_of_it(say: Any) -> None:
    told = "从阳光花园3栋取琴搬到翠湖小区5栋"
    await say("我要搬家", told, "三位", "早上八点")
    assert await say("没有") == "阳光花园3栋-翠湖小区5栋 3 08:00 无"


async def test_both_ends_are_told_by_what_begins_it(say: Any) -> None:
    await say("我要搬家，从东门搬到北街5号，两个工人", "早上八点")
    assert await say("没有") == "东门-北街5号 2 08:00 无"


async def test_the_word_before_an_answer_is_no_part_of_it(say: Any) -> None:
    await say("我要搬家", "从东门", "到北街5号", "三位", "早上八点")
    assert await say("没有") == "东门-北街5号 3 08:00 无"


async def test_one_such_word_in_the_middle_says_nothing(say: Any) -> None:
    assert "搬到哪里" in await say("我要搬家", "学校东门到头那一栋")


@pytest.mark.parametrize(
    "asked", ["你们几点上班", "请问要多少钱", "能开发票吗", "师傅什么时候到？"]
)
async def test_a_question_to_the_company_is_no_address(say: Any, asked: str) -> None:
    assert "搬到哪里" in await say("我要搬家", "东门", asked)


@pytest.mark.parametrize("late", ["22点", "二十二点", "23点半"])
async def test_an_hour_of_the_evening_is_not_taken_for_one_of_the_morning(
    say: Any, late: str
) -> None:
    assert "太晚了" in await say("我要搬家", "东门", "北街", "三位", late)


async def test_an_answer_that_says_a_word_of_its_question_begins_nothing_else(say: Any) -> None:
    await say("我要搬家", "东门", "北街", "三位", "早上八点")
    assert (await say("有一台钢琴", seems="piano")).endswith("有一台钢琴")


async def test_a_wish_for_the_other_business_is_one_all_the_same(say: Any) -> None:
    await say("我要搬家", "东门", "北街", "三位", "早上八点")
    assert "琴房在二楼" in await say("我想练钢琴", seems="piano", sure=1.0)


async def test_a_number_in_a_clause_of_its_own_is_none_of_the_thing_named_before_it(
    say: Any,
) -> None:
    await say("我要搬家", "东门", "北街")
    assert "几点到" in await say("没有电梯，三位")
