"""Sends what is due in the outbox as customer-service messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine import late
from engine.channels.wechat import customer
from engine.channels.wechat.api import Api
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.errors import ApiError, ApiRefused
from engine.channels.wechat.messages import Menu, Message, Text
from engine.channels.wechat.words import links
from engine.message import Reply
from engine.store import Store, outbox
from engine.store.bell import rest
from engine.store.held import HELD
from engine.store.outbox import Outgoing

log = structlog.get_logger(__name__)

#: Longer than all calls of one row can take, so that no second sender repeats them.
LEASE = timedelta(minutes=5)

#: How often to look for rows that nobody in this process put there.
POLL = 5.0

#: The platform does not keep the order of messages that follow each other at once.
PAUSE = 0.5

#: Waiting doubles from here with every attempt, up to the most.
RETRY_FIRST, RETRY_MOST = timedelta(seconds=5), timedelta(minutes=10)
ATTEMPTS = 30

#: Outside the customer's window, or more than it allows: only the customer can open it again.
_WINDOW_SHUT = frozenset({45015, 45047})
_BUSY = frozenset({-1, 45009, 45011})
_NO_MENU = frozenset({40200, 45098})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of replies that did not leave: due again at ``retry_at``, or never (None)."""

    retry_at: datetime | None
    error: str


class Sender:
    """The work behind the outbox. ``apis`` has the accounts that may write on their own."""

    def __init__(
        self,
        store: Store,
        apis: Mapping[str, Api],
        composer: Composer,
        *,
        clock: Callable[[], datetime],
        pause: float = PAUSE,
    ) -> None:
        self._store = store
        self._apis = apis
        self._composer = composer
        self._clock = clock
        self._pause = pause

    def wake(self) -> None:
        """Something is due now: do not wait for the next look."""
        self._store.bell.ring()

    async def run(self) -> None:
        """Send until cancelled. A database that fails is tried again."""
        while True:
            rung = self._store.bell.listen()
            try:
                found = await self.sweep()
            except SQLAlchemyError:
                log.exception("outbox cannot be read")
                found = 0
            if not found:
                await rest(rung, seconds=POLL)

    async def sweep(self) -> int:
        """Claim what is due, send it, and tell how many rows that were."""
        async with self._store.writing() as connection:
            rows = await outbox.claim(connection, now=self._clock(), lease=LEASE)
        rows.sort(key=_customer)
        groups = [list(group) for _, group in groupby(rows, key=_customer)]
        await asyncio.gather(*(self._send_in_order(group) for group in groups))
        return len(rows)

    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            await self._send(row)

    async def _send(self, row: Outgoing) -> None:
        try:
            pieces = self._composer.singles(late.replies([row]))
        except msgspec.DecodeError:
            await self._settle(row, (), Verdict(None, "not a reply"))
            return
        api = self._apis.get(row.account)
        if api is None:
            await self._settle(row, pieces, Verdict(HELD, "the account cannot write on its own"))
            return
        for at, piece in enumerate(pieces):
            try:
                await self._deliver(api, row.openid, piece)
            except ApiError as error:
                verdict = self._judge(error, row.attempts)
                log.warning("late reply failed", account=row.account, error=str(error))
                await self._settle(row, pieces[at:], verdict, begun=at > 0)
                return
            await asyncio.sleep(self._pause)
        await self._settle(row, ())

    async def _deliver(self, api: Api, openid: str, piece: Reply) -> None:
        message = self._composer.message(piece)
        try:
            await api.send(customer.body(message, openid=openid))
        except ApiRefused as error:
            if error.code not in _NO_MENU or not isinstance(message, Menu):
                raise
            await api.send(customer.body(_as_text(message), openid=openid))

    async def _settle(
        self,
        row: Outgoing,
        unsent: Sequence[Reply],
        verdict: Verdict | None = None,
        *,
        begun: bool = False,
    ) -> None:
        async with self._store.writing() as connection:
            if verdict is None:
                await outbox.sent(connection, row.id)
                return
            if begun and verdict.retry_at is not None:
                # What has arrived must not be said twice: the row shrinks to the rest.
                await outbox.sent(connection, row.id)
                await late.put(
                    connection,
                    unsent,
                    account=row.account,
                    openid=row.openid,
                    due=verdict.retry_at,
                )
                return
            await outbox.failed(connection, row.id, retry_at=verdict.retry_at, error=verdict.error)

    def _judge(self, error: ApiError, attempts: int) -> Verdict:
        code = error.code if isinstance(error, ApiRefused) else -1
        if code in _WINDOW_SHUT:
            return Verdict(HELD, str(error))
        if code in _BUSY and attempts < ATTEMPTS:
            wait = min(RETRY_FIRST * 2 ** min(attempts - 1, 16), RETRY_MOST)
            return Verdict(self._clock() + wait, str(error))
        return Verdict(None, str(error))


def _customer(row: Outgoing) -> tuple[str, str]:
    return row.account, row.openid


def _as_text(menu: Menu) -> Message:
    return Text("\n".join(filter(None, (menu.head, links(menu.choices)))))
