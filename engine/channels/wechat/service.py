"""All WeChat accounts of a provider, with the sender behind them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Self

import aiohttp

from engine.channels.wechat.api import Api
from engine.channels.wechat.channel import PACE, Channel, Pace, Takes
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.sender import Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.uploads import Draw, Uploads
from engine.channels.wechat.windows import Windows
from engine.limits import Limits
from engine.settings import Account
from engine.store import Store

#: Seconds that a stopping server gives to the work in hand.
GRACE = 10.0


def utc_now() -> datetime:
    """The clock of a server."""
    return datetime.now(UTC)


class Wechat:
    """Channels by account name, while the ``async with`` block lasts.

    ``draw`` makes the PNG of a picture for accounts that upload theirs.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        turns: Mapping[str, Takes],
        store: Store,
        *,
        public_url: str,
        draw: Draw,
        clock: Callable[[], datetime] = utc_now,
        pace: Pace = PACE,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._client = aiohttp.ClientSession()
        apis = {
            name: Api(account, self._client, store, clock=clock)
            for name, account in accounts.items()
        }
        lines = {
            name: _line(account, apis[name], store, draw, public_url=public_url, clock=clock)
            for name, account in accounts.items()
        }
        self._sender = Sender(store, lines, clock=clock)
        self._sending: asyncio.Task[None] | None = None
        self.channels: Mapping[str, Channel] = {
            name: Channel(
                account,
                turns[name],
                store,
                line=lines[name],
                clock=clock,
                wake=self._sender.wake,
                media=apis[name].media,
                typing=apis[name].typing,
                pace=pace,
                limits=limits,
            )
            for name, account in accounts.items()
        }

    async def __aenter__(self) -> Self:
        self._sending = asyncio.create_task(self._sender.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await asyncio.gather(*(channel.finish() for channel in self.channels.values()))
        if self._sending is not None:
            self._sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sending
        await self._client.close()


def _line(
    account: Account,
    api: Api,
    store: Store,
    draw: Draw,
    *,
    public_url: str,
    clock: Callable[[], datetime],
) -> Line:
    # Without customer-service messages nothing can follow the words: an article holds both.
    images = account.verified and account.pictures == "image"
    return Line(
        Composer(public_url, images=images),
        Standing(account.name, may_write=account.verified),
        api,
        Uploads(account.name, api, store, draw, clock=clock) if images else None,
        account.templates,
        Windows(account.name, store, clock=clock),
    )
