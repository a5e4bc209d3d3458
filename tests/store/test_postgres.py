"""What holds on PostgreSQL alone: many writers at once, and a server that comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text

from engine.store import Conflict, Store, StoreError, inbox, schema, sessions
from engine.store.store import found_at

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CUSTOMER = {"account": "demo", "openid": "o1"}


@pytest.fixture
async def store(postgresql: Any) -> AsyncIterator[Store]:
    async with await Store.open(postgresql.new()) as opened:
        yield opened


async def save(store: Store, version: int, *, state: bytes = b"x") -> None:
    async with store.writing() as connection:
        await sessions.save(connection, **CUSTOMER, state=state, version=version, now=NOW)


@pytest.mark.parametrize("version", [0, 1])
async def test_of_many_who_save_at_one_version_one_is_kept(store: Store, version: int) -> None:
    for earlier in range(version):
        await save(store, earlier)
    saved = await asyncio.gather(*(save(store, version) for _ in range(20)), return_exceptions=True)
    assert [type(one) for one in saved if one is not None] == [Conflict] * 19
    async with store.reading() as connection:
        assert (await sessions.load(connection, **CUSTOMER)).version == version + 1


async def test_transactions_that_wait_for_each_other_are_a_conflict_of_one(store: Store) -> None:
    for openid in ("o1", "o2"):
        async with store.writing() as connection:
            await sessions.save(
                connection, account="demo", openid=openid, state=b"", version=0, now=NOW
            )
    both_hold = asyncio.Barrier(2)

    async def lock(*openids: str) -> None:
        async with store.writing() as connection:
            for openid in openids:
                await connection.execute(
                    select(schema.sessions)
                    .where(schema.sessions.c.openid == openid)
                    .with_for_update()
                )
                if openid == openids[0]:
                    await both_hold.wait()

    done = await asyncio.gather(lock("o1", "o2"), lock("o2", "o1"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "NoneType"]


async def test_a_commit_is_durable(store: Store) -> None:
    async with store.writing() as connection:
        assert await connection.scalar(text("SHOW synchronous_commit")) == "on"


async def test_many_may_open_a_new_database_at_once(postgresql: Any) -> None:
    address = postgresql.new(template="template1")
    assert await found_at(address) is None
    stores = await asyncio.gather(*(Store.open(address) for _ in range(4)))
    for store in stores:
        async with store.reading() as connection:
            assert await connection.scalar(select(func.count()).select_from(schema.inbox)) == 0
        await store.close()
    assert await found_at(address) == schema.HEAD


async def test_a_server_that_is_not_there_is_told_in_one_line(postgresql: Any) -> None:
    with pytest.raises(StoreError, match="cannot open the database nobody"):
        await Store.open(postgresql.address("nobody"))


async def test_who_writes_while_the_server_crashes_is_told_and_may_go_on(
    store: Store, postgresql: Any
) -> None:
    async def interrupted() -> None:
        async with store.writing() as connection:
            await inbox.record(connection, key="m1", **CUSTOMER, answer=b"1", now=NOW)
            await asyncio.to_thread(postgresql.stop, "immediate")
            await asyncio.to_thread(postgresql.start)
            await inbox.record(connection, key="m2", **CUSTOMER, answer=b"2", now=NOW)

    with pytest.raises(Conflict):
        await interrupted()
    async with store.writing() as connection:
        assert await inbox.answer_of(connection, "m1") is None
        await inbox.record(connection, key="m1", **CUSTOMER, answer=b"again", now=NOW)
    async with store.reading() as connection:
        assert await inbox.answer_of(connection, "m1") == b"again"


async def test_a_server_that_restarts_is_waited_for(store: Store, postgresql: Any) -> None:
    await save(store, 0)
    await asyncio.to_thread(postgresql.stop)
    writing = asyncio.create_task(saved_at_last(store))
    await asyncio.to_thread(postgresql.start)
    await writing
    async with store.reading() as connection:
        assert (await sessions.load(connection, **CUSTOMER)).version == 2


async def saved_at_last(store: Store) -> None:
    for _ in range(20):
        try:
            return await save(store, 1)
        except Conflict:
            continue
    raise AssertionError("the connections of before were never given up")
