"""What happens on the way through a script: effects, other scripts, patterns, and consent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.business.provider import Business
from engine.dialog import checking
from engine.dialog.errors import ScriptError
from engine.dialog.scripts import loading

JOIN = """\
intent: join
title: 入会
example: 我要入会
slots:
  action:
    default: '"join"'
    choices:
      - {value: leave, label: 退会, pattern: "退会|不干了"}
  leave:
    when: action == "leave"
    task: {start: leave, instead: true}
  phone: {type: phone, ask: 手机号？}
  sent:
    does: {effect: club.send, with: {phone: phone}, value: number}
  code:
    type: number
    ask: "第 {{ sent.number }} 个码发到 {{ phone|mask }} 了。"
    choices:
      - {value: again, label: 重发, pattern: "再来一?个"}
    check:
      - {when: code == "again", say: "", clear: [sent, code]}
confirmed_by: code
answer:
  effect: club.join
  with: {phone: phone, code: code}
  say: 入会了。
"""
LEAVE = """\
intent: leave
title: 退会
example: 我要退会
menu: false
slots:
  phone: {type: phone, ask: 哪个号退会？}
confirm: "{{ phone }} 退会？"
answer: {effect: club.leave, with: {phone: phone}, say: 退会了。}
"""
TABLE = """\
intent: table
title: 订位
example: 我要订位
slots:
  known:
    when: not member
    task: {start: join, say: 要先入会。, otherwise: 不入会就订不了位。}
  seats: {type: number, ask: 几位？}
answer: {say: "{{ member.name }}，{{ seats }} 位。"}
"""


def club_of(sent: list[str], kitchen: Any = None) -> Business:
    """A club that notes where codes went, and makes a member of the customer."""
    club = Business("club")

    @club.effect
    async def send(_: object, *, phone: str) -> dict[str, Any]:
        sent.append(phone)
        return {"number": str(len(sent))}

    @club.effect
    async def join(_: object, *, phone: str, code: str) -> dict[str, Any]:
        kitchen.profile = {"name": "张三", "phone": phone}
        return {"code": code}

    @club.effect
    async def leave(_: object, *, phone: str) -> dict[str, Any]:
        return {}

    return club


@pytest.fixture
def club(talk: Callable[..., Any], kitchen: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A conversation with a club."""
    sent: list[str] = []
    monkeypatch.setattr(kitchen, "business", lambda: club_of(sent, kitchen))
    started = talk(JOIN, LEAVE, TABLE)
    started.sent = sent
    return started


async def said(club: Any, text: str, intent: str = "") -> str:
    decision = await club.say(text, intent)
    return "\n".join(reply.text for reply in decision.replies)


async def test_an_effect_on_the_way_is_done_once_for_what_it_is_done_with(club: Any) -> None:
    await said(club, "我要入会", "join")
    assert await said(club, "13812345678") == "第 1 个码发到 138****5678 了。"
    await said(club, "今天天气")
    assert await said(club, "13900138000") == "第 2 个码发到 139****8000 了。"
    assert club.sent == ["13812345678", "13900138000"]


async def test_a_pattern_says_more_than_a_number_in_it(club: Any) -> None:
    await said(club, "我要入会", "join")
    await said(club, "13812345678")
    assert await said(club, "再来一个") == "第 2 个码发到 138****5678 了。"


async def test_the_answer_that_is_consent_is_followed_by_the_effect(club: Any) -> None:
    await said(club, "我要入会", "join")
    await said(club, "13812345678")
    assert (await said(club, "123456")).startswith("入会了。")
    assert club.session.tasks == []


async def test_another_script_takes_the_place_of_one_with_what_was_said(club: Any) -> None:
    assert await said(club, "我不干了，13812345678", "join") == "13812345678 退会？"
    assert [task.intent for task in club.session.tasks] == ["leave"]
    assert club.sent == []


async def test_another_script_comes_first_and_the_task_goes_on(club: Any) -> None:
    assert await said(club, "我要订位", "table") == "要先入会。\n手机号？"
    await said(club, "13812345678")
    assert await said(club, "123456") == "入会了。\n我们接着办订位。\n几位？"
    assert (await said(club, "4")).startswith("张三，4 位。")


async def test_a_task_ends_when_what_it_needs_first_was_not_done(club: Any) -> None:
    await said(club, "我要订位", "table")
    assert (await said(club, "算了")).endswith("不入会就订不了位。")
    assert club.session.tasks == []


async def test_menus_leave_out_what_other_scripts_start(club: Any) -> None:
    decision = await club.say("帮助")
    assert [button.label for button in decision.replies[0].buttons] == ["入会", "订位"]


@pytest.mark.parametrize(
    ("part", "other", "told"),
    [
        ("start: leave", "start: leeve", "there is no script `leeve`"),
        ('when: action == "leave"', "why: 不为什么", "needs `when`"),
        ("effect: club.send", "effect: club.sent", "has no effect `club.sent`"),
        ("confirmed_by: code", "confirmed_by: cod", "there is no slot `cod`"),
        ("confirmed_by: code", "confirmed_by: sent", "must always be asked for"),
        ("confirmed_by: code", "confirmed_by: code\nconfirm: '{{ phone }}'", "one of them"),
        ("退会|不干了", "退会|(", "no regular expression"),
        ("退会|不干了", "[退--会]", "no regular expression"),
        ("退会|不干了", "退{99999999999}", "no regular expression"),
    ],
)
def test_slips_are_told(folder: Callable[..., Path], part: str, other: str, told: str) -> None:
    written = folder(join=JOIN.replace(part, other), leave=LEAVE)
    with pytest.raises(ScriptError, match=re.escape(told)):
        checking.demand(loading.load(written), club_of(sent=[]))
