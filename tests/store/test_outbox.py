"""Replies that leave later: leased to one sender, back when it dies, gone when sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from engine.store import Store, outbox, schema

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CUSTOMER = {"account": "demo", "openid": "o1"}


async def put(store: Store, *replies: bytes, due: datetime = NOW) -> None:
    async with store.writing() as connection:
        for reply in replies:
            await outbox.put(connection, **CUSTOMER, reply=reply, due=due)


async def claim(store: Store, *, now: datetime, limit: int = 20) -> list[outbox.Outgoing]:
    async with store.writing() as connection:
        return await outbox.claim(connection, now=now, accounts=["demo"], lease=MINUTE, limit=limit)


async def test_what_is_due_is_claimed_oldest_first(store: Store) -> None:
    await put(store, b"third", due=NOW)
    await put(store, b"first", b"second", due=NOW - MINUTE)
    await put(store, b"later", due=NOW + MINUTE)
    claimed = await claim(store, now=NOW)
    assert [(one.reply, one.attempts) for one in claimed] == [
        (b"first", 1),
        (b"second", 1),
        (b"third", 1),
    ]
    assert (claimed[0].account, claimed[0].openid) == ("demo", "o1")


async def test_no_more_than_the_limit_is_claimed(store: Store) -> None:
    await put(store, b"1", b"2", b"3")
    assert [one.reply for one in await claim(store, now=NOW, limit=2)] == [b"1", b"2"]
    assert [one.reply for one in await claim(store, now=NOW, limit=2)] == [b"3"]


async def test_two_senders_never_hold_the_same_reply(store: Store) -> None:
    await put(store, *(str(number).encode() for number in range(30)))
    claims = await asyncio.gather(*(claim(store, now=NOW, limit=4) for _ in range(10)))
    claimed = [one.id for some in claims for one in some]
    assert len(claimed) == len(set(claimed)) == 30


async def test_a_dead_sender_s_reply_comes_back_when_its_lease_is_over(store: Store) -> None:
    await put(store, b"hello")
    await claim(store, now=NOW)
    assert await claim(store, now=NOW + MINUTE - timedelta(microseconds=1)) == []
    (again,) = await claim(store, now=NOW + MINUTE)
    assert (again.reply, again.attempts) == (b"hello", 2)


async def test_a_sent_reply_leaves_no_trace(store: Store) -> None:
    await put(store, b"hello")
    (one,) = await claim(store, now=NOW)
    async with store.writing() as connection:
        await outbox.sent(connection, one.id)
    async with store.reading() as connection:
        assert (await connection.execute(select(schema.outbox))).all() == []


async def test_a_failed_reply_waits_for_its_retry_and_says_why(store: Store) -> None:
    await put(store, b"hello")
    (one,) = await claim(store, now=NOW)
    async with store.writing() as connection:
        await outbox.failed(connection, one.id, retry_at=NOW + 5 * MINUTE, error="45015")
    async with store.reading() as connection:
        assert await connection.scalar(select(schema.outbox.c.error)) == "45015"
    assert await claim(store, now=NOW + 4 * MINUTE) == []
    assert [again.attempts for again in await claim(store, now=NOW + 5 * MINUTE)] == [2]


async def test_a_reply_that_was_given_up_is_kept_but_never_claimed(store: Store) -> None:
    await put(store, b"hello")
    (one,) = await claim(store, now=NOW)
    async with store.writing() as connection:
        await outbox.failed(connection, one.id, retry_at=None, error="45047")
    assert await claim(store, now=NOW + timedelta(days=365)) == []
    async with store.reading() as connection:
        kept = (await connection.execute(select(schema.outbox))).one()
    assert (kept.reply, kept.error, kept.due) == (b"hello", "45047", None)
