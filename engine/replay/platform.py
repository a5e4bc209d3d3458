"""The platform in front of the engine of a transcript: messages go in and out as on the wire.

What the channel does with an answer that comes too late is played for real, without a clock that
runs: a message that is ``late`` meets a channel that has no patience at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.channels.wechat.channel import TRIES, Channel, Pace, Takes
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.crypto import signature
from engine.channels.wechat.passive import SUCCESS
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.xml import cdata, parse
from engine.message import Button, Inbound, Reply
from engine.settings import Account, Mode
from engine.store import Store

#: More than any answer takes, and nothing.
_PATIENT, _HURRIED = Pace(budget=60, hold=60), Pace(budget=0, hold=0)
_TOKEN, _ID = "replay", "gh_replay"


class Platform:
    """The platform's side of one account, ``verified`` or not, for one customer of a transcript."""

    def __init__(
        self,
        turns: Takes,
        store: Store,
        *,
        name: str,
        verified: bool,
        clock: Callable[[], datetime],
    ) -> None:
        self._clock = clock
        self._sent: list[Reply] = []
        self._verified = verified
        account = Account(
            name=name,
            id=_ID,
            appid="wx0",
            secret=_TOKEN,
            token=_TOKEN,
            mode=Mode.PLAIN,
            verified=verified,
        )
        standing = Standing(name, may_write=verified)
        line = Line(Composer("https://replay.example"), standing, self)
        self._sender = Sender(store, {name: line}, clock=clock, pause=0)

        def channel(pace: Pace) -> Channel:
            return Channel(
                account,
                turns,
                store,
                line=line,
                clock=clock,
                wake=_nobody_waits,
                media=_no_media,
                typing=_nobody_looks,
                pace=pace,
            )

        self._patient, self._hurried = channel(_PATIENT), channel(_HURRIED)

    async def deliver(self, inbound: Inbound, *, late: bool) -> tuple[Reply, ...]:
        """Push a text as the platform does, and again while nothing is answered; the answer.

        An answer that is late is told beside it by `pushed`, or with the next message.
        """
        channel = self._hurried if late else self._patient
        body, answer = self._xml(inbound).encode(), ""
        for _ in range(TRIES):
            answer = await channel.receive(self._query(), body)
            if answer or self._verified:
                break
        await channel.finish()
        return () if answer in ("", SUCCESS) else _said(answer)

    async def pushed(self) -> tuple[Reply, ...]:
        """What was sent since as customer-service messages."""
        while await self._sender.sweep():
            pass
        sent, self._sent = tuple(self._sent), []
        return sent

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Take any other call of the platform's API: none comes of a text."""
        raise NotImplementedError(path)

    async def send(self, message: Mapping[str, Any]) -> None:
        """Take a customer-service message, in place of the platform's API."""
        kind = message["msgtype"]
        content = message[kind]
        if kind == "news":
            article = content["articles"][0]
            content = {"content": f"{article['title']}\n{article['description']}".strip()}
        words = content.get("content") or content.get("head_content", "")
        buttons = tuple(Button(each["content"], each["id"]) for each in content.get("list", ()))
        self._sent.append(Reply(text=words, buttons=buttons))

    def _query(self) -> dict[str, str]:
        timestamp = str(int(self._clock().timestamp()))
        return {
            "signature": signature(_TOKEN, timestamp, "1"),
            "timestamp": timestamp,
            "nonce": "1",
        }

    def _xml(self, inbound: Inbound) -> str:
        digits = "".join(filter(str.isdigit, inbound.key)) or "0"
        return (
            f"<xml><ToUserName>{cdata(_ID)}</ToUserName>"
            f"<FromUserName>{cdata(inbound.openid)}</FromUserName>"
            f"<CreateTime>{int(inbound.at.timestamp())}</CreateTime>"
            f"<MsgType>{cdata('text')}</MsgType><Content>{cdata(inbound.text)}</Content>"
            f"<MsgId>{int(digits) + 1}</MsgId></xml>"
        )


def _said(answer: str) -> tuple[Reply, ...]:
    """A passive reply as the customer sees it."""
    fields = parse(answer.encode())
    article = (fields.text(f"Articles/item/{name}") for name in ("Title", "Description"))
    words = fields.text("Content") or "\n".join(article)
    return (Reply(text=words.strip()),)


def _nobody_waits() -> None:
    """The sender looks when the transcript does."""


async def _nobody_looks(openid: str) -> None:
    """Nobody watches for signs of writing."""


async def _no_media(media_id: str) -> bytes:
    raise NotImplementedError("a transcript of a platform's account plays text only")
