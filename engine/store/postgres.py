"""PostgreSQL: one database for the processes of many machines.

What another transaction or a restart of the server has undone is a `Conflict`: a turn that is run
again finds in the inbox whether it was kept after all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import sqlalchemy
from sqlalchemy import URL, ExceptionContext, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from engine.store import migrate
from engine.store.connection import OPTIONS, Connection
from engine.store.errors import Conflict, StoreError
from engine.store.keys import Ring
from engine.store.sealing import seal_with

#: Connections of one process. A turn holds a reader, and a writer from its first effect on; those
#: beyond wait. Four processes stay below the 100 that a server takes as installed.
_READERS, _WRITERS = 16, 8

#: How long a server that restarts is waited for, and the pause between two tries.
_AWAY_SECONDS, _PAUSE_SECONDS = 20.0, 0.1

#: Another transaction was first (serialization, deadlock), or the server ends or begins.
_AGAIN = frozenset({"40001", "40P01", "57P01", "57P02", "57P03"})

#: The connection is gone; SQLAlchemy does not know all the ways in which asyncpg says so.
_LOST = ("08", "57P")

#: Two processes that migrate wait for each other under this number, which is nobody else's.
_MIGRATES = text("SELECT pg_advisory_xact_lock(7061)")


class Postgres:
    """Pools of connections: some that read, some with transactions that write."""

    def __init__(self, place: URL) -> None:
        self._readers = _readers(place)
        self._writers = create_async_engine(place, pool_size=_WRITERS, max_overflow=0, **OPTIONS)
        for engine in (self._readers, self._writers):
            event.listen(engine.sync_engine, "handle_error", _notice_end)

    @classmethod
    async def open(cls, place: URL, ring: Ring | None = None) -> Postgres:
        """Open, and create or migrate when needed. Raises `StoreError`."""
        if await found(place) != migrate.HEAD:
            await asyncio.to_thread(_upgrade, place)
        opened = cls(place)
        if ring is not None:
            for engine in (opened._readers, opened._writers):
                seal_with(engine.dialect, ring)
        return opened

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        async with AsyncExitStack() as stack:
            stack.push(_say_again)
            connection = await _connected(self._readers)
            stack.push_async_callback(connection.close)
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        async with AsyncExitStack() as stack:
            stack.push(_say_again)
            connection = await _connected(self._writers)
            stack.push_async_callback(connection.close)
            await stack.enter_async_context(connection.begin())
            yield connection

    async def close(self) -> None:
        await self._readers.dispose()
        await self._writers.dispose()


async def found(place: URL) -> str | None:
    """The migration that a database is at; None where there is none. Raises `StoreError`."""
    engine = _readers(place)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(migrate.version)
    except (sqlalchemy.exc.DBAPIError, OSError) as error:
        fault = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
        raise StoreError(f"cannot open the database {place.database}: {fault}") from error
    finally:
        await engine.dispose()


def _readers(place: URL) -> AsyncEngine:
    return create_async_engine(
        place,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=_READERS,
        max_overflow=0,
        connect_args={"server_settings": {"default_transaction_read_only": "on"}},
        **OPTIONS,
    )


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    """A connection from the pool; a server that restarts is waited for. Raises `StoreError`."""
    deadline = time.monotonic() + _AWAY_SECONDS
    while True:
        connection = engine.connect()
        try:
            return await connection.start()
        except (OSError, sqlalchemy.exc.DBAPIError) as error:
            if isinstance(error, sqlalchemy.exc.DBAPIError) and not _is_passing(error):
                raise
            if time.monotonic() > deadline:
                raise StoreError(f"the database does not answer: {error}") from error
        await asyncio.sleep(_PAUSE_SECONDS)


def _say_again(kind: object, error: BaseException | None, trace: object) -> None:
    if isinstance(error, sqlalchemy.exc.DBAPIError) and _is_passing(error):
        raise Conflict(f"the database undid this: {error.orig}") from error


def _notice_end(context: ExceptionContext) -> None:
    """A lost connection ends all others of its pool: not each is to fail somebody first."""
    state = getattr(context.original_exception, "sqlstate", None) or ""
    if state.startswith(_LOST):
        context.is_disconnect = True


def _is_passing(error: sqlalchemy.exc.DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _AGAIN


def _upgrade(place: URL) -> None:
    # On an event loop of its own, in a thread: alembic's work would keep others waiting.
    asyncio.run(_upgraded(create_async_engine(place, poolclass=NullPool)))


async def _upgraded(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            await connection.execute(_MIGRATES)
            await connection.run_sync(migrate.upgrade)
    except sqlalchemy.exc.DBAPIError as error:
        raise StoreError(f"cannot migrate the database: {error.orig}") from error
    finally:
        await engine.dispose()
