"""A phone before the engine of a transcript: short messages go in and out through a gateway."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from engine import late
from engine.business.http import Answer
from engine.channels.sms.account import Send, SmsAccount
from engine.channels.sms.channel import Numbers
from engine.channels.sms.sender import SmsSender
from engine.hearing import Fetch
from engine.message import Inbound, Reply
from engine.replay.channels.carrier import PUBLIC_URL, Replies, each_once
from engine.replay.errors import ReplayError
from engine.replay.exchange import ACCOUNT
from engine.replay.workers import Workers
from engine.store.schema import outbox

#: More seconds than any answer takes.
_PATIENCE = 60.0
_SECRET = "replayed"  # noqa: S105 - of a gateway that is not there
_NUMBER = re.compile(r"(\d+)\. ")


class Unsaid(ReplayError):
    """A short message lacks something that the engine said."""


class Phone:
    """A gateway with one customer's phone behind it.

    Everything leaves through the outbox. What the engine put there must all be in the words that
    arrive: then it is what the customer was told.
    """

    def __init__(self, workers: Workers, *, clock: Callable[[], datetime]) -> None:
        self._store = workers.store
        self._arrived: list[str] = []
        send = Send(url="https://gateway.example/send")
        account = SmsAccount(name=ACCOUNT, channel="sms", secret=_SECRET, send=send, segments=10)
        accounts = {ACCOUNT: account}
        self._sender = SmsSender(
            accounts, workers.store, post=self._take, public_url=PUBLIC_URL, clock=clock
        )
        every = [
            Numbers(accounts, {ACCOUNT: turns}, store, clock=clock, budget=_PATIENCE)
            for turns, store in workers.each
        ]
        self._next = itertools.cycle(every)

    async def deliver(
        self,
        inbounds: Sequence[Inbound],
        fetch: Fetch | None = None,
        *,
        times: int = 1,
        late: bool = False,
    ) -> Replies:
        """What is sent to the phone for messages that it sent."""

        async def push(inbound: Inbound) -> Replies:
            message = {"id": inbound.key, "from": inbound.openid, "text": _typed(inbound)}
            head = {"X-Secret": _SECRET, "content-type": "application/json"}
            await next(self._next).receive(ACCOUNT, head, msgspec.json.encode(message))
            return ()

        await each_once(inbounds, push, times=times)
        return await self.pushed(inbounds[0].openid)

    async def pushed(self, openid: str) -> Replies:
        """What was sent to the phone. Raises `Unsaid`."""
        meant = await self._meant(openid)
        while await self._sender.sweep():
            pass
        arrived, self._arrived = "\n".join(self._arrived), []
        if missing := [each for reply in meant for each in lacking(reply, arrived)]:
            raise Unsaid(f"not in the short messages {arrived!r}: {missing}")
        return meant

    async def _meant(self, openid: str) -> Replies:
        """What is on its way to the customer."""
        mine = (outbox.c.account == ACCOUNT) & (outbox.c.openid == openid)
        async with self._store.reading() as connection:
            rows = await connection.execute(select(outbox.c.reply).where(mine).order_by("id"))
            return late.read([row.reply for row in rows])

    async def _take(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        sent: dict[str, Any] = msgspec.json.decode(body)
        self._arrived.append(sent["text"])
        return Answer(204, b"")


def _typed(inbound: Inbound) -> str:
    """What a customer who cannot tap types: the number of a choice, or what it says."""
    number = _NUMBER.match(inbound.text) if inbound.payload else None
    return number[1] if number else inbound.text


def lacking(reply: Reply, arrived: str) -> Iterator[str]:
    """What of a reply is not to be read."""
    words = _bare(arrived)
    picture, link = reply.picture, reply.link
    if picture and picture.id and not link:
        link = f"/{'seats' if picture.kind == 'seat_map' else 'media'}/{picture.id}"
    told = (reply.heard, reply.text, picture.alt if picture else "", link)
    yield from (each for each in told if _bare(each) not in words)
    lines = arrived.splitlines()
    yield from (each.label for each in reply.buttons if each.label not in lines)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
