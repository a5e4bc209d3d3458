"""The messages in work: joined by repeats, then let go."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextvars import ContextVar

from engine.channels.wechat.messages import Passive, Text
from engine.channels.wechat.work import REMEMBERED, Works
from engine.message import Reply

REPLIES = (Reply(text="好"),)


class Request:
    """What a web framework keeps in the context of a request."""


current: ContextVar[Request] = ContextVar("current")


async def reply() -> tuple[Reply, ...]:
    return REPLIES


async def plainly() -> tuple[Passive | None, bool]:
    return Text("好"), False


async def only_once() -> tuple[Passive | None, bool]:
    return Text("好"), True


async def answered(works: Works, key: str) -> weakref.ref[Request]:
    """Answer a message in the context of a request; the request, if anybody still holds it."""

    async def receive() -> weakref.ref[Request]:
        request = Request()
        current.set(request)
        work = works.join(key, reply)
        await asyncio.wait({work.replies})
        await works.once(work, plainly)
        return weakref.ref(request)

    return await asyncio.create_task(receive())


async def test_nothing_of_a_request_stays_when_its_answer_is_given() -> None:
    works = Works()
    requests = [await answered(works, str(number)) for number in range(3)]
    await asyncio.sleep(0)
    gc.collect()
    assert len(works) == 0
    assert [request() for request in requests] == [None, None, None]


async def test_an_answer_that_may_be_given_once_is_remembered_for_a_while() -> None:
    now = [0.0]
    works = Works(clock=lambda: now[0])
    work = works.join("a", reply)
    await works.once(work, only_once)
    now[0] = REMEMBERED - 1
    assert works.join("a", reply) is work
    now[0] = REMEMBERED + 1
    assert works.join("a", reply) is not work
    assert len(works) == 1


async def test_what_is_still_in_work_is_not_forgotten() -> None:
    now, goes_on = [0.0], asyncio.Event()

    async def slow() -> tuple[Reply, ...]:
        await goes_on.wait()
        return REPLIES

    works = Works(clock=lambda: now[0])
    work = works.join("a", slow)
    now[0] = 10 * REMEMBERED
    assert works.join("a", slow) is work
    goes_on.set()
    assert await work.replies == REPLIES
