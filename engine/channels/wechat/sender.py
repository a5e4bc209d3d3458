"""Sends what is due in the outbox as customer-service messages, or as templates where it must."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
import structlog

from engine import late
from engine.channels.sweeping import Sweeper
from engine.channels.wechat import outcomes, templates
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.delivery import Delivery, Sends
from engine.channels.wechat.errors import ApiError
from engine.channels.wechat.promises import Promises
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.uploads import Uploads
from engine.channels.wechat.verdicts import Fate, Verdict, judge
from engine.channels.wechat.windows import Windows
from engine.message import Reply
from engine.settings import Template
from engine.store import Store, held, outbox
from engine.store.held import HELD
from engine.store.outbox import Outgoing

log = structlog.get_logger(__name__)

#: Longer than all calls of one row can take, so that no second sender repeats them.
LEASE = timedelta(minutes=5)


#: The platform does not keep the order of messages that follow each other at once.
PAUSE = 0.5


class Calls(Sends, Protocol):
    """The platform's API of one account."""

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON. Raises `ApiError`."""


@dataclass(frozen=True)
class Line:
    """One account on its way out: how its replies are made, sent and refused."""

    composer: Composer
    standing: Standing
    api: Calls
    uploads: Uploads | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    windows: Windows | None = None

    async def deliver(self, openid: str, piece: Reply) -> None:
        """Send one piece. Raises `ApiError`."""
        delivery = Delivery(self.api, self.composer, self.standing, self.uploads)
        await delivery.deliver(openid, piece)
        if self.windows:
            self.windows.sent(openid)

    async def shut(self, openid: str) -> str:
        """Why the platform would refuse a message to a customer, as far as is known here."""
        return await self.windows.shut(openid) if self.windows else ""


class Sender(Sweeper):
    """The work behind the outbox, for the accounts of ``lines`` by name."""

    def __init__(
        self,
        store: Store,
        lines: Mapping[str, Line],
        *,
        clock: Callable[[], datetime],
        pause: float = PAUSE,
    ) -> None:
        super().__init__(store, lines, clock=clock, lease=LEASE)
        self._promises = Promises(store, clock=clock)
        self._lines = lines
        self._pause = pause

    def wake(self) -> None:
        """Something is due now: do not wait for the next look."""
        self._store.bell.ring()

    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            if (redeemed := await self._promises.redeem(row)) is not None:
                await self._send(redeemed)

    async def _send(self, row: Outgoing) -> None:
        line = self._lines[row.account]
        if row.template:
            # The platform never said what became of it.
            await self._settle(row)
            return
        verdict = await self._before(row, line)
        may_be_template = verdict is None or verdict.at == HELD
        if may_be_template and await self._is_told(row, line, always=verdict is None):
            return
        if verdict is None:
            await self._send_pieces(row, line)
        else:
            await self._settle(row, verdict)

    async def _before(self, row: Outgoing, line: Line) -> Verdict | None:
        """Why the platform need not be asked at all, if so."""
        now = self._clock()
        if line.standing.is_closed(now):
            return Verdict(Fate.WAIT, "quota used up", line.standing.closed_until or now)
        if not line.standing.may_write:
            return Verdict(Fate.WAIT, "the account cannot write on its own")
        async with self._store.reading() as connection:
            waiting = await held.of(connection, account=row.account, openid=row.openid)
        if any(each.is_mark for each in waiting):
            return Verdict(Fate.DROP, "not a follower")
        # What came before it waits for the customer: it must not overtake.
        shut = "behind others that wait" if waiting else await line.shut(row.openid)
        return Verdict(Fate.WAIT, shut) if shut else None

    async def _send_pieces(self, row: Outgoing, line: Line) -> None:
        try:
            pieces = line.composer.singles(late.replies([row]))
        except msgspec.DecodeError:
            await self._settle(row, Verdict(Fate.KEEP, "not a reply"))
            return
        for at, piece in enumerate(pieces):
            if at and (shut := await line.shut(row.openid)):
                await self._settle(row, Verdict(Fate.WAIT, shut), unsent=pieces[at:])
                return
            try:
                await line.deliver(row.openid, piece)
            except ApiError as error:
                verdict = judge(
                    error, attempts=row.attempts, now=self._clock(), standing=line.standing
                )
                is_shut = verdict.fate is Fate.WAIT and verdict.at == HELD
                if is_shut and await self._is_told(row, line, always=False):
                    return
                await self._settle(row, verdict, unsent=pieces[at:] if at else None)
                return
            await asyncio.sleep(self._pause)
        await self._settle(row)

    async def _is_told(self, row: Outgoing, line: Line, *, always: bool) -> bool:
        """Whether the platform took the row's notice as a template; then the row is let go of."""
        template = line.templates.get(row.notice)
        if template is None or (always and not template.always) or not line.standing.may_write:
            return False
        try:
            answer = await line.api.call(*templates.request(template, row))
        except ApiError as error:
            log.warning("template failed", account=row.account, what=row.notice, error=str(error))
            return False
        number = answer.get("msgid")
        if template.kind == "template" and number:
            async with self._store.writing() as connection:
                until = self._clock() + outcomes.PATIENCE
                await outbox.awaits(connection, row.id, template=str(number), until=until)
        else:
            await self._settle(row)
        return True

    async def _settle(
        self,
        row: Outgoing,
        verdict: Verdict | None = None,
        *,
        unsent: Sequence[Reply] | None = None,
    ) -> None:
        """Let go of a row. ``unsent`` is the rest of one that has partly arrived."""
        async with self._store.writing() as connection:
            if verdict is None or verdict.fate is Fate.DROP:
                await outbox.sent(connection, row.id)
            elif verdict.fate is Fate.MARK:
                await held.mark(connection, row.id, error=verdict.error)
            elif verdict.fate is Fate.KEEP:
                await outbox.failed(connection, row.id, retry_at=None, error=verdict.error)
            elif unsent is None:
                await outbox.failed(connection, row.id, retry_at=verdict.at, error=verdict.error)
            else:
                # What has arrived must not be said twice: the row shrinks to the rest.
                await outbox.sent(connection, row.id)
                await late.put(
                    connection, unsent, account=row.account, openid=row.openid, due=verdict.at
                )
