"""The provider's web app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from secrets import token_urlsafe

from sanic import Sanic
from sanic.config import Config
from sanic.exceptions import SanicException

from engine.business.http import NoSecret
from engine.channels.api.channel import Programs
from engine.channels.api.sender import Sender
from engine.channels.asking import BUDGET
from engine.channels.sms.channel import Numbers
from engine.channels.sms.sender import SmsSender
from engine.channels.wechat.channel import PACE, Pace
from engine.channels.wechat.service import Wechat, utc_now
from engine.desk.signin import SignIn
from engine.limits import Limits
from engine.web.api import api
from engine.web.bodies import DRAINED, BoundedRequest, tell
from engine.web.cashier import PAGE, Cashier, cashier
from engine.web.desk import desk
from engine.web.events import Happenings, events
from engine.web.media import Draw, Gallery, media
from engine.web.provider import App, Build, Provider
from engine.web.reloading import reloading
from engine.web.seats import Cabin, seats
from engine.web.sms import sms
from engine.web.watching import watching
from engine.web.wechat import wechat

_CONFIG = {
    "REQUEST_MAX_SIZE": DRAINED,
    "REQUEST_TIMEOUT": 10,
    "RESPONSE_TIMEOUT": 30,
    "KEEP_ALIVE_TIMEOUT": 75,
    "GRACEFUL_SHUTDOWN_TIMEOUT": 10.0,
    "FALLBACK_ERROR_FORMAT": "text",
    "MOTD": False,
}


def create_app(
    build: Build,
    *,
    public_url: str,
    name: str = "banli",
    clock: Callable[[], datetime] = utc_now,
    pace: Pace = PACE,
    draw: Draw | None = None,
    limits: Limits | None = None,
    watches: bool = False,
    budget: float = BUDGET,
    made_up: str | None = None,
) -> App:
    """An app that builds its engine before it accepts a request, and closes it when it stops.

    ``public_url`` is where customers' phones reach `/media/`. With ``watches`` changed scripts and
    models are read anew, as they are on SIGHUP. ``limits`` say who writes too fast.
    ``made_up`` is the secret of the demo's payments, one for all processes.
    ``clock``, ``pace`` (of the platform), ``budget`` (of other programs' requests) and ``draw`` are
    for tests.
    """
    config = Config(env_prefix=None)
    config.update(_CONFIG)
    app = Sanic(name, config=config, configure_logging=False, request_class=BoundedRequest)
    app.exception(SanicException)(tell)
    app.blueprint((wechat, media, desk, events, cashier, seats, watching, api, sms))

    async def start(app: App) -> None:
        engine = await build()
        app.ctx.engine = engine
        app.ctx.clock = clock
        app.ctx.sign_in = SignIn(engine.store, clock=clock)
        app.ctx.is_secure = public_url.startswith("https:")
        app.ctx.leaving = asyncio.Event()
        app.ctx.gallery = Gallery(engine.store, draw or _draw(), engine.meters)
        app.ctx.cabin = Cabin(engine.store, engine.turns, clock=clock)
        made = made_up or token_urlsafe(32)
        _connect(app, engine, public_url=public_url, clock=clock, made_up=made)
        service = Wechat(
            engine.accounts,
            engine.turns,
            engine.store,
            public_url=public_url,
            draw=draw or _draw(),
            clock=clock,
            pace=pace,
            limits=limits,
        )
        app.ctx.programs = Programs(
            engine.api_accounts,
            engine.turns,
            engine.store,
            public_url=public_url,
            clock=clock,
            limits=limits,
            budget=budget,
        )
        app.ctx.numbers = Numbers(
            engine.sms_accounts,
            engine.turns,
            engine.store,
            clock=clock,
            limits=limits,
            budget=budget,
        )
        _post(app, engine, public_url=public_url, clock=clock)
        app.ctx.wechat = await service.__aenter__()
        app.ctx.reloading = reloading(engine, watches=watches)
        await app.ctx.reloading.__aenter__()

    app.before_server_start(start)
    app.before_server_stop(_leave)
    app.after_server_stop(_stop)
    return app


def _post(app: App, engine: Provider, *, public_url: str, clock: Callable[[], datetime]) -> None:
    """Begin to send what is due to webhooks and to gateways of short messages."""
    store, post = engine.store, engine.backends.post
    webhooks = Sender(engine.api_accounts, store, post=post, public_url=public_url, clock=clock)
    gateways = SmsSender(engine.sms_accounts, store, post=post, public_url=public_url, clock=clock)
    app.ctx.pushing = asyncio.create_task(webhooks.run())
    app.ctx.texting = asyncio.create_task(gateways.run())


def _connect(
    app: App,
    engine: Provider,
    *,
    public_url: str,
    clock: Callable[[], datetime],
    made_up: str,
) -> None:
    """Let the company's other systems reach its business; the demo's payments are one of them."""
    backends = engine.backends
    secrets = backends.secrets
    if PAGE in backends.business.queries:
        secrets = _or_own(secrets, made_up)
    app.ctx.happenings = Happenings(
        backends.business, engine.store, lambda: engine.scripts, secrets=secrets, clock=clock
    )
    app.ctx.cashier = Cashier(
        backends.business,
        engine.store,
        public_url=public_url,
        post=backends.post,
        secrets=secrets,
        clock=clock,
    )


def _or_own(secrets: Callable[[str], str], own: str) -> Callable[[str], str]:
    """Where both sides are of this server, a secret that nobody set is made up."""

    def secret(name: str) -> str:
        try:
            return secrets(name)
        except NoSecret:
            return own

    return secret


async def _leave(app: App) -> None:
    """End what stays open: the live connections of the desk."""
    leaving: asyncio.Event | None = getattr(app.ctx, "leaving", None)
    if leaving is not None:
        leaving.set()


async def _stop(app: App) -> None:
    # Also after a start that failed half-way.
    watching: AbstractAsyncContextManager[None] | None = getattr(app.ctx, "reloading", None)
    if watching is not None:
        await watching.__aexit__(None, None, None)
    programs: Programs | None = getattr(app.ctx, "programs", None)
    if programs is not None:
        await programs.finish()
    numbers: Numbers | None = getattr(app.ctx, "numbers", None)
    if numbers is not None:
        await numbers.finish()
    for name in ("pushing", "texting"):
        sending: asyncio.Task[None] | None = getattr(app.ctx, name, None)
        if sending is not None:
            sending.cancel()
            await asyncio.wait({sending})
    service: Wechat | None = getattr(app.ctx, "wechat", None)
    engine: Provider | None = getattr(app.ctx, "engine", None)
    if service is not None:
        await service.__aexit__()
    if engine is not None:
        await engine.close()


def _draw() -> Draw:
    from engine.pictures import draw

    return draw
