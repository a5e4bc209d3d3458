"""What a clerk does with customers: see the queue, take one, read, answer, hand back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from engine import late
from engine.desk.errors import NotWaiting, NotYours
from engine.dialog.acts.handing import RETURNS, TAKES
from engine.message import Inbound, Kind, Reply
from engine.recording import hidden
from engine.store import Store, conversation, waiting
from engine.store.conversation import Line
from engine.store.waiting import Waiting

log = structlog.get_logger(__name__)

#: Characters of one answer; the platform takes about as many in one message.
LONGEST = 600


class Takes(Protocol):
    """The engine's side: what a clerk does is a turn of the conversation."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        """Let it be decided and kept; what is said is pushed."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose conversation it is."""

    account: str
    openid: str


class Desk:
    """The desk of all accounts."""

    def __init__(
        self,
        store: Store,
        turns: Mapping[str, Takes],
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: secrets.token_urlsafe(18),
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock
        self._new_id = new_id

    async def queue(self) -> list[Waiting]:
        """Everybody who waits or is with a clerk, longest waiting first."""
        async with self._store.reading() as connection:
            return await waiting.every(connection)

    async def revision(self) -> str:
        """A text that is another one when anything at the desk has changed."""
        async with self._store.reading() as connection:
            newest = await conversation.newest(connection)
            queue = await waiting.every(connection)
        return f"{newest} {[(each.account, each.openid, each.clerk) for each in queue]}"

    async def find(self, customer: Customer) -> Waiting:
        """A customer of the queue. Raises `NotWaiting`."""
        async with self._store.reading() as connection:
            found = await waiting.find(connection, account=customer.account, openid=customer.openid)
        if found is None:
            raise NotWaiting("这位客户已经不在队列里了")
        return found

    async def transcript(self, customer: Customer, *, after: int = 0) -> list[Line]:
        """What was said with a customer of the queue, masked. Raises `NotWaiting`."""
        await self.find(customer)
        async with self._store.reading() as connection:
            return await conversation.of(
                connection, account=customer.account, openid=customer.openid, after=after
            )

    async def take(self, customer: Customer, *, clerk: str) -> None:
        """The clerk takes a customer who waits. Raises `NotWaiting` and `NotYours`."""
        await self.find(customer)
        await self._act(customer, TAKES, clerk)
        if (found := await self.find(customer)).clerk != clerk:
            raise NotYours(f"{found.clerk}已经接待了这位客户")

    async def say(self, customer: Customer, text: str, *, clerk: str) -> None:
        """Say something to a customer whom this clerk has taken.

        Raises `NotWaiting` and `NotYours`.
        """
        owner = {"account": customer.account, "openid": customer.openid}
        now, text = self._clock(), text.strip()[:LONGEST]
        async with self._store.writing() as connection:
            found = await waiting.find(connection, **owner)
            _demand(found, clerk)
            line = Line(author="clerk", text=hidden(text), at=now)
            await conversation.add(connection, [line], **owner)
            said = (Reply(text=text),)
            await late.put(
                connection, said, account=customer.account, openid=customer.openid, due=now
            )
        self._store.bell.ring()

    async def hand_back(self, customer: Customer, *, clerk: str) -> None:
        """Let the dialog go on where it was. Raises `NotWaiting` and `NotYours`."""
        _demand(await self.find(customer), clerk)
        await self._act(customer, RETURNS, clerk)

    async def _act(self, customer: Customer, event: str, clerk: str) -> None:
        turns = self._turns.get(customer.account)
        if turns is None:
            raise NotWaiting("这个公众号已经不在这里了")
        inbound = Inbound(
            account=customer.account,
            openid=customer.openid,
            key=f"desk {self._new_id()}",
            at=self._clock(),
            kind=Kind.DESK,
            event=event,
            payload=clerk,
        )
        await turns.take(inbound)
        log.info("desk", account=customer.account, what=event, clerk=clerk)


def _demand(found: Waiting | None, clerk: str) -> None:
    if found is None:
        raise NotWaiting("这位客户已经不在队列里了")
    if found.clerk != clerk:
        raise NotYours(f"{found.clerk}已经接待了这位客户" if found.clerk else "请先接待这位客户")
