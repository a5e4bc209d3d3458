"""Turns that nobody asked for: notices of the company, and sessions whose time has come.

They are kept in the store until their turn has been taken, so that they survive a crash. Of
several processes over one database each notice has one that tells it, for as long as its lease; and
a turn is kept once, whoever takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine.message import Inbound, Kind, Reply
from engine.store import Store, StoreError, notices, sessions
from engine.store.bell import rest
from engine.store.notices import Waiting
from engine.store.sessions import Due

log = structlog.get_logger(__name__)

#: Longer than any turn takes, so that no second process takes it as well.
LEASE = timedelta(minutes=2)
#: Seconds between two looks for what nobody in this process left.
POLL = 2.0
#: A turn that fails is tried again after a while that doubles, and given up in the end.
RETRY_FIRST, ATTEMPTS = timedelta(seconds=30), 8


class Takes(Protocol):
    """The turns of one account."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        """Take a turn; a repeat of the same one changes nothing."""


class Scheduler:
    """Runs what is due. ``turns`` has the accounts of this process by name."""

    def __init__(
        self, store: Store, turns: Mapping[str, Takes], *, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock

    async def run(self) -> None:
        """Run what is due until cancelled. A database that fails is tried again."""
        while True:
            rung = self._store.bell.listen()
            try:
                found = await self.run_due()
            except (SQLAlchemyError, StoreError):
                log.exception("cannot see what is due")
                found = 0
            if not found:
                await rest(rung, seconds=POLL)

    async def run_due(self) -> int:
        """Take the turns that are due now, and tell how many there were."""
        now, accounts = self._clock(), list(self._turns)
        async with self._store.reading() as connection:
            is_any = await notices.is_any_due(connection, now=now, accounts=accounts, lease=LEASE)
            due = await sessions.due(connection, now=now, accounts=accounts)
        waiting: list[Waiting] = []
        if is_any:
            async with self._store.writing() as connection:
                waiting = await notices.claim(connection, now=now, accounts=accounts, lease=LEASE)
        for each in waiting:
            await self._tell(each)
        for session in due:
            await self._go_on(session)
        return len(waiting) + len(due)

    async def _tell(self, waiting: Waiting) -> None:
        inbound = Inbound(
            account=waiting.account,
            openid=waiting.openid,
            key=f"notice/{waiting.account}/{waiting.openid}/{waiting.key}",
            at=self._clock(),
            kind=Kind.NOTICE,
            event=waiting.name,
            facts=dict(waiting.facts),
        )
        try:
            await self._turns[waiting.account].take(inbound)
        except Exception:
            log.exception("notice not told", notice=waiting.name, attempts=waiting.attempts)
            wait = RETRY_FIRST * 2 ** min(waiting.attempts - 1, 16)
            retry_at = self._clock() + wait if waiting.attempts < ATTEMPTS else None
            async with self._store.writing() as connection:
                await notices.failed(connection, waiting.id, retry_at=retry_at)
            return
        async with self._store.writing() as connection:
            await notices.told(connection, waiting.id)

    async def _go_on(self, due: Due) -> None:
        inbound = Inbound(
            account=due.account,
            openid=due.openid,
            # The turn moves the session to another version: there is one such turn for each.
            key=f"timer/{due.account}/{due.openid}/{due.version}",
            at=self._clock(),
            kind=Kind.TIMER,
        )
        try:
            await self._turns[due.account].take(inbound)
        except Exception:
            log.exception("session cannot go on", account=due.account)
            async with self._store.writing() as connection:
                await sessions.postpone(connection, due, until=self._clock() + RETRY_FIRST)
