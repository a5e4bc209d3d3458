"""Sessions, inbox, ledger and pictures: what goes in comes out, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.store import AlreadyAnswered, Conflict, Store, inbox, ledger, pictures, sessions

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CUSTOMER = {"account": "demo", "openid": "o1"}


async def test_a_session_moves_from_version_to_version(store: Store) -> None:
    async with store.writing() as connection:
        await sessions.save(connection, **CUSTOMER, state=b"one", version=0, now=NOW)
        await sessions.save(connection, **CUSTOMER, state=b"two", version=1, now=NOW)
        assert await sessions.load(connection, **CUSTOMER) == sessions.Stored(b"two", 2)


@pytest.mark.parametrize("stale", [0, 1, 3])
async def test_a_session_that_moved_is_not_overwritten(store: Store, stale: int) -> None:
    async with store.writing() as connection:
        await sessions.save(connection, **CUSTOMER, state=b"one", version=0, now=NOW)
        await sessions.save(connection, **CUSTOMER, state=b"two", version=1, now=NOW)
    with pytest.raises(Conflict):
        async with store.writing() as connection:
            await sessions.save(connection, **CUSTOMER, state=b"x", version=stale, now=NOW)
    async with store.reading() as connection:
        assert await sessions.load(connection, **CUSTOMER) == sessions.Stored(b"two", 2)


async def test_a_session_belongs_to_one_customer_of_one_account(store: Store) -> None:
    async with store.writing() as connection:
        await sessions.save(connection, **CUSTOMER, state=b"one", version=0, now=NOW)
        elsewhere = await sessions.load(connection, account="other", openid="o1")
        someone = await sessions.load(connection, account="demo", openid="o2")
    assert elsewhere == someone == sessions.Stored(None, 0)


async def test_a_message_keeps_its_first_answer(store: Store) -> None:
    async with store.writing() as connection:
        assert await inbox.answer_of(connection, "m1") is None
        await inbox.record(connection, key="m1", **CUSTOMER, answer=b"one", now=NOW)
    with pytest.raises(AlreadyAnswered) as caught:
        async with store.writing() as connection:
            await inbox.record(connection, key="m1", **CUSTOMER, answer=b"two", now=NOW)
    assert caught.value.key == "m1"
    async with store.reading() as connection:
        assert await inbox.answer_of(connection, "m1") == b"one"


async def test_an_effect_is_recorded_once_with_its_result(store: Store) -> None:
    effect = {"key": "k1", **CUSTOMER, "name": "telecom.top_up"}
    result = {"order_no": "T1", "operator": "移动", "steps": [1, 2], "seat": None}
    async with store.writing() as connection:
        assert await ledger.find(connection, "k1") is None
        await ledger.record(
            connection, **effect, arguments={"amount": "100"}, result=result, now=NOW
        )
    with pytest.raises(Conflict):
        async with store.writing() as connection:
            await ledger.record(connection, **effect, arguments={}, result={}, now=NOW)
    async with store.reading() as connection:
        assert await ledger.find(connection, "k1") == result


async def test_a_picture_is_found_by_its_id(store: Store) -> None:
    model = {"name": "张伟", "rows": [{"number": 12, "exit": False}]}
    async with store.writing() as connection:
        await pictures.put(
            connection, id="p1", **CUSTOMER, kind="boarding_pass", model=model, now=NOW
        )
    async with store.reading() as connection:
        found = await pictures.get(connection, "p1")
        assert found == pictures.StoredPicture("boarding_pass", model, **CUSTOMER)
        assert await pictures.get(connection, "p2") is None
