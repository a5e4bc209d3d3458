"""The provider's web app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe

from sanic import Sanic
from sanic.config import Config
from sanic.exceptions import SanicException

from engine.channels.asking import BUDGET
from engine.channels.wechat.channel import PACE, Pace
from engine.channels.wechat.service import utc_now
from engine.limits import Limits
from engine.web.api import api
from engine.web.bodies import DRAINED, BoundedRequest, tell
from engine.web.cashier import cashier
from engine.web.desk import desk
from engine.web.events import events
from engine.web.media import Draw, media
from engine.web.provider import App, Build
from engine.web.seats import seats
from engine.web.services import Services, leave, stop
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
    services = Services(
        public_url=public_url,
        clock=clock,
        pace=pace,
        draw=draw or _draw(),
        limits=limits or Limits(),
        budget=budget,
        made_up=made_up or token_urlsafe(32),
    )

    async def start(app: App) -> None:
        await services.start(app, await build(), watches=watches)

    app = _bare(name)
    app.before_server_start(start)
    app.before_server_stop(leave)
    app.after_server_stop(stop)
    return app


def _bare(name: str) -> App:
    config = Config(env_prefix=None)
    config.update(_CONFIG)
    app = Sanic(name, config=config, configure_logging=False, request_class=BoundedRequest)
    app.exception(SanicException)(tell)
    app.blueprint((wechat, media, desk, events, cashier, seats, watching, api, sms))
    return app


def _draw() -> Draw:
    from engine.pictures import draw

    return draw
