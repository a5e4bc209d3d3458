"""A phone before the engine of a transcript: short messages go in and out through a gateway."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from engine import late
from engine.business.http import Answer
from engine.channels.sms.account import Send, SmsAccount
from engine.channels.sms.channel import Numbers
from engine.channels.sms.sender import SmsSender
from engine.channels.sms.texts import choices
from engine.hearing import Fetch
from engine.message import Button, Inbound, Reply
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


@dataclass
class Screen:
    """What a phone remembers, also while the provider starts anew.

    ``shown`` are the choices of the last message, ``said`` is what was sent for each message.
    """

    shown: Sequence[Button] = ()
    said: dict[str, str] = field(default_factory=dict)


class Phone:
    """A gateway with one customer's phone behind it.

    Everything leaves through the outbox. What the engine put there must all be in the words that
    arrive: then it is what the customer was told.
    """

    def __init__(self, workers: Workers, screen: Screen, *, clock: Callable[[], datetime]) -> None:
        self._store = workers.store
        self._arrived: list[str] = []
        self._screen = screen
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
            # Sent again it is the same, whatever the phone shows by then.
            text = self._screen.said.setdefault(inbound.key, self._typed(inbound))
            message = {"id": inbound.key, "from": inbound.openid, "text": text}
            head = {"X-Secret": _SECRET, "content-type": "application/json"}
            await next(self._next).receive(ACCOUNT, head, msgspec.json.encode(message))
            return ()

        await each_once(inbounds, push, times=times)
        return await self.pushed(inbounds[0].openid)

    async def pushed(self, openid: str) -> Replies:
        """What was sent to the phone. Raises `Unsaid`."""
        rows = await self._meant(openid)
        meant = late.read(rows)
        if rows:
            last = late.read(rows[-1:])
            self._screen.shown = next((each.buttons for each in reversed(last) if each.buttons), ())
        while await self._sender.sweep():
            pass
        arrived, self._arrived = "\n".join(self._arrived), []
        if missing := [each for reply in meant for each in lacking(reply, arrived)]:
            raise Unsaid(f"not in the short messages {arrived!r}: {missing}")
        return meant

    def _typed(self, inbound: Inbound) -> str:
        """What a customer who cannot tap types: the number of a choice, or what it says."""
        lines = zip(self._screen.shown, choices(self._screen.shown), strict=True)
        line = next((line for each, line in lines if each.payload == inbound.payload), "")
        number = _NUMBER.match(line or inbound.text) if inbound.payload else None
        return number[1] if number else inbound.text

    async def _meant(self, openid: str) -> list[bytes]:
        """What is on its way to the customer, a row each."""
        mine = (outbox.c.account == ACCOUNT) & (outbox.c.openid == openid)
        async with self._store.reading() as connection:
            rows = await connection.execute(select(outbox.c.reply).where(mine).order_by("id"))
            return [row.reply for row in rows]

    async def _take(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        sent: dict[str, Any] = msgspec.json.decode(body)
        self._arrived.append(sent["text"])
        return Answer(204, b"")


def lacking(reply: Reply, arrived: str) -> Iterator[str]:
    """What of a reply is not to be read."""
    words = _bare(arrived)
    picture, link = reply.picture, reply.link
    if picture and picture.id and not link:
        link = f"/{'seats' if picture.kind == 'seat_map' else 'media'}/{picture.id}"
    told = (reply.heard, reply.text, picture.alt if picture else "", link)
    yield from (each for each in told if _bare(each) not in words)
    lines = arrived.splitlines()
    yield from (line for line in choices(reply.buttons) if line not in lines)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
