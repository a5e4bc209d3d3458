"""Sends what is due in the outbox as short messages through the accounts' gateways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from engine import late
from engine.business.http import Post
from engine.channels.api.sender import ATTEMPTS, LEASE, PATIENCE, wait
from engine.channels.sms import shown
from engine.channels.sms.account import SmsAccount
from engine.channels.sms.texts import compose
from engine.channels.sms.wire import filled
from engine.channels.sweeping import Sweeper
from engine.message import Reply
from engine.store import Store, outbox
from engine.store.outbox import Origin, Outgoing

log = structlog.get_logger(__name__)


class SmsSender(Sweeper):
    """The work behind the outbox for ``accounts``. A row leaves as one message or as several."""

    def __init__(
        self,
        accounts: Mapping[str, SmsAccount],
        store: Store,
        *,
        post: Post,
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._accounts = accounts
        super().__init__(store, self._accounts, clock=clock, lease=LEASE)
        self._post = post
        self._public_url = public_url

    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        await self._note(rows)
        for at, row in enumerate(rows):
            texts = self._texts(row)
            if len(texts) > 1:
                await self._part(rows[at:])
                return
            await self._settle(row, await self._fault_of(row, texts[0]) if texts else "")

    async def _settle(self, row: Outgoing, fault: str) -> None:
        async with self._store.writing() as connection:
            if not fault:
                await outbox.sent(connection, row.id)
                return
            again = None if row.attempts >= ATTEMPTS else self._clock() + wait(row.attempts)
            await outbox.failed(connection, row.id, retry_at=again, error=fault)
        log.warning("gateway failed", account=row.account, why=fault, is_given_up=again is None)

    async def _note(self, rows: Sequence[Outgoing]) -> None:
        """Keep the choices that the phone will show last."""
        whole = [row for row in rows if not row.origin.is_part]
        if whole:
            account, openid = whole[-1].account, whole[-1].openid
            replies = late.replies(whole[-1:])
            await shown.note(
                self._store, replies, account=account, openid=openid, now=self._clock()
            )

    async def _part(self, rows: Sequence[Outgoing]) -> None:
        """Give each message a row of its own, so that a try sends no other one again.

        The customer's later rows go with them, to stay behind.
        """
        async with self._store.writing() as connection:
            for row in rows:
                for text in self._texts(row):
                    await late.put(
                        connection,
                        [Reply(text=text)],
                        account=row.account,
                        openid=row.openid,
                        due=self._clock(),
                        origin=Origin(is_part=True),
                    )
                await outbox.sent(connection, row.id)

    def _texts(self, row: Outgoing) -> list[str]:
        segments = self._accounts[row.account].segments
        return compose(late.replies([row]), public_url=self._public_url, segments=segments)

    async def _fault_of(self, row: Outgoing, text: str) -> str:
        """Send a message; why it was not taken, else nothing."""
        account = self._accounts[row.account]
        headers, body = filled(account, to=row.openid, text=text, id=row.key)
        try:
            answer = await self._post(
                account.send.url, body=body, headers=headers, seconds=PATIENCE
            )
        except OSError as error:
            return f"no answer ({type(error).__name__})"
        return "" if 200 <= answer.status < 300 else f"status {answer.status}"
