"""What the database has of the customer of a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from engine.business.provider import Business, Row, Work
from engine.replay.exchange import ACCOUNT, Effect
from engine.store import Store, conversation
from engine.store.conversation import Line
from engine.store.schema import ledger, notices, sessions


class Records:
    """The rows of one customer, read anew each time."""

    def __init__(self, store: Store, openid: str) -> None:
        self._store = store
        self._openid = openid

    async def effects(self) -> list[Effect]:
        """What the ledger has, in the order in which it was done."""
        query = (
            select(ledger.c.name, ledger.c.arguments, ledger.c.result)
            .where(ledger.c.account == ACCOUNT, ledger.c.openid == self._openid)
            .order_by(text("rowid"))
        )
        async with self._store.reading() as connection:
            return [Effect(*row) for row in await connection.execute(query)]

    async def next_due(self) -> datetime | None:
        """When the next reminder or notice is due, of whomever."""
        async with self._store.reading() as connection:
            moments = [
                await connection.scalar(select(func.min(table.c.due)))
                for table in (sessions, notices)
            ]
        return min((moment for moment in moments if moment), default=None)

    async def lines(self) -> list[Line]:
        """The conversation, as it is kept."""
        async with self._store.reading() as connection:
            return await conversation.of(connection, account=ACCOUNT, openid=self._openid)

    async def ask(
        self, business: Business, name: str, arguments: Mapping[str, Any], now: datetime
    ) -> list[Row]:
        """What a query of the business answers this customer. Raises `Refused`."""
        async with self._store.reading() as connection:
            work = Work(connection, now, ACCOUNT, self._openid)
            return await business.queries[name](work, **arguments)
