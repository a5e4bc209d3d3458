"""The relay's database: one SQLite file, readable while it is written."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from engine.relay import schema
from engine.relay.errors import RelayError

_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "busy_timeout = 5000",
)


class Database:
    """Connections to the relay's file: many that read, one transaction at a time that writes."""

    def __init__(self, readers: AsyncEngine, writers: AsyncEngine) -> None:
        self._readers = readers
        self._writers = writers

    @classmethod
    async def open(cls, file: Path) -> Self:
        """Open the file, made with its folder and tables when missing. Raises `RelayError`."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = cls(_engine(file), _engine(file, pool_size=1, max_overflow=0))
            async with database.writing() as connection:
                await connection.run_sync(schema.metadata.create_all)
        except (OSError, DBAPIError) as error:
            raise RelayError(f"cannot open the relay's database {file}: {error}") from error
        return database

    async def close(self) -> None:
        """Close every connection."""
        await self._readers.dispose()
        await self._writers.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only reads."""
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends, undone when it raises."""
        async with self._writers.begin() as connection:
            yield connection

    async def secret(self, name: str) -> bytes:
        """32 random bytes of this installation, made at the first call for this name."""
        table = schema.secrets
        async with self.writing() as connection:
            fresh = insert(table).values(name=name, value=secrets.token_bytes(32))
            await connection.execute(fresh.on_conflict_do_nothing())
            found = await connection.scalar(select(table.c.value).where(table.c.name == name))
        return bytes(found or b"")


def _engine(file: Path, **options: Any) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(file))
    engine = create_async_engine(url, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
