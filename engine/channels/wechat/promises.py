"""Answers that are promised: the customer was told to wait, and no request will come for them.

A row in the outbox stands in for such an answer, and the answer takes its place. Where the process
dies in between the row is left. It then tells what the inbox has under the message, or else that
there was no answer: after two minutes, or with the customer's next message where the account may
not write. There the process at work shows that it lives: its customer may write meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine import late
from engine.channels.wechat.messages import encode
from engine.message import Inbound, Reply
from engine.store import Connection, Store, StoreError, inbox, outbox
from engine.store.held import HELD
from engine.store.outbox import Origin, Outgoing

UNANSWERED = "刚才那条没能回复您，抱歉。请说「再说一遍」，或者重新发一次。"

#: A late answer that is not there by then will not come any more: its process has died.
PATIENCE = timedelta(minutes=2)
#: Whoever has shown no life for so long has died; seconds between two signs of it.
ALIVE, BEAT = timedelta(seconds=6), 2.0

log = structlog.get_logger(__name__)


class Promises:
    """Of one process."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def make(self, inbound: Inbound, *, may_write: bool) -> None:
        """Let the customer hear something even if this process ends: nobody asks it any more."""
        due = self._clock() + PATIENCE if may_write else HELD
        try:
            async with self._store.writing() as connection:
                await late.put(
                    connection,
                    [Reply(text=UNANSWERED)],
                    account=inbound.account,
                    openid=inbound.openid,
                    due=due,
                    origin=Origin(message=inbound.key),
                )
            if not may_write:
                await self._live(inbound)
        except (SQLAlchemyError, StoreError):
            log.exception("late answer not promised", account=inbound.account)

    async def keep_up(self, inbound: Inbound) -> None:
        """Show until cancelled that the promised answer is in work."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._live(inbound)
            except (SQLAlchemyError, StoreError):
                log.exception("promise not kept up", account=inbound.account)

    async def redeem(self, row: Outgoing) -> Outgoing | None:
        """A row that is due as it has to be sent; None when it has been told otherwise."""
        if not row.origin.is_promise:
            return row
        async with self._store.writing() as connection:
            answer = await inbox.answer_of(connection, row.origin.message)
            if answer is None:
                return row
            if await inbox.tell(connection, row.origin.message, encode(None)) is not None:
                await outbox.sent(connection, row.id)
                return None
            await outbox.become(connection, row.id, reply=answer)
        return replace(row, reply=answer, origin=outbox.PLAIN)

    async def _live(self, inbound: Inbound) -> None:
        async with self._store.writing() as connection:
            await outbox.lease(
                connection,
                account=inbound.account,
                openid=inbound.openid,
                message=inbound.key,
                until=self._clock() + ALIVE,
            )


async def due(connection: Connection, held: Iterable[Outgoing], now: datetime) -> list[Outgoing]:
    """What of all that waits for a customer may be told now, with the answers that are there."""
    rows = [await _resolved(connection, row, now) for row in held]
    return [row for row in rows if row is not None]


async def told(connection: Connection, rows: Iterable[Outgoing], *, message: str) -> None:
    """These promises are kept by the answer to another message; nobody is to keep them again."""
    for row in rows:
        if row.origin.is_promise and row.origin.message != message:
            await inbox.tell(connection, row.origin.message, encode(None))


async def _resolved(connection: Connection, row: Outgoing, now: datetime) -> Outgoing | None:
    if not row.origin.is_promise:
        return row
    answer = await inbox.answer_of(connection, row.origin.message)
    if answer is not None:
        return replace(row, reply=answer)
    is_in_work = row.leased_until is not None and row.leased_until > now
    return None if is_in_work else row
