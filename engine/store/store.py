"""The database behind all rooms: SQLite without a service, or PostgreSQL for many machines."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.store import sqlite
from engine.store.bell import Bell
from engine.store.connection import Connection, Database
from engine.store.errors import StoreError
from engine.store.keys import Ring

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+asyncpg"}


class Store:
    """Connections to one database: many that read, and transactions that write.

    ``bell`` rings in this process when something was kept that leaves on its own.
    """

    def __init__(self, database: Database, *, scratch: Path | None = None) -> None:
        self._database = database
        self._scratch = scratch
        self.bell = Bell()

    @classmethod
    async def open(cls, url: str, *, ring: Ring | None = None) -> Store:
        """Open, and create or migrate when needed. Without a ``ring`` nothing is sealed.

        `url` is `sqlite:///PATH`, `sqlite://` (a private database that ends with the store) or
        `postgresql://…`. Raises `StoreError`.
        """
        place, scratch = _parse(url), None
        if _is_sqlite(place) and not place.database:
            scratch = Path(tempfile.mkdtemp(prefix="banli-"))
            place = place.set(database=str(scratch / "banli.db"))
        try:
            database = await _open(place, ring)
        except BaseException:
            _delete(scratch)
            raise
        return cls(database, scratch=scratch)

    async def close(self) -> None:
        """Close every connection; a private database is deleted."""
        await self._database.close()
        _delete(self._scratch)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that only reads: each statement sees the newest commit and holds nothing."""
        return self._database.reading()

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """One transaction: committed and durable when the block ends, undone when it raises."""
        return self._database.writing()


async def found_at(url: str) -> str | None:
    """The migration that a database is at; None where there is none yet. Changes nothing.

    Raises `StoreError`.
    """
    place = _parse(url)
    if _is_sqlite(place):
        return await sqlite.found(place)
    from engine.store import postgres

    return await postgres.found(place)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for another one. Raises `StoreError`."""
    place = _parse(url)
    return Path(place.database) if _is_sqlite(place) and place.database else None


def place_of(url: str) -> str:
    """The address as other programs take it, without its password. Raises `StoreError`."""
    place = _parse(url)
    known = URL.create(
        place.get_backend_name(),
        username=place.username,
        host=place.host,
        port=place.port,
        database=place.database,
        query=place.query,
    )
    return f"'{known}'"


async def _open(place: URL, ring: Ring | None) -> Database:
    if _is_sqlite(place):
        return await sqlite.Sqlite.open(place, ring)
    # SQLAlchemy's asynchronous half is loaded only where it is used: 10 MB.
    from engine.store import postgres

    return await postgres.Postgres.open(place, ring)


def _is_sqlite(place: URL) -> bool:
    return place.get_backend_name() == "sqlite"


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


def _delete(scratch: Path | None) -> None:
    if scratch is not None:
        shutil.rmtree(scratch, ignore_errors=True)
