"""SQLite, whose statements run in place.

A statement of a turn takes some 20 µs on a file that the kernel holds in memory; to hand it to a
thread and back takes five times as long. A commit waits for the disk: where that is slow, it gets a
thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import URL, Executable, ScalarResult

from engine.store import migrate
from engine.store.connection import Connection, Rows
from engine.store.direct import Direct
from engine.store.errors import StoreError
from engine.store.keys import Ring
from engine.store.written import Written

#: How long a writer waits for one of another process: longer than any turn takes.
_BUSY_SECONDS = 5.0
#: Between two looks whether another process has done: as SQLite itself begins.
_LOOK_AGAIN = 0.002
#: A commit of this many seconds may keep everybody waiting; a longer one gets a thread.
_QUICK = 0.001

_READS, _WRITES = "PRAGMA query_only = ON", "PRAGMA synchronous = FULL"

Result = TypeVar("Result")


class InPlace:
    """A SQLAlchemy connection as a `Connection`: nothing is waited for."""

    def __init__(self, connection: sqlalchemy.Connection, written: Written) -> None:
        self._connection = connection
        self._direct = Direct(_driver(connection), written.dialect, written.texts)

    @property
    def dialect(self) -> sqlalchemy.Dialect:
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None, /) -> Rows:
        return self._execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Any = None, /) -> Any:
        return self._execute(statement, parameters).scalar()

    async def scalars(self, statement: Executable, parameters: Any = None, /) -> ScalarResult[Any]:
        return self._execute(statement, parameters).scalars()

    def _execute(self, statement: Executable, parameters: Any) -> Rows:
        found = self._direct.execute(statement, parameters)
        return self._connection.execute(statement, parameters) if found is None else found

    @property
    def in_transaction(self) -> bool:
        """Whether one is open. A full disk ends it."""
        return self._direct.driver.in_transaction

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        self.run("SAVEPOINT nested")
        try:
            yield
        except BaseException:
            # A full disk ends the whole transaction, and its savepoints with it.
            if self.in_transaction:
                self.run("ROLLBACK TO nested")
                self.run("RELEASE nested")
            raise
        self.run("RELEASE nested")

    async def run_sync(self, call: Callable[[sqlalchemy.Connection], Result], /) -> Result:
        return call(self._connection)

    def run(self, statement: str) -> None:
        """A statement about transactions."""
        self._direct.run(statement)


class Sqlite:
    """One file, with a connection for everything that reads and one for everything that writes.

    The writers of this process queue in order; those of other processes are waited for.
    """

    def __init__(
        self, reader: sqlalchemy.Connection, writer: sqlalchemy.Connection, written: Written
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._reads = InPlace(reader, written)
        self._writes = InPlace(writer, written)
        self._turn = asyncio.Lock()
        self._disk_seconds = 0.0

    @classmethod
    async def open(cls, place: URL, ring: Ring | None = None) -> Sqlite:
        """Open, and create or migrate when needed. Raises `StoreError`."""
        file = Path(str(place.database))
        written = Written.under(ring)
        _make_folder(file)
        try:
            await asyncio.to_thread(_prepare, place, written)
            reader = _engine(place, written, _READS, wait=_BUSY_SECONDS).connect()
            writer = _engine(place, written, _WRITES, wait=0).connect()
            return cls(reader, writer, written)
        except (sqlalchemy.exc.DBAPIError, sqlite3.Error) as error:
            fault = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
            raise StoreError(f"cannot open the database {file}: {fault}") from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        # Who looks again and again for what others do must let them do it.
        await asyncio.sleep(0)
        yield self._reads

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        async with self._turn:
            await self._begin()
            try:
                yield self._writes
                await self._commit()
            finally:
                if self._writes.in_transaction:
                    self._writes.run("ROLLBACK")

    async def close(self) -> None:
        async with self._turn:
            self._close()

    def _close(self) -> None:
        for connection in (self._reader, self._writer):
            connection.close()
            connection.engine.dispose()

    async def _begin(self) -> None:
        # At once, not at the first write: a transaction that has read could fail half-way.
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._writes.run("BEGIN IMMEDIATE")
                return
            except sqlalchemy.exc.OperationalError as error:
                if not _is_busy(error.orig) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_LOOK_AGAIN)

    async def _commit(self) -> None:
        # The last one says how long the disk takes: two hand-overs cost more than a quick one.
        if self._disk_seconds < _QUICK:
            self._commit_now()
            return
        committing = asyncio.ensure_future(asyncio.to_thread(self._commit_now))
        try:
            await asyncio.shield(committing)
        except asyncio.CancelledError:
            # The next writer must not find a connection that is still at work.
            await asyncio.wait({committing})
            raise

    def _commit_now(self) -> None:
        began = time.perf_counter()
        self._writes.run("COMMIT")
        self._disk_seconds = time.perf_counter() - began


async def found(place: URL) -> str | None:
    """The migration that a database is at; None where there is none. Raises `StoreError`."""
    return await asyncio.to_thread(_found, place)


def _driver(connection: sqlalchemy.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for mypy
    return driver


def _is_busy(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder of the database {file}: {error}") from error


def _found(place: URL) -> str | None:
    file = Path(str(place.database))
    if not file.exists():
        return None
    engine = _engine(place, Written.under(None), _READS, wait=_BUSY_SECONDS)
    try:
        with engine.connect() as connection:
            return migrate.version(connection)
    except sqlalchemy.exc.DBAPIError as error:
        raise StoreError(f"cannot open the database {file}: {error.orig}") from error
    finally:
        engine.dispose()


def _prepare(place: URL, written: Written) -> None:
    """Switch to write-ahead logging, which the file then keeps, and migrate.

    Two that switch at once lock each other out, and SQLite tells one of them without waiting.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    with contextlib.closing(sqlite3.connect(str(place.database))) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_LOOK_AGAIN)
    engine = _engine(place, written, _WRITES, wait=_BUSY_SECONDS)
    try:
        with engine.connect() as writer:
            if migrate.version(writer) != migrate.HEAD:
                writer.exec_driver_sql("BEGIN IMMEDIATE")
                migrate.upgrade(writer)
                writer.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()


def _engine(place: URL, written: Written, pragma: str, *, wait: float) -> sqlalchemy.Engine:
    return written.engine(place, pragma, wait=wait, patience=_BUSY_SECONDS)
