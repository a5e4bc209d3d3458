"""Short messages of customers: each taken once, its answer put into the outbox once."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import structlog

from engine import late
from engine.channels.sms import wire
from engine.channels.sms.account import SmsAccount
from engine.channels.sms.errors import InWork, Reused, TooFast, UnknownNumber
from engine.channels.sms.wire import Message
from engine.limits import Limits, Verdict
from engine.message import Inbound, Reply
from engine.store import Store, asked
from engine.store.outbox import MARK

#: Seconds for which a request waits until its message is taken.
BUDGET = 10.0
#: Seconds that a stopping server gives to the work in hand.
GRACE = 10.0

log = structlog.get_logger(__name__)


class Takes(Protocol):
    """The engine's side: a message in, what to say out."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        """The replies to a message; a repeat gets the same ones."""


class Numbers:
    """Takes the messages of all accounts that phones reach through a gateway."""

    def __init__(
        self,
        accounts: Mapping[str, SmsAccount],
        turns: Mapping[str, Takes],
        store: Store,
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        budget: float = BUDGET,
    ) -> None:
        self._accounts = accounts
        self._turns = turns
        self._store = store
        self._clock = clock
        self._limits = limits or Limits()
        self._budget = budget
        self._working: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def receive(self, name: str, head: Mapping[str, str], body: bytes) -> None:
        """Return when the message is done and its answer kept. Raises `SmsProblem`."""
        account = self._accounts.get(name)
        if account is None:
            raise UnknownNumber("no such account")
        wire.verify(account, head.get(account.header, ""), body)
        message = wire.read(account, head.get("content-type", ""), body)
        if self._limits.judge(name, message.customer) is not Verdict.TAKE:
            raise TooFast("wait a little before the next message")
        if await self._is_answered(name, message):
            return
        work = self._join(name, message)
        await asyncio.wait({work}, timeout=self._budget)
        if not work.done():
            raise InWork("not done yet; send it again")
        work.result()

    async def finish(self) -> None:
        """Wait for the work in hand, but not for ever."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=GRACE)

    async def _is_answered(self, account: str, message: Message) -> bool:
        known = await asked.ask(
            self._store,
            account=account,
            id=message.id,
            openid=message.customer,
            digest=message.digest,
            now=self._clock(),
        )
        if not hmac.compare_digest(known.digest, message.digest):
            raise Reused("this id was used for another message")
        return known.answer is not None

    def _join(self, account: str, message: Message) -> asyncio.Task[None]:
        key = (account, message.id)
        work = self._working.get(key)
        if work is None:
            work = self._working[key] = asyncio.create_task(self._answer(account, message))
            work.add_done_callback(lambda done: self._end(key, done))
        return work

    def _end(self, key: tuple[str, str], work: asyncio.Task[None]) -> None:
        self._working.pop(key, None)
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("turn failed", account=key[0], exc_info=error)

    async def _answer(self, account: str, message: Message) -> None:
        now = self._clock()
        key = f"{account}:sms:{message.id}"
        inbound = Inbound(
            account=account, openid=message.customer, key=key, at=now, text=message.text
        )
        replies = await self._turns[account].take(inbound)
        async with self._store.writing() as connection:
            # Of two processes that answered the same, the first puts it there.
            if await asked.answer(connection, account=account, id=message.id, answer=MARK):
                await late.put(
                    connection, replies, account=account, openid=message.customer, due=now
                )
        self._store.bell.ring()
