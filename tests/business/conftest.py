"""A demo company on a real SQLite file, at a quarter to ten of a Monday's morning in Shanghai."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from engine.business.demo import business, seed
from engine.business.provider import Work

NOW = datetime(2026, 11, 23, 10, 0)


class Company:
    """The demo business as one customer meets it; `now` and `openid` may be changed at any time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.now = NOW
        self.openid = "oDemo-zhangsan"

    async def ask(self, name: str, **arguments: Any) -> list[dict[str, Any]]:
        rows = await business.queries[name](self._work(), **arguments)
        return [dict(row) for row in rows]

    async def do(self, name: str, *, key: str, **arguments: Any) -> dict[str, Any]:
        return dict(await business.effects[name](self._work(key), **arguments))

    async def segment(self, **arguments: Any) -> str:
        rows = await self.ask("airline.bookings", **arguments)
        return str(rows[0]["segment"])

    def _work(self, key: str = "") -> Work:
        return Work(self.connection, self.now, "demo", self.openid, key)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    database = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/demo.db")

    # The driver would begin a transaction late and only on some statements; take the lock at once.
    @event.listens_for(database.sync_engine, "connect")
    def _leave_transactions_to_us(connection: Any, _: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(database.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    async with database.begin() as connection:
        await seed.create(connection)
        await seed.seed(connection, now=NOW)
    yield database
    await database.dispose()


@pytest.fixture
async def company(engine: AsyncEngine) -> AsyncIterator[Company]:
    async with engine.begin() as connection:
        yield Company(connection)


@pytest.fixture
def visit(engine: AsyncEngine) -> Callable[[Callable[[Company], Awaitable[Any]]], Awaitable[Any]]:
    """Run one customer's steps in a transaction of their own."""

    async def run(steps: Callable[[Company], Awaitable[Any]]) -> Any:
        async with engine.begin() as connection:
            return await steps(Company(connection))

    return run
