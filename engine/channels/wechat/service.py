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
from engine.channels.wechat.sender import Sender
from engine.settings import Account
from engine.store import Store

#: Seconds that a stopping server gives to the work in hand.
GRACE = 10.0


def utc_now() -> datetime:
    """The clock of a server."""
    return datetime.now(UTC)


class Wechat:
    """Channels by account name, while the ``async with`` block lasts."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        turns: Mapping[str, Takes],
        store: Store,
        *,
        public_url: str,
        clock: Callable[[], datetime] = utc_now,
        pace: Pace = PACE,
    ) -> None:
        composer = Composer(public_url)
        self._client = aiohttp.ClientSession()
        apis = {name: Api(account, self._client) for name, account in accounts.items()}
        may_write = {name: api for name, api in apis.items() if accounts[name].verified}
        self._sender = Sender(store, may_write, composer, clock=clock)
        self._sending: asyncio.Task[None] | None = None
        self.channels: Mapping[str, Channel] = {
            name: Channel(
                account,
                turns[name],
                store,
                composer=composer,
                clock=clock,
                wake=self._sender.wake,
                media=apis[name].media,
                pace=pace,
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
