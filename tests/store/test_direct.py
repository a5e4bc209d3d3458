"""Statements that go past SQLAlchemy: nothing of them is different but what they cost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Executable, bindparam, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from engine.store import Connection, Store
from engine.store.direct import prepared
from engine.store.schema import conversation, inbox

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_ADD = insert(conversation)
_READ = select(conversation).where(
    conversation.c.openid == bindparam("openid"), conversation.c.author != "clerk"
)
_KEEP = prepared(insert(inbox))


@pytest.fixture
async def private() -> AsyncIterator[Store]:
    """On SQLite, where statements go past SQLAlchemy."""
    async with await Store.open("sqlite://") as opened:
        yield opened


def line(openid: str, text: str) -> dict[str, object]:
    return {
        "account": "demo",
        "openid": openid,
        "at": NOW,
        "author": "customer",
        "text": text,
        "is_doubtful": True,
        "turn": "t",
        "trace": {"rule": "miss", "seen": [1, None]},
        "mark": text,
    }


def answer(key: str) -> dict[str, object]:
    return {"key": key, "account": "demo", "openid": "o", "answer": b"secret", "at": NOW}


async def rows_of(connection: Connection, statement: Executable) -> list[dict[str, object]]:
    found = await connection.execute(statement, {"openid": "o"})
    return [dict(row) for row in found.mappings()]


async def test_what_is_written_and_read_is_the_same(store: Store) -> None:
    async with store.writing() as connection:
        await connection.execute(prepared(_ADD), [line("o", "一"), line("o", "二")])
        await connection.execute(_ADD, [line("o", "三"), line("p", "四")])
    async with store.reading() as connection:
        usual = await rows_of(connection, _READ)
        assert await rows_of(connection, prepared(_READ)) == usual
    assert [row["text"] for row in usual] == ["一", "二", "三"]
    assert usual[0] == usual[2] | {"id": usual[0]["id"], "text": "一", "mark": usual[0]["mark"]}
    assert usual[0]["at"] == NOW


async def test_a_statement_can_be_used_again_and_in_the_middle_of_a_transaction(
    store: Store,
) -> None:
    reads = prepared(_READ)
    async with store.writing() as connection:
        assert await rows_of(connection, reads) == []
        await connection.execute(_ADD, line("o", "一"))
        assert [row["text"] for row in await rows_of(connection, reads)] == ["一"]


async def test_it_says_how_many_rows_it_has_changed(store: Store) -> None:
    drops = prepared(conversation.delete().where(conversation.c.openid == bindparam("openid")))
    async with store.writing() as connection:
        await connection.execute(_ADD, [line("o", "一"), line("o", "二"), line("p", "三")])
        assert (await connection.execute(drops, {"openid": "o"})).rowcount == 2
        assert (await connection.execute(drops, {"openid": "o"})).rowcount == 0


async def test_a_broken_constraint_is_told_as_usual_and_without_values(store: Store) -> None:
    async with store.writing() as connection:
        await connection.execute(_KEEP, answer("k"))
        with pytest.raises(IntegrityError) as told:
            async with connection.begin_nested():
                await connection.execute(_KEEP, answer("k"))
    assert "secret" not in str(told.value)


async def test_who_only_reads_cannot_write(private: Store) -> None:
    async with private.reading() as connection:
        with pytest.raises(OperationalError):
            await connection.execute(_KEEP, answer("k"))


async def test_other_parameters_than_the_first_time_are_refused(private: Store) -> None:
    async with private.writing() as connection:
        await connection.execute(_KEEP, answer("k"))
        with pytest.raises(TypeError, match="other parameters"):
            await connection.execute(_KEEP, answer("l") | {"heard": "一"})
