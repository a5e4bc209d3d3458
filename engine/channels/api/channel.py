"""Messages of other programs: a message in, its answer out, or word that it is still in work."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from engine import late
from engine.channels.api.errors import BadKey, UnknownMessage
from engine.channels.api.messages import ANSWERS, Answer, Message, answered
from engine.channels.asking import BUDGET, GRACE, Asking
from engine.limits import Limits
from engine.message import Inbound, Reply
from engine.settings import ApiAccount
from engine.store import Conflict, Store, asked, held

#: Answers to one customer at once are few; more clashes than this are a fault.
_CLASHES = 8

Replies = tuple[Reply, ...]

log = structlog.get_logger(__name__)


class Takes(Protocol):
    """The engine's side: a message in, what to say out."""

    async def take(
        self, inbound: Inbound, fetch: Callable[[str], Awaitable[bytes]] | None = None
    ) -> tuple[Reply, ...]:
        """The replies to a message; a repeat gets the same ones."""


class Programs:
    """Takes the messages of all accounts that other programs reach.

    ``budget`` is how many seconds a request waits. ``limits`` say who writes too fast.
    """

    def __init__(
        self,
        accounts: Mapping[str, ApiAccount],
        turns: Mapping[str, Takes],
        store: Store,
        *,
        public_url: str,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        budget: float = BUDGET,
    ) -> None:
        self._pushes = {name for name, account in accounts.items() if account.webhook}
        self._promises: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._keys = [
            (account.name, digest)
            for account in accounts.values()
            for digest in account.keys.values()
        ]
        self._turns = turns
        self._store = store
        self._public_url = public_url
        self._clock = clock
        self._asking: Asking[Replies] = Asking(store, clock=clock, limits=limits, budget=budget)

    def account_of(self, authorization: str) -> str:
        """The account that the key of a request's head belongs to. Raises `BadKey`."""
        scheme, _, key = authorization.partition(" ")
        digest = hashlib.sha256(key.strip().encode(errors="replace")).hexdigest()
        # All of them, so that the time tells nothing.
        found = [name for name, known in self._keys if hmac.compare_digest(known, digest)]
        if scheme.lower() != "bearer" or not found:
            raise BadKey("send Authorization: Bearer KEY with a key of an account")
        return found[0]

    async def receive(self, account: str, message: Message) -> Answer:
        """The answer, or that the message is in work. Raises `Problem`."""
        kept = await self._asking.kept(account, message)
        if kept is not None:
            return self._told(message.id, kept)
        work = await self._asking.work(account, message, lambda: self._answer(account, message))
        if not work.done():
            self._promise(account, message, work)
            return Answer(message.id, "working")
        return answered(message.id, work.result(), public_url=self._public_url)

    async def look(self, account: str, id: str) -> Answer:
        """What is known of a message by now. Raises `UnknownMessage`."""
        async with self._store.reading() as connection:
            known = await asked.get(connection, account=account, id=id)
        if known is None:
            raise UnknownMessage("no message was sent under this id")
        return Answer(id, "working") if known.answer is None else self._told(id, known.answer)

    async def finish(self) -> None:
        """Wait for the work in hand, but not for ever."""
        await self._asking.finish()
        if self._promises:
            await asyncio.wait(self._promises.values(), timeout=GRACE)

    def _told(self, id: str, kept: bytes) -> Answer:
        return answered(id, late.read([kept]), public_url=self._public_url)

    def _promise(self, account: str, message: Message, work: asyncio.Task[Replies]) -> None:
        """Let the webhook be told of an answer that nobody waits for any more, once."""
        key = (account, message.id)
        if account in self._pushes and key not in self._promises:
            self._promises[key] = asyncio.create_task(self._push(account, message, work))
            self._promises[key].add_done_callback(lambda _: self._promises.pop(key, None))

    async def _push(self, account: str, message: Message, work: asyncio.Task[Replies]) -> None:
        await asyncio.wait({work})
        if work.cancelled() or work.exception() is not None:
            return
        async with self._store.writing() as connection:
            await late.put(
                connection,
                work.result(),
                account=account,
                openid=message.customer,
                due=self._clock(),
                facts={ANSWERS: message.id},
            )
        self._store.bell.ring()

    async def _answer(self, account: str, message: Message) -> tuple[Reply, ...]:
        async def recording(_: str) -> bytes:
            return message.voice or b""

        inbound = message.inbound(account=account, now=self._clock())
        replies = await self._turns[account].take(inbound, recording)
        return await self._keep(account, message, replies)

    async def _keep(
        self, account: str, message: Message, replies: tuple[Reply, ...]
    ) -> tuple[Reply, ...]:
        """The answer as every sending of the message gets it, with what waited for the customer."""
        for _ in range(_CLASHES):
            try:
                return await self._keep_once(account, message, replies)
            except Conflict:
                log.info("told by another answer", account=account)
        raise Conflict("others kept telling a customer what this answer would")

    async def _keep_once(
        self, account: str, message: Message, replies: tuple[Reply, ...]
    ) -> tuple[Reply, ...]:
        """As `_keep`. Raises `Conflict` when another answer took what waited for the customer."""
        who = {"account": account, "id": message.id}
        async with self._store.writing() as connection:
            waiting = await held.of(connection, account=account, openid=message.customer)
            told = (*late.replies(waiting), *replies)
            if await asked.answer(connection, **who, answer=msgspec.json.encode(told)):
                await held.taken(connection, [row.id for row in waiting])
                return told
        async with self._store.reading() as connection:
            known = await asked.get(connection, **who)
        return late.read([known.answer]) if known and known.answer else replies
