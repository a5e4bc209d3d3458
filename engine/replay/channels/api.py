"""Another program in front of the engine of a transcript: JSON in, JSON out, and a webhook."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine.business.http import Answer
from engine.channels.api import messages
from engine.channels.api.channel import Programs
from engine.channels.api.sender import Sender
from engine.hearing import Fetch
from engine.message import Button, Inbound, Kind, Reply
from engine.replay.channels.carrier import PUBLIC_URL, Replies, each_once, link_of, picture_at
from engine.replay.exchange import ACCOUNT
from engine.replay.workers import Workers
from engine.settings import ApiAccount

#: More seconds than any answer takes.
_PATIENCE = 60.0
_WEBHOOK, _SECRET = "https://program.example/banli", "replay"
#: The parts of one reply, in their order; one that comes before another begins the next reply.
_ORDER = ("heard", "text", "picture", "link", "choices")


class Program:
    """A program that writes for the customer of a transcript, and takes its webhook."""

    def __init__(self, workers: Workers, *, clock: Callable[[], datetime]) -> None:
        self._store = workers.store
        self._posted: list[dict[str, Any]] = []
        key = hashlib.sha256(_SECRET.encode()).hexdigest()
        account = ApiAccount(
            name=ACCOUNT,
            channel="api",
            keys={"replay": key},
            webhook=_WEBHOOK,
            webhook_secret=_SECRET,
        )
        accounts = {ACCOUNT: account}
        self._sender = Sender(
            accounts, workers.store, post=self._take, public_url=PUBLIC_URL, clock=clock
        )
        every = [
            Programs(
                accounts,
                {ACCOUNT: turns},
                store,
                public_url=PUBLIC_URL,
                clock=clock,
                budget=_PATIENCE,
            )
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
        """The answers to messages that are posted as JSON."""

        async def push(inbound: Inbound) -> Replies:
            body = msgspec.json.encode(await _message(inbound, fetch))
            programs = next(self._next)
            account = programs.account_of(f"Bearer {_SECRET}")
            answer = await programs.receive(account, messages.read(body))
            return await self._shown(msgspec.to_builtins(answer)["parts"])

        return await each_once(inbounds, push, times=times)

    async def pushed(self, openid: str) -> Replies:
        """What was posted to the webhook."""
        while await self._sender.sweep():
            pass
        posted, self._posted = self._posted, []
        return tuple([reply for one in posted for reply in await self._shown(one["parts"])])

    async def _take(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        self._posted.append(msgspec.json.decode(body))
        return Answer(204, b"")

    async def _shown(self, parts: Iterable[Mapping[str, Any]]) -> Replies:
        """Parts as the replies that they came of."""
        told: list[dict[str, Mapping[str, Any]]] = [{}]
        for part in parts:
            if any(_ORDER.index(name) >= _ORDER.index(part["type"]) for name in told[-1]):
                told.append({})
            told[-1][part["type"]] = part
        return tuple([await self._reply(one) for one in told if one])

    async def _reply(self, parts: Mapping[str, Mapping[str, Any]]) -> Reply:
        shown = parts.get("picture", {})
        picture = await picture_at(self._store, shown["url"], shown["alt"]) if shown else None
        choices = parts.get("choices", {}).get("choices", ())
        return Reply(
            text=parts.get("text", {}).get("text", ""),
            heard=parts.get("heard", {}).get("text", ""),
            picture=picture,
            link=link_of(parts.get("link", {}).get("url", ""), picture),
            buttons=tuple(Button(one["label"], one["choice"]) for one in choices),
        )


async def _message(inbound: Inbound, fetch: Fetch | None) -> dict[str, str]:
    """A message of a transcript as a program posts it."""
    common = {"id": inbound.key, "customer": inbound.openid}
    if inbound.kind is Kind.VOICE and fetch:
        recording = await fetch(inbound.media_id)
        return {**common, "voice": base64.b64encode(recording).decode()}
    if inbound.kind is Kind.IMAGE:
        return {**common, "image": base64.b64encode(inbound.media_id.encode()).decode()}
    if inbound.payload:
        return {**common, "choice": inbound.payload}
    return {**common, "text": inbound.text}
