"""What stands behind the web app: begun with the server, and ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.business.http import NoSecret
from engine.channels.api.channel import Programs
from engine.channels.api.sender import Sender
from engine.channels.sms.channel import Numbers
from engine.channels.sms.sender import SmsSender
from engine.channels.wechat.channel import Pace
from engine.channels.wechat.service import Wechat
from engine.desk.signin import SignIn
from engine.limits import Limits
from engine.web.cashier import PAGE, Cashier
from engine.web.events import Happenings
from engine.web.media import Draw, Gallery
from engine.web.provider import App, Provider
from engine.web.reloading import reloading
from engine.web.seats import Cabin


class _Finishes(Protocol):
    async def finish(self) -> None:
        """Wait for the work in hand, but not for ever."""


@dataclass(frozen=True, slots=True)
class Services:
    """How everything is begun: the options of `engine.web.app.create_app`."""

    public_url: str
    clock: Callable[[], datetime]
    pace: Pace
    draw: Draw
    limits: Limits
    budget: float
    made_up: str

    async def start(self, app: App, engine: Provider, *, watches: bool) -> None:
        """Put into the app's context what its handlers use, and begin what works by itself."""
        app.ctx.engine = engine
        app.ctx.clock = self.clock
        app.ctx.leaving = asyncio.Event()
        self._pages(app, engine)
        self._systems(app, engine)
        service = self._channels(app, engine)
        self._post(app, engine)
        app.ctx.wechat = await service.__aenter__()
        app.ctx.reloading = reloading(engine, watches=watches)
        await app.ctx.reloading.__aenter__()

    def _pages(self, app: App, engine: Provider) -> None:
        """What customers and clerks open in a browser."""
        app.ctx.sign_in = SignIn(engine.store, clock=self.clock)
        app.ctx.is_secure = self.public_url.startswith("https:")
        app.ctx.gallery = Gallery(engine.store, self.draw, engine.meters)
        app.ctx.cabin = Cabin(engine.store, engine.turns, clock=self.clock)

    def _systems(self, app: App, engine: Provider) -> None:
        """Let the company's other systems reach its business; the demo's payments are of them."""
        backends = engine.backends
        business, secrets = backends.business, backends.secrets
        if PAGE in business.queries:
            secrets = _or_own(secrets, self.made_up)
        app.ctx.happenings = Happenings(
            business, engine.store, lambda: engine.scripts, secrets=secrets, clock=self.clock
        )
        app.ctx.cashier = Cashier(
            business,
            engine.store,
            public_url=self.public_url,
            post=backends.post,
            secrets=secrets,
            clock=self.clock,
        )

    def _channels(self, app: App, engine: Provider) -> Wechat:
        """Where messages come in; the official accounts are not yet open."""
        app.ctx.programs = Programs(
            engine.api_accounts,
            engine.turns,
            engine.store,
            public_url=self.public_url,
            clock=self.clock,
            limits=self.limits,
            budget=self.budget,
        )
        app.ctx.numbers = Numbers(
            engine.sms_accounts,
            engine.turns,
            engine.store,
            clock=self.clock,
            limits=self.limits,
            budget=self.budget,
        )
        return Wechat(
            engine.accounts,
            engine.turns,
            engine.store,
            public_url=self.public_url,
            draw=self.draw,
            clock=self.clock,
            pace=self.pace,
            limits=self.limits,
        )

    def _post(self, app: App, engine: Provider) -> None:
        """Begin to send what is due to webhooks and to gateways of short messages."""
        post, url, clock = engine.backends.post, self.public_url, self.clock
        webhooks = Sender(engine.api_accounts, engine.store, post=post, public_url=url, clock=clock)
        gateways = SmsSender(
            engine.sms_accounts, engine.store, post=post, public_url=url, clock=clock
        )
        app.ctx.sending = [asyncio.create_task(each.run()) for each in (webhooks, gateways)]


async def leave(app: App) -> None:
    """End what stays open: the live connections of the desk."""
    leaving: asyncio.Event | None = getattr(app.ctx, "leaving", None)
    if leaving is not None:
        leaving.set()


async def stop(app: App) -> None:
    """Finish the work in hand and let go of everything, also after a start that failed half-way."""
    watching: AbstractAsyncContextManager[None] | None = getattr(app.ctx, "reloading", None)
    if watching is not None:
        await watching.__aexit__(None, None, None)
    for name in ("programs", "numbers"):
        taking: _Finishes | None = getattr(app.ctx, name, None)
        if taking is not None:
            await taking.finish()
    sending: list[asyncio.Task[None]] = getattr(app.ctx, "sending", [])
    for task in sending:
        task.cancel()
        await asyncio.wait({task})
    service: Wechat | None = getattr(app.ctx, "wechat", None)
    if service is not None:
        await service.__aexit__()
    engine: Provider | None = getattr(app.ctx, "engine", None)
    if engine is not None:
        await engine.close()


def _or_own(secrets: Callable[[str], str], own: str) -> Callable[[str], str]:
    """Where both sides are of this server, a secret that nobody set is made up."""

    def secret(name: str) -> str:
        try:
            return secrets(name)
        except NoSecret:
            return own

    return secret
