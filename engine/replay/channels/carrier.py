"""What a channel is to a transcript: messages go in, and what the customer sees comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from engine import late
from engine.hearing import Fetch
from engine.message import Inbound, Picture, Reply
from engine.replay.exchange import ACCOUNT
from engine.replay.workers import Diverged, Workers
from engine.store import Store, pictures

#: Where the provider of a transcript is on the web; nobody goes there.
PUBLIC_URL = "https://replay.example"

Replies = tuple[Reply, ...]


class Carrier(Protocol):
    """Brings the messages of one customer to the engine, and its replies back."""

    async def deliver(
        self,
        inbounds: Sequence[Inbound],
        fetch: Fetch | None = None,
        *,
        times: int = 1,
        late: bool = False,
    ) -> Replies:
        """What answers messages that arrive at once, each of them so often.

        ``fetch`` gives the recording of a voice message. ``late``: later than the platform waits.
        Raises `Diverged` where deliveries of one message are answered differently.
        """

    async def pushed(self, openid: str) -> Replies:
        """What the customer was sent since without a request that it answers."""


class Direct:
    """No channel at all: the engine is asked."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def deliver(
        self,
        inbounds: Sequence[Inbound],
        fetch: Fetch | None = None,
        *,
        times: int = 1,
        late: bool = False,
    ) -> Replies:
        """The engine's replies, in the order of the messages."""
        return await each_once(inbounds, lambda one: self._workers.take(one, fetch), times=times)

    async def pushed(self, openid: str) -> Replies:
        """What waits in the outbox, for no channel would send it."""
        return await late.taken(self._workers.store, account=ACCOUNT, openid=openid)


async def each_once(
    inbounds: Sequence[Inbound], push: Callable[[Inbound], Awaitable[Replies]], *, times: int
) -> Replies:
    """Push all at once, each so often; one answer of each. Raises `Diverged`."""
    every = await asyncio.gather(*(push(one) for one in inbounds for _ in range(times)))
    told: list[Reply] = []
    for at in range(0, len(every), times):
        same = every[at : at + times]
        if any(answer != same[0] for answer in same):
            words = " / ".join(" ".join(reply.text for reply in answer) for answer in same)
            raise Diverged(f"{times} deliveries of one message were answered differently: {words}")
        told += same[0]
    return tuple(told)


async def picture_at(store: Store, url: str, alt: str) -> Picture | None:
    """The picture that an address of the provider shows, by its meaning; None if it is none."""
    id = url.removeprefix(f"{PUBLIC_URL}/media/").removesuffix(".png")
    async with store.reading() as connection:
        found = await pictures.get(connection, id)
    return None if found is None else Picture(found.kind, found.model, alt, id)


def link_of(url: str, picture: Picture | None) -> str:
    """Where an address leads, as the engine says it; nothing if only to the picture itself."""
    path = url.removeprefix(PUBLIC_URL)
    is_own = picture is not None and path in (f"/media/{picture.id}.png", f"/seats/{picture.id}")
    return "" if is_own else path
