"""Posts what is due in the outbox to the webhooks of accounts that other programs write for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from engine import late
from engine.business.http import Post, signature
from engine.channels.api.messages import pushed
from engine.channels.sweeping import Sweeper
from engine.settings import ApiAccount
from engine.store import Store, outbox
from engine.store.outbox import Outgoing

#: Longer than the posts of one look can take, so that no second sender repeats them.
LEASE = timedelta(minutes=5)
#: Seconds for the other side to take a post.
PATIENCE = 5.0
#: Waiting doubles from here with every attempt, up to the most.
RETRY_FIRST, RETRY_MOST = timedelta(seconds=5), timedelta(minutes=10)
#: More than these (about four hours) are given up, and kept for people to look at.
ATTEMPTS = 30

log = structlog.get_logger(__name__)


class Sender(Sweeper):
    """The work behind the outbox, for those of ``accounts`` that have a webhook."""

    def __init__(
        self,
        accounts: Mapping[str, ApiAccount],
        store: Store,
        *,
        post: Post,
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._accounts = {name: each for name, each in accounts.items() if each.webhook}
        super().__init__(store, self._accounts, clock=clock, lease=LEASE)
        self._post = post
        self._public_url = public_url

    async def _send_in_order(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            fault = await self._fault_of(row)
            async with self._store.writing() as connection:
                if not fault:
                    await outbox.sent(connection, row.id)
                    continue
                again = None if row.attempts >= ATTEMPTS else self._clock() + wait(row.attempts)
                await outbox.failed(connection, row.id, retry_at=again, error=fault)
            log.warning("webhook failed", account=row.account, why=fault, is_given_up=again is None)

    async def _fault_of(self, row: Outgoing) -> str:
        """Post a row; why it was not taken, else nothing."""
        account = self._accounts[row.account]
        told = pushed(row, late.replies([row]), public_url=self._public_url)
        body, stamp = msgspec.json.encode(told), str(int(self._clock().timestamp()))
        secret = account.webhook_secret
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": row.key,
            "Banli-Timestamp": stamp,
            "Banli-Signature": signature(secret, timestamp=stamp, key=row.key, body=body),
        }
        try:
            answer = await self._post(account.webhook, body=body, headers=headers, seconds=PATIENCE)
        except OSError as error:
            return f"no answer ({type(error).__name__})"
        return "" if 200 <= answer.status < 300 else f"status {answer.status}"


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(RETRY_FIRST * doubled, RETRY_MOST)
