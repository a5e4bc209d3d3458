"""Transactions of the store: whole or not at all, in order, durable."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from engine.store import Store, StoreError, inbox, schema, sessions

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CUSTOMER = {"account": "demo", "openid": "o1"}


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "banli.db"


@pytest.fixture
async def other(file: Path) -> AsyncIterator[Store]:
    """What another process would have: its own connections to the same file."""
    async with await Store.open(f"sqlite:///{file}") as opened:
        yield opened


async def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    async def turn() -> None:
        async with store.writing() as connection:
            await sessions.save(connection, **CUSTOMER, state=b"1", version=0, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await turn()
    async with store.reading() as connection:
        assert await sessions.load(connection, **CUSTOMER) == sessions.Stored(None, 0)


async def test_a_cancelled_transaction_leaves_nothing_and_frees_the_writer(store: Store) -> None:
    written = asyncio.Event()

    async def turn() -> None:
        async with store.writing() as connection:
            await sessions.save(connection, **CUSTOMER, state=b"1", version=0, now=NOW)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(turn())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.writing() as connection:
        assert await sessions.load(connection, **CUSTOMER) == sessions.Stored(None, 0)


async def test_a_reader_sees_every_commit_and_nothing_before_it(store: Store) -> None:
    async with store.reading() as reader:
        async with store.writing() as writer:
            await sessions.save(writer, **CUSTOMER, state=b"1", version=0, now=NOW)
            assert (await sessions.load(reader, **CUSTOMER)).version == 0
        assert (await sessions.load(reader, **CUSTOMER)).version == 1


async def test_a_reader_cannot_write(store: Store) -> None:
    async with store.reading() as connection:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await sessions.save(connection, **CUSTOMER, state=b"1", version=0, now=NOW)


async def test_writers_of_one_process_take_turns(other: Store) -> None:
    async def count() -> None:
        async with other.writing() as connection:
            stored = await sessions.load(connection, **CUSTOMER)
            await asyncio.sleep(0)
            await sessions.save(connection, **CUSTOMER, state=b"x", version=stored.version, now=NOW)

    await asyncio.gather(*(count() for _ in range(40)))
    async with other.reading() as connection:
        assert (await sessions.load(connection, **CUSTOMER)).version == 40


async def test_writers_of_two_processes_take_turns(file: Path, other: Store) -> None:
    async with await Store.open(f"sqlite:///{file}") as store:

        async def count(mine: Store) -> None:
            async with mine.writing() as connection:
                stored = await sessions.load(connection, **CUSTOMER)
                await asyncio.sleep(0)
                await sessions.save(
                    connection, **CUSTOMER, state=b"x", version=stored.version, now=NOW
                )

        await asyncio.gather(*(count(mine) for mine in [store, other] * 10))
        async with store.reading() as connection:
            assert (await sessions.load(connection, **CUSTOMER)).version == 20


async def test_a_commit_is_durable(other: Store) -> None:
    async with other.writing() as connection:
        journal = await connection.scalar(text("PRAGMA journal_mode"))
        synchronous = await connection.scalar(text("PRAGMA synchronous"))
        foreign_keys = await connection.scalar(text("PRAGMA foreign_keys"))
    full = 2
    assert (journal, synchronous, foreign_keys) == ("wal", full, 1)


_KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from engine.store import Store, inbox, sessions

async def main():
    store = await Store.open(sys.argv[1])
    now, customer = datetime(2026, 5, 4, tzinfo=UTC), {"account": "demo", "openid": "o1"}
    async with store.writing() as connection:
        await inbox.record(connection, key="m1", **customer, answer=b"one", now=now)
    async with store.writing() as connection:
        await sessions.save(connection, **customer, state=b"half", version=0, now=now)
        print("half", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_process_killed_within_a_transaction_leaves_only_what_it_committed(
    file: Path,
) -> None:
    url = f"sqlite:///{file}"
    victim = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", _KILLED, url),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert victim.stdout is not None
    assert await victim.stdout.readline() == b"half\n"
    victim.kill()
    assert await victim.wait() == -signal.SIGKILL
    async with await Store.open(url) as store, store.writing() as connection:
        assert await inbox.answer_of(connection, "m1") == b"one"
        assert await sessions.load(connection, **CUSTOMER) == sessions.Stored(None, 0)
        await sessions.save(connection, **CUSTOMER, state=b"whole", version=0, now=NOW)


async def test_a_private_database_is_deleted_at_the_end() -> None:
    store = await Store.open("sqlite://")
    async with store.reading() as connection:
        place = Path(await connection.scalar(text("SELECT file FROM pragma_database_list")))
    assert await asyncio.to_thread(place.exists)
    await store.close()
    assert not await asyncio.to_thread(place.parent.exists)


async def test_many_may_open_a_new_database_at_once(file: Path) -> None:
    stores = await asyncio.gather(*(Store.open(f"sqlite:///{file}") for _ in range(6)))
    for store in stores:
        async with store.reading() as connection:
            assert await connection.scalar(select(func.count()).select_from(schema.inbox)) == 0
        await store.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "sqlite+pysqlite:///x.db"])
async def test_an_unknown_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="database"):
        await Store.open(url)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "banli.db"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"banli\.db: file is not a database"):
        await Store.open(f"sqlite:///{file}")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"folder of the database .*banli\.db"):
        await Store.open(f"sqlite:///{tmp_path}/taken/banli.db")


async def test_a_database_of_a_newer_program_is_left_alone(file: Path) -> None:
    url = f"sqlite:///{file}"
    await (await Store.open(url)).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE banli_schema SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="another version of banli"):
        await Store.open(url)


async def test_what_is_due_is_found_without_looking_through_an_account(file: Path) -> None:
    """SQLite, where a look through a million sessions would keep everybody waiting."""
    async with await Store.open(f"sqlite:///{file}"):
        pass
    looks = {
        "sessions_due (account=? AND due<?)": "FROM sessions WHERE account IN (1, 2) AND due <= 3",
        "notices_due (account=? AND due<?)": "FROM notices WHERE account IN (1, 2) AND due <= 3",
        "outbox_account (account=? AND due<?)": "FROM outbox WHERE account IN (1, 2) AND due <= 3",
        "outbox_customer (account=? AND openid=? AND due=?)": (
            "FROM outbox WHERE account = 1 AND openid = 2 AND due = 3"
        ),
        "sessions_at (at<?)": "FROM sessions WHERE at < 3",
        "inbox_at (at<?)": "FROM inbox WHERE at < 3",
        "ledger_at (at<?)": "FROM ledger WHERE at < 3",
        "pictures_at (at<?)": "FROM pictures WHERE at < 3",
    }
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for index, look in looks.items():
            (plan,) = connection.execute(f"EXPLAIN QUERY PLAN SELECT * {look}")
            assert plan[3].endswith(index)
