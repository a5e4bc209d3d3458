"""One answer for every delivery of a message, whichever process gets it, and nothing said twice."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from engine import late
from engine.channels.wechat.channel import STILL_WORKING, Channel, Pace
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.crypto import signature
from engine.channels.wechat.messages import Image, News, Passive, Text, Transfer, decode, encode
from engine.channels.wechat.promises import ALIVE, PATIENCE, UNANSWERED, Promises
from engine.channels.wechat.sender import Line
from engine.channels.wechat.standing import Standing
from engine.message import Inbound, Reply
from engine.store import AlreadyAnswered, Store, inbox, outbox, schema
from engine.store.held import HELD
from tests.web.fakes import NOW, TOKEN, account

LONG = (Reply(text="第一句" * 200), Reply(text="第二句" * 200), Reply(text="第三句" * 200))


class Kept:
    """Turns whose answers are kept in the inbox; a test may hold them back."""

    def __init__(self, store: Store, replies: tuple[Reply, ...]) -> None:
        self._store = store
        self._replies = replies
        self.taken: list[Inbound] = []
        self.open = asyncio.Event()
        self.open.set()

    async def take(self, inbound: Inbound, fetch: Any = None) -> tuple[Reply, ...]:
        self.taken.append(inbound)
        await self.open.wait()
        await self.keep(inbound)
        return self._replies

    async def keep(self, inbound: Inbound) -> None:
        with contextlib.suppress(AlreadyAnswered):
            async with self._store.writing() as connection:
                await inbox.record(
                    connection,
                    key=inbound.key,
                    account=inbound.account,
                    openid=inbound.openid,
                    answer=msgspec.json.encode(self._replies),
                    now=NOW,
                )


class Process:
    """The channel of one process, and what reaches it."""

    def __init__(
        self, store: Store, replies: tuple[Reply, ...], *, may_write: bool, budget: float
    ) -> None:
        self.now = NOW
        self.turns = Kept(store, replies)
        self.channel = Channel(
            account("plain"),
            self.turns,
            store,
            line=Line(Composer("https://x"), Standing("plain", may_write=may_write), _api()),
            clock=lambda: self.now,
            wake=lambda: None,
            media=_nothing,
            typing=_nothing,
            pace=Pace(budget=budget, hold=5.0),
        )

    async def push(self, id: int, *, openid: str = "o1", age: int = 0) -> str:
        """The words of the answer. ``age`` is seconds since the customer wrote."""
        stamp = str(int(NOW.timestamp()))
        signed = {"timestamp": stamp, "nonce": "n", "signature": signature(TOKEN, stamp, "n")}
        body = (
            f"<xml><ToUserName>gh_plain</ToUserName><FromUserName>{openid}</FromUserName>"
            f"<CreateTime>{int(stamp) - age}</CreateTime><MsgType>text</MsgType>"
            f"<Content>好</Content><MsgId>{id}</MsgId></xml>"
        )
        answer = await self.channel.receive(signed, body.encode())
        return "".join(re.findall(r"CDATA\[(.*?)\]", answer, re.DOTALL)[3:]) or answer


def _api() -> Any:
    """No message of these tests leaves."""


async def _nothing(_: str) -> bytes:
    return b""


@pytest.fixture
def process(either: Store) -> Callable[..., Process]:
    def begin(
        *replies: Reply, store: Store = either, may_write: bool = True, budget: float = 4.5
    ) -> Process:
        return Process(store, replies, may_write=may_write, budget=budget)

    return begin


async def waiting(store: Store) -> list[str]:
    """The words of everything that is still to be said."""
    async with store.writing() as connection:
        rows = await outbox.claim(
            connection, now=HELD, accounts=["plain"], lease=HELD - NOW, limit=100
        )
    return [reply.text for reply in late.replies(rows)]


async def hold(store: Store, words: str) -> None:
    async with store.writing() as connection:
        await late.put(connection, [Reply(text=words)], account="plain", openid="o1", due=HELD)


async def test_what_follows_an_answer_is_put_once_by_all_processes(
    either: Store, process: Callable[..., Process]
) -> None:
    one, other = process(*LONG), process(*LONG)
    answers = [*await asyncio.gather(one.push(1), other.push(1)), await process(*LONG).push(1)]
    assert len(set(answers)) == 1
    told = answers[0] + "".join(await waiting(either))
    assert [told.count(reply.text) for reply in LONG] == [1, 1, 1]


async def test_what_waited_for_a_customer_comes_with_every_delivery(
    either: Store, process: Callable[..., Process]
) -> None:
    await hold(either, "登机口改了")
    replies = (Reply(text="您好"),)
    one, other = process(*replies, may_write=False), process(*replies, may_write=False)
    answers = [*await asyncio.gather(one.push(1), other.push(1))]
    # Killed before its answer arrived, say: another process is asked.
    answers.append(await process(*replies, may_write=False).push(1))
    assert [("登机口改了" in each, "您好" in each) for each in answers] == [(True, True)] * 3
    assert await waiting(either) == []


async def test_what_waited_is_told_with_one_of_two_messages_at_once(
    either: Store, process: Callable[..., Process]
) -> None:
    await hold(either, "登机口改了")
    processes = [process(Reply(text="您好"), may_write=False) for _ in range(4)]
    pushes = (each.push(number) for number, each in enumerate(processes))
    assert sum("登机口改了" in each for each in await asyncio.gather(*pushes)) == 1


@pytest.mark.parametrize("first", ["late", "at once"])
async def test_an_answer_is_told_late_or_at_once_but_not_both(
    either: Store, process: Callable[..., Process], first: str
) -> None:
    slow, quick = process(Reply(text="办好了"), budget=0), process(Reply(text="办好了"))
    slow.turns.open.clear()
    assert await slow.push(1, age=5) == "success"
    if first == "late":
        slow.turns.open.set()
        await slow.channel.finish()
    answer = await quick.push(1, age=5)
    slow.turns.open.set()
    await slow.channel.finish()
    assert [answer, *await waiting(either)].count("办好了") == 1


async def test_who_waits_for_a_process_that_died_is_told_so(
    either: Store, process: Callable[..., Process]
) -> None:
    slow = process(Reply(text="办好了"), budget=0)
    slow.turns.open.clear()
    assert await slow.push(1) == "success"
    async with either.reading() as connection:
        assert await connection.scalar(select(schema.outbox.c.due)) == NOW + PATIENCE
    assert await waiting(either) == [UNANSWERED]
    slow.turns.open.set()
    await slow.channel.finish()
    async with either.reading() as connection:
        kept = await connection.scalars(select(schema.outbox.c.due))
    assert list(kept) == [NOW]


async def die(process: Process) -> None:
    """End a process whose customer was told to wait, in the middle of the work."""
    process.turns.open.clear()
    assert await process.push(1, age=10) == STILL_WORKING


async def test_the_next_message_brings_the_answer_that_a_dead_process_had_kept(
    either: Store, process: Callable[..., Process]
) -> None:
    dead = process(Reply(text="办好了"), may_write=False, budget=0)
    await die(dead)
    await dead.turns.keep(dead.turns.taken[0])
    after = process(Reply(text="您好"), may_write=False)
    assert await after.push(2) == "办好了\n您好"
    assert await after.push(3) == "您好"
    dead.turns.open.set()
    await dead.channel.finish()
    assert await waiting(either) == []


async def test_the_next_message_tells_that_a_dead_process_had_no_answer(
    process: Callable[..., Process],
) -> None:
    dead, after = (
        process(Reply(text="您好"), may_write=False, budget=budget) for budget in (0, 4.5)
    )
    await die(dead)
    # It may still be at work.
    assert await after.push(2) == "您好"
    after.now += ALIVE
    assert await after.push(3) == f"{UNANSWERED}\n您好"
    assert await after.push(4) == "您好"


async def test_an_answer_in_work_is_told_with_the_message_after_it_is_there(
    process: Callable[..., Process],
) -> None:
    slow = process(Reply(text="办好了"), may_write=False, budget=0)
    after = process(Reply(text="您好"), may_write=False)
    await die(slow)
    assert await after.push(2) == "您好"
    slow.turns.open.set()
    await slow.channel.finish()
    assert await after.push(3) == "办好了\n您好"


async def test_a_promise_to_who_can_be_written_to_is_kept_with_the_answer_of_the_dead(
    either: Store, process: Callable[..., Process]
) -> None:
    dead = process(Reply(text="办好了"), budget=0)
    dead.turns.open.clear()
    assert await dead.push(1) == "success"
    async with either.writing() as connection:
        (row,) = await outbox.claim(
            connection, now=HELD, accounts=["plain"], lease=HELD - NOW, limit=1
        )
    promises = Promises(either, clock=lambda: NOW)
    assert await promises.redeem(row) == row
    await dead.turns.keep(dead.turns.taken[0])
    redeemed = await promises.redeem(row)
    assert [reply.text for reply in late.replies([redeemed])] == ["办好了"]
    assert await promises.redeem(redeemed) == redeemed
    # What the platform sends again, or the dead one were it alive, tells it no more.
    dead.turns.open.set()
    await dead.channel.finish()
    assert await waiting(either) == []
    assert await promises.redeem(row) is None


@pytest.mark.parametrize(
    "message",
    [None, Text("好"), Image("m1"), News("题", "文", "https://x/1.png", "https://x"), Transfer()],
    ids=lambda message: type(message).__name__,
)
def test_a_kept_answer_is_the_same_one(message: Passive | None) -> None:
    assert decode(encode(message)) == message
