"""Handing over where the platform has a desk of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.message import Kind

Start = Callable[..., Any]


async def test_the_platform_takes_every_message_until_a_person_has_them(talk: Start) -> None:
    talking = talk(elsewhere=True)
    await talking.tell("我要订餐", "炒饭")
    first = await talking.say("转人工")
    assert first.replies[-1].transfer
    again = await talking.say("有人吗")
    assert [(reply.text, reply.transfer) for reply in again.replies] == [("", True)]
    assert (await talking.say("", event="kf_create_session")).replies == ()
    done = await talking.say("", event="kf_close_session")
    assert "要几份" in done.replies[-1].text
    assert talking.session.person is None


async def test_a_message_that_comes_here_while_a_person_has_them_means_that_it_is_over(
    talk: Start,
) -> None:
    talking = talk(elsewhere=True)
    await talking.tell("我要订餐", "炒饭", "转人工")
    await talking.say("", event="kf_create_session")
    talking.acts.now += timedelta(minutes=31)
    assert (await talking.say("两份")).trace.rule == "answer"


async def test_the_platforms_desk_has_no_hours_of_ours(talk: Start) -> None:
    talking = talk(elsewhere=True)
    talking.acts.now = talking.acts.now.replace(hour=23)
    assert (await talking.say("转人工")).replies[-1].transfer


async def test_a_clerk_changes_nothing_where_nobody_is_waited_for(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭")
    decision = await talking.say("", kind=Kind.DESK)
    assert decision.replies == ()
    assert talking.session.task.asking == "portions"
