"""People who are named in the middle of a sentence: 「王芳和张伟来找李雷谈合作」."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.dialog.reading import titles

Start = Callable[..., Any]

VISIT = """\
intent: order
title: 访客
example: 我要登记
slots:
  guest: {type: person, many: true, ask: 哪几位来？}
  host: {type: person, ask: 找谁？, before: [找, 拜访, 约了]}
answer:
  say: "{{ guest|listed }}，{{ host }}"
"""


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("王芳和张伟来找李雷谈合作", {"guest": "王芳、张伟", "host": "李雷"}),
        ("王芳、张伟、赵敏三个人过来", {"guest": "王芳、张伟、赵敏"}),
        ("明天上午十点王芳跟张伟要来", {"guest": "王芳、张伟"}),
        ("我约了韩梅梅开会", {"host": "韩梅梅"}),
        ("拜访李雷明天过去", {"host": "李雷"}),
        ("找李雷", {"host": "李雷"}),
        ("网球和羽毛球一起来", {}),
        ("今天和明天来", {}),
        ("找地方开会", {}),
    ],
)
async def test_who_is_named_among_other_words_is_known(
    talk: Start, said: str, slots: dict[str, str]
) -> None:
    decision = await talk(VISIT).say(said, "order")
    assert decision.trace.slots == slots


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("13812345678，我姓赵", ["赵"]),
        ("免贵姓欧阳，13812345678", ["欧阳"]),
        ("赵先生，13812345678", ["赵先生"]),
        ("性价比高，13812345678", []),
        ("姓名写错了，13812345678", []),
        ("我姓赵", []),
    ],
)
def test_a_surname_is_given_beside_other_values(text: str, names: list[str]) -> None:
    assert [hit.value for hit in titles.called_beside(text, ())] == names


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我和闺蜜陈晨一起", "陈晨"),
        ("跟李雷一起练", "李雷"),
        ("我和我同事韩梅梅两个人", "韩梅梅"),
        ("和朋友一起", ""),
        ("我们一起", ""),
    ],
)
def test_who_does_it_together_with_somebody_names_that_one(said: str, name: str) -> None:
    assert titles.with_somebody(said) == name


FOR_WHOM = """\
intent: order
title: 续方
example: 我要续方
slots:
  patient: {type: person, ask: 给谁续方？}
  phone: {type: phone, ask: 手机号？}
answer:
  say: "{{ patient }}"
"""


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("给王芳续方", {"patient": "王芳"}),
        ("老妈的药没了，她叫王芳", {"patient": "王芳"}),
        ("帮我续方", {}),
        ("给老妈续方", {}),
    ],
)
async def test_for_whom_it_is_is_named_before_that_is_asked(
    talk: Start, said: str, slots: dict[str, str]
) -> None:
    assert (await talk(FOR_WHOM).say(said, "order")).trace.slots == slots


LESSON = """\
intent: order
title: 约课
example: 我要约课
slots:
  mate: {type: person, ask: 有人一起上吗？没有就说「没有」。, skip: 无}
answer:
  say: "{{ mate }}"
"""


@pytest.mark.parametrize("said", ["就我自己", "没别人", "我一个人的"])
async def test_who_comes_alone_skips_the_question_for_somebody_else(talk: Start, said: str) -> None:
    conversation = talk(LESSON)
    await conversation.say("我要约课", "order")
    decision = await conversation.say(said)
    assert decision.replies[0].text.startswith("无")


CAMP = """\
intent: order
title: 冬令营
example: 报冬令营
slots:
  child: {type: person, ask: 孩子叫什么名字？, called: [孩子姓名]}
  allergy: {ask: 有过敏吗？, if_yes: "yes", if_no: "no"}
  what: {type: text, when: allergy == "yes", ask: 对什么过敏？}
  parent: {type: person, ask: 家长姓名？, called: [家长]}
answer:
  say: "{{ child }}，{{ allergy }}，{{ what }}，{{ parent }}"
"""


@pytest.mark.parametrize(
    "said", ["孩子叫李小雨，家长李雷", "家长叫李雷，孩子的名字叫李小雨", "孩子叫李小雨，家长是李雷"]
)
async def test_who_is_called_so_is_who_is_asked_about(talk: Start, said: str) -> None:
    decision = await talk(CAMP).say(said, "order")
    told = decision.trace.slots
    assert (told["child"], told["parent"]) == ("李小雨", "李雷")


async def test_what_is_told_of_a_yes_is_one(talk: Start) -> None:
    camp = talk(CAMP)
    await camp.say("报冬令营", "order")
    assert "李小雨，yes，芒果，李雷" in await camp.tell("李小雨", "芒果过敏", "李雷")


@pytest.mark.parametrize(
    ("said", "name"), [("我陪着，周杰", "周杰"), ("火车站那个", ""), ("随便的", "")]
)
async def test_who_is_asked_for_is_a_clause_of_its_own_and_no_place(
    talk: Start, said: str, name: str
) -> None:
    camp = talk(CAMP)
    await camp.say("报冬令营", "order")
    await camp.tell("李小雨", "没有", "嗯嗯")
    assert (await camp.say(said)).trace.slots.get("parent", "") == name
