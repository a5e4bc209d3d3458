"""The platform in front of the engine of a transcript: messages go in and out as on the wire.

What the channel does with an answer that comes too late is played for real, without a clock that
runs: a message that is ``late`` meets a channel that has no patience at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.channels.wechat.channel import TRIES, Channel, Pace
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.hearing import Fetch
from engine.message import Inbound
from engine.replay.channels import wechat_xml
from engine.replay.channels.carrier import PUBLIC_URL, Replies, each_once
from engine.replay.exchange import ACCOUNT
from engine.replay.workers import Workers
from engine.settings import Account, Mode
from engine.store import Store
from engine.turn import Turns

#: More than any answer takes, and nothing.
_PATIENT, _HURRIED = Pace(budget=60, hold=60), Pace(budget=0, hold=0)
_TOKEN, _ID = "replay", "gh_replay"


class Platform:
    """The platform's side of one account, ``verified`` or not, for one customer of a transcript."""

    def __init__(self, workers: Workers, *, verified: bool, clock: Callable[[], datetime]) -> None:
        self._store = workers.store
        self._clock = clock
        self._verified = verified
        self._sent: list[Mapping[str, Any]] = []
        self._recordings: dict[str, Fetch] = {}
        self._account = Account(
            name=ACCOUNT,
            id=_ID,
            appid="wx0",
            secret=_TOKEN,
            token=_TOKEN,
            mode=Mode.PLAIN,
            verified=verified,
        )
        standing = Standing(ACCOUNT, may_write=verified)
        self._line = Line(Composer(PUBLIC_URL), standing, self)
        self._sender = Sender(self._store, {ACCOUNT: self._line}, clock=clock, pause=0)
        every = [
            (self._channel(turns, store, _PATIENT), self._channel(turns, store, _HURRIED))
            for turns, store in workers.each
        ]
        self._next = itertools.cycle(every)

    def _channel(self, turns: Turns, store: Store, pace: Pace) -> Channel:
        return Channel(
            self._account,
            turns,
            store,
            line=self._line,
            clock=self._clock,
            wake=_nobody_waits,
            media=self._recording,
            typing=_nobody_looks,
            pace=pace,
        )

    async def deliver(
        self,
        inbounds: Sequence[Inbound],
        fetch: Fetch | None = None,
        *,
        times: int = 1,
        late: bool = False,
    ) -> Replies:
        """Push messages as the platform does; what answers them, with what follows at once.

        An answer that is late is told beside it by `pushed`, or with the next message.
        """

        async def push(inbound: Inbound) -> Replies:
            if fetch:
                self._recordings[inbound.media_id] = fetch
            return await self._push(inbound, late=late)

        answers = await each_once(inbounds, push, times=times)
        return answers if late else (*answers, *await self.pushed(inbounds[0].openid))

    async def _push(self, inbound: Inbound, *, late: bool) -> Replies:
        """One message, and again while nothing is answered."""
        patient, hurried = next(self._next)
        channel, answer = hurried if late else patient, ""
        body = wechat_xml.push(inbound, account=_ID).encode()
        query = wechat_xml.query(self._clock(), token=_TOKEN)
        for _ in range(TRIES):
            answer = await channel.receive(query, body)
            if answer or self._verified:
                break
        await channel.finish()
        return () if answer in ("", SUCCESS) else await wechat_xml.answer(self._store, answer)

    async def pushed(self, openid: str) -> Replies:
        """What was sent since as customer-service messages."""
        while await self._sender.sweep():
            pass
        sent, self._sent = self._sent, []
        return tuple([await wechat_xml.message(self._store, each) for each in sent])

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Take any other call of the platform's API: none comes of a transcript."""
        raise NotImplementedError(path)

    async def send(self, message: Mapping[str, Any]) -> None:
        """Take a customer-service message, in place of the platform's API."""
        self._sent.append(message)

    async def _recording(self, media_id: str) -> bytes:
        return await self._recordings[media_id](media_id)


def _nobody_waits() -> None:
    """The sender looks when the transcript does."""


async def _nobody_looks(openid: str) -> None:
    """Nobody watches for signs of writing."""
