"""The database behind all rooms: SQLite without a service, or PostgreSQL for many machines."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from engine.store import migrate, schema
from engine.store.bell import Bell
from engine.store.errors import StoreError
from engine.store.keys import Ring
from engine.store.sealing import seal_with

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

#: Readers that are kept open: as many as turns that are commonly in work at once. Opening one
#: costs more than a whole turn's reading.
_READERS = 32

#: How long a writer waits for one of another process: longer than any turn takes.
_BUSY_SECONDS = 5


class Store:
    """Connections to one database: many that read, and transactions that write.

    On SQLite there is one writing connection, so the writers of this process queue in order;
    writers of other processes are waited for by SQLite itself. ``bell`` rings in this process when
    something was kept that leaves on its own.
    """

    def __init__(self, *, readers: AsyncEngine, writers: AsyncEngine, scratch: Path | None) -> None:
        self._readers = readers
        self._writers = writers
        self._scratch = scratch
        self.bell = Bell()

    @classmethod
    async def open(cls, url: str, *, ring: Ring | None = None) -> Store:
        """Open, and create or migrate when needed. Without a ``ring`` nothing is sealed.

        `url` is `sqlite:///PATH`, `sqlite://` (a private database that ends with the store) or
        `postgresql://…`. Raises `StoreError`.
        """
        place = _parse(url)
        scratch = None
        if place.get_backend_name() == "sqlite":
            if not place.database:
                scratch = Path(tempfile.mkdtemp(prefix="banli-"))
                place = place.set(database=str(scratch / "banli.db"))
            _make_folder(Path(str(place.database)))
        store = cls(readers=_readers(place), writers=_writers(place), scratch=scratch)
        if ring is not None:
            for engine in (store._readers, store._writers):
                seal_with(engine.dialect, ring)
        try:
            if place.get_backend_name() == "sqlite":
                await asyncio.to_thread(_log_ahead, str(place.database))
            await store._migrate(place)
        except (DBAPIError, sqlite3.Error) as error:
            await store.close()
            fault = error.orig if isinstance(error, DBAPIError) else error
            raise StoreError(f"cannot open the database {place.database}: {fault}") from error
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close every connection; a private database is deleted."""
        await self._readers.dispose()
        await self._writers.dispose()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection that only reads: each statement sees the newest commit and holds nothing."""
        return self._readers.connect()

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction: committed and durable when the block ends, undone when it raises."""
        return self._writers.begin()

    async def _migrate(self, place: URL) -> None:
        async with self.reading() as connection:
            found = await migrate.version(connection)
        if found != schema.HEAD:
            await asyncio.to_thread(migrate.upgrade, _writers(place, poolclass=NullPool))


async def found_at(url: str) -> str | None:
    """The migration that a database is at; None where there is none yet. Changes nothing.

    Raises `StoreError`.
    """
    place = _parse(url)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    readers = _readers(place)
    try:
        async with readers.connect() as connection:
            return await migrate.version(connection)
    except (DBAPIError, OSError) as error:
        fault = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"cannot open the database {place.database}: {fault}") from error
    finally:
        await readers.dispose()


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for another one. Raises `StoreError`."""
    place = _parse(url)
    is_file = place.get_backend_name() == "sqlite" and place.database
    return Path(str(place.database)) if is_file else None


def _parse(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError:
        # Not the address itself: it may hold a password.
        raise StoreError("a database is sqlite:///PATH or postgresql://…, not this") from None
    driver = _DRIVERS.get(place.drivername)
    if driver is None:
        raise StoreError(f"a database is sqlite:///PATH or postgresql://…, not {place.drivername}")
    return place.set(drivername=driver)


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder of the database {file}: {error}") from error


def _log_ahead(file: str) -> None:
    """Switch a database file to write-ahead logging, which it then keeps.

    Two that switch at once lock each other out, and SQLite tells one of them without waiting.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    with contextlib.closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                is_locked = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
                if not is_locked or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def _readers(place: URL) -> AsyncEngine:
    engine = _engine(
        place,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=_READERS,
    )
    if place.get_backend_name() == "sqlite":
        _on_connect(engine, "PRAGMA query_only = ON")
    return engine


def _writers(place: URL, **options: Any) -> AsyncEngine:
    if place.get_backend_name() != "sqlite":
        return _engine(place, **options)
    if "poolclass" not in options:
        options.update(pool_size=1, max_overflow=0)
    engine = _engine(place, **options)

    # A transaction that starts by reading and locks at its first write could fail half-way.
    @event.listens_for(engine.sync_engine, "begin")
    def begin_immediate(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _engine(place: URL, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        place,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **options,
    )
    if place.get_backend_name() == "sqlite":
        _on_connect(
            engine,
            f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
        )
    return engine


def _on_connect(engine: AsyncEngine, *statements: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
