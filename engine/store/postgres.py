"""PostgreSQL: one database for the processes of many machines."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

import sqlalchemy
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from engine.store import migrate
from engine.store.connection import JSON, Connection
from engine.store.errors import StoreError

#: Readers that are kept open: as many as turns that are commonly in work at once. Opening one
#: costs more than a whole turn's reading.
_READERS = 32

#: Two processes that migrate wait for each other under this number, which is nobody else's.
_MIGRATES = text("SELECT pg_advisory_xact_lock(7061)")


class Postgres:
    """Pools of connections: some that read, some with transactions that write."""

    def __init__(self, place: URL) -> None:
        self._readers = _readers(place)
        self._writers = create_async_engine(place, **JSON)

    @classmethod
    async def open(cls, place: URL) -> Postgres:
        """Open, and create or migrate when needed. Raises `StoreError`."""
        if await found(place) != migrate.HEAD:
            await asyncio.to_thread(_upgrade, place)
        return cls(place)

    @property
    def dialects(self) -> tuple[sqlalchemy.Dialect, ...]:
        return self._readers.dialect, self._writers.dialect

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        return self._readers.connect()

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        return self._writers.begin()

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
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    return create_async_engine(place, pool_size=_READERS, **options, **JSON)


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
