"""A sender goes on whatever happens to the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from engine.channels.sweeping import Sweeper
from engine.store import Conflict, Connection, Store, StoreError, outbox
from engine.store.outbox import Outgoing

NOW = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


class Hurt(Store):
    """A store whose first transaction fails."""

    fault: Exception | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        fault, self.fault = self.fault, None
        if fault:
            self.bell.ring()
            raise fault
        async with super().writing() as connection:
            yield connection


class Told(Sweeper):
    """Notes what it gets."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, ["a"], clock=lambda: NOW, lease=timedelta(minutes=1))
        self.rows: asyncio.Queue[bytes] = asyncio.Queue()

    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            await self.rows.put(row.reply)


@pytest.mark.parametrize(
    "fault",
    [
        Conflict("the server restarts"),
        StoreError("the database does not answer"),
        OperationalError("BEGIN", {}, Exception("disk I/O error")),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_database_that_fails_once_does_not_end_the_sender(fault: Exception) -> None:
    async with await Hurt.open("sqlite://") as store:
        async with store.writing() as connection:
            await outbox.put(connection, account="a", openid="o", reply=b"{}", due=NOW)
        store.fault = fault
        sender = Told(store)
        running = asyncio.create_task(sender.run())
        assert await asyncio.wait_for(sender.rows.get(), 60) == b"{}"
        running.cancel()
        await asyncio.wait({running})
