"""A demo company in a real database, at ten of a Monday's morning in Shanghai."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from engine.business.demo import business, seed
from engine.business.demo.clock import ZONE
from engine.business.provider import Work
from engine.store import Connection, Store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


class Company:
    """The demo business as one customer meets it; `now` and `openid` may be changed at any time."""

    def __init__(self, connection: Connection, openid: str = "oDemo-zhangsan") -> None:
        self.connection = connection
        self.now = NOW
        self.openid = openid

    async def ask(self, name: str, /, **arguments: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await business.queries[name](self._work(), **arguments)]

    async def do(self, name: str, /, *, key: str, **arguments: Any) -> dict[str, Any]:
        return dict(await business.effects[name](self._work(key), **arguments))

    async def leave(self) -> None:
        for forget in business.forgettings:
            await forget(self._work())

    async def segment(self, **arguments: Any) -> str:
        rows = await self.ask("airline.bookings", **arguments)
        return str(rows[0]["segment"])

    def _work(self, key: str = "") -> Work:
        return Work(self.connection, self.now, "demo", self.openid, key)


class Town:
    """The company over many transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @asynccontextmanager
    async def visit(self, openid: str = "oDemo-zhangsan") -> AsyncIterator[Company]:
        async with self._store.writing() as connection:
            yield Company(connection, openid)


@pytest.fixture(scope="session")
def laid(postgresql: Any) -> str:
    """A database of PostgreSQL with the company in it, to be copied: to lay it takes longer."""
    address = postgresql.new()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _lay_at(address)).result()
    return str(address.partition("@/")[2].partition("?")[0])


async def _lay_at(address: str) -> None:
    async with await Store.open(address) as store:
        await _lay(store)


async def _lay(store: Store) -> None:
    async with store.writing() as connection:
        await seed.create(connection)
        await seed.seed(connection, now=NOW)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A private database of each kind in turn; the company is in that of PostgreSQL already."""
    if request.param == "sqlite":
        yield "sqlite://"
        return
    server = request.getfixturevalue("postgresql")
    address = server.new(template=request.getfixturevalue("laid"))
    yield address
    server.drop(address)


@pytest.fixture
async def town(store: Store) -> Town:
    async with store.reading() as connection:
        is_laid = connection.dialect.name == "postgresql"
    if not is_laid:
        await _lay(store)
    return Town(store)


@pytest.fixture
async def company(town: Town) -> AsyncIterator[Company]:
    async with town.visit() as visiting:
        yield visiting
