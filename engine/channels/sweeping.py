"""What the senders of all channels have in common: they look into the outbox for what is due."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine.store import Store, StoreError, outbox
from engine.store.bell import rest
from engine.store.outbox import Outgoing

#: Seconds between looks for rows that nobody in this process put there.
POLL = 5.0

log = structlog.get_logger(__name__)


class Sweeper(ABC):
    """The work behind the outbox for some accounts, by name.

    ``lease`` is longer than one look can take, so that no second sender repeats it.
    """

    def __init__(
        self,
        store: Store,
        accounts: Collection[str],
        *,
        clock: Callable[[], datetime],
        lease: timedelta,
    ) -> None:
        self._store = store
        self._names = accounts
        self._clock = clock
        self._lease = lease

    async def run(self) -> None:
        """Send until cancelled. A database that fails is tried again."""
        while self._names:
            rung = self._store.bell.listen()
            try:
                found = await self.sweep()
            except (SQLAlchemyError, StoreError):
                log.exception("outbox cannot be read")
                found = 0
            if not found:
                await rest(rung, seconds=POLL)

    async def sweep(self) -> int:
        """Claim what is due, send it, and tell how many rows that were."""
        async with self._store.writing() as connection:
            rows = await outbox.claim(
                connection, now=self._clock(), accounts=self._names, lease=self._lease
            )
        rows.sort(key=_customer)
        groups = [list(group) for _, group in groupby(rows, key=_customer)]
        await asyncio.gather(*(self._send_in_order(group) for group in groups))
        return len(rows)

    @abstractmethod
    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        """Send the rows of one customer, the oldest first, and let go of each."""


def _customer(row: Outgoing) -> tuple[str, str]:
    return row.account, row.openid
