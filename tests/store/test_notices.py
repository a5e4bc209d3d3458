"""Notices that wait: each once for its key, leased to one process, taken back in time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.store import Store, notices, sessions

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CUSTOMER = {"account": "demo", "openid": "o1"}


async def put(store: Store, *keys: str, due: datetime = NOW, **more: str) -> None:
    async with store.writing() as connection:
        for key in keys:
            customer = {**CUSTOMER, **more}
            await notices.put(connection, **customer, key=key, name="n", facts={"a": 1}, due=due)


async def claim(store: Store, *, now: datetime = NOW, limit: int = 20) -> list[notices.Waiting]:
    async with store.writing() as connection:
        return await notices.claim(
            connection, now=now, accounts=["demo"], lease=MINUTE, limit=limit
        )


async def is_any_due(store: Store, now: datetime = NOW) -> bool:
    async with store.reading() as connection:
        return await notices.is_any_due(connection, now=now, accounts=["demo"], lease=MINUTE)


async def test_what_is_due_is_claimed_oldest_first_with_its_facts(store: Store) -> None:
    await put(store, "second")
    await put(store, "first", due=NOW - MINUTE)
    await put(store, "later", due=NOW + MINUTE)
    claimed = await claim(store)
    assert [one.key for one in claimed] == ["first", "second"]
    assert (claimed[0].name, claimed[0].facts, claimed[0].attempts) == ("n", {"a": 1}, 1)


async def test_the_same_key_waits_once_for_each_customer(store: Store) -> None:
    await put(store, "k", "k")
    await put(store, "k", openid="o2")
    assert [(one.openid, one.key) for one in await claim(store)] == [("o1", "k"), ("o2", "k")]


async def test_notices_of_accounts_served_elsewhere_are_left_alone(store: Store) -> None:
    await put(store, "k", account="other")
    assert not await is_any_due(store)
    assert await claim(store) == []


async def test_two_processes_never_hold_the_same_notice(store: Store) -> None:
    await put(store, *map(str, range(30)))
    claims = await asyncio.gather(*(claim(store, limit=4) for _ in range(10)))
    claimed = [one.id for some in claims for one in some]
    assert len(claimed) == len(set(claimed)) == 30


async def test_a_dead_process_s_notice_comes_back_when_its_lease_is_over(store: Store) -> None:
    await put(store, "k")
    await claim(store)
    assert not await is_any_due(store)
    assert await is_any_due(store, NOW + MINUTE)
    assert [one.attempts for one in await claim(store, now=NOW + MINUTE)] == [2]


async def test_one_that_was_told_is_gone_and_one_that_failed_comes_back(store: Store) -> None:
    await put(store, "told", "failed", "given up")
    told, failed, given_up = await claim(store)
    async with store.writing() as connection:
        await notices.told(connection, told.id)
        await notices.failed(connection, failed.id, retry_at=NOW + MINUTE)
        await notices.failed(connection, given_up.id, retry_at=None)
    assert await claim(store) == []
    assert [one.key for one in await claim(store, now=NOW + MINUTE)] == ["failed"]


async def test_a_notice_can_be_taken_back_until_it_is_told(store: Store) -> None:
    await put(store, "k", "other", due=NOW + MINUTE)
    async with store.writing() as connection:
        await notices.withdraw(connection, **CUSTOMER, key="k")
    assert [one.key for one in await claim(store, now=NOW + MINUTE)] == ["other"]


async def save(store: Store, openid: str, **more: Any) -> None:
    async with store.writing() as connection:
        await sessions.save(connection, account="demo", openid=openid, state=b"{}", now=NOW, **more)


async def due(store: Store, now: datetime = NOW) -> list[sessions.Due]:
    async with store.reading() as connection:
        return await sessions.due(connection, now=now, accounts=["demo"])


async def test_sessions_are_due_at_their_time_and_not_without_one(store: Store) -> None:
    await save(store, "late", version=0, due=NOW)
    await save(store, "early", version=0, due=NOW - MINUTE)
    await save(store, "never", version=0)
    assert [one.openid for one in await due(store)] == ["early", "late"]
    await save(store, "early", version=1)
    assert [one.openid for one in await due(store)] == ["late"]


async def test_a_session_is_looked_at_later_unless_it_has_moved(store: Store) -> None:
    await save(store, "stays", version=0, due=NOW)
    await save(store, "moves", version=0, due=NOW)
    found = await due(store)
    await save(store, "moves", version=1, due=NOW - MINUTE)
    async with store.writing() as connection:
        for one in found:
            await sessions.postpone(connection, one, until=NOW + MINUTE)
    assert [one.openid for one in await due(store)] == ["moves"]
