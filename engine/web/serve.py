"""The server of the provider: one process, or several."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
from collections.abc import Callable
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from engine import logs, meters
from engine.limits import Limits, Rate
from engine.settings import Settings
from engine.web.app import create_app
from engine.web.figures import figures_folder
from engine.web.listening import bind, bind_several
from engine.web.provider import App, Provider
from engine.web.workers import Workers

if TYPE_CHECKING:
    from engine.loaded import Loaded


def provider_app(
    settings: Settings,
    loaded: Loaded | None = None,
    *,
    limits: Limits | None = None,
    made_up: str | None = None,
) -> App:
    """The app whose engine is built, in the process that serves, from settings.

    Several processes have ``loaded``, ``limits`` and a ``made_up`` secret of the demo in common.
    """

    async def build() -> Provider:
        # The engine loads dictionaries and models: not before the options are known to be right.
        from engine import wiring

        return await wiring.build(settings, loaded)

    return create_app(
        build,
        public_url=settings.public_url,
        limits=limits or limits_of(settings),
        watches=settings.reload_dialogs,
        made_up=made_up,
    )


def limits_of(settings: Settings) -> Limits:
    """How fast customers and accounts may write, by the settings."""
    return Limits(
        customer=Rate(settings.customer_burst, settings.customer_rate),
        account=Rate(settings.account_burst, settings.account_rate),
    )


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish the work in hand.

    Raises what building the engine raises, `OSError` when the port is taken, and `WorkersError`.
    """
    log_to_stderr(settings.log_level)
    if settings.workers > 1:
        _serve_together(settings)
        return
    # Sanic only logs that a port is taken, and returns; and it does so after building the engine.
    listening = bind(settings.host, settings.port)
    line = _line(listening)
    _run(provider_app(settings), listening, lambda: _write(line))


def _serve_together(settings: Settings) -> None:
    sockets = bind_several(settings.host, settings.port, settings.workers)
    line, made_up = _line(sockets[0]), token_urlsafe(32)
    with figures_folder() as folder:
        meters.share(folder)
        loaded, limits = _load(settings), limits_of(settings)

        def work(listening: socket.socket, lives: int, serves: Callable[[], None]) -> None:
            app = provider_app(settings, loaded, limits=limits, made_up=made_up)

            async def hold_on(app: App) -> None:
                app.loop.add_reader(lives, _let_go, app, lives)

            app.after_server_start(hold_on)
            _run(app, listening, serves)

        Workers(sockets, work, meters.forget).run(lambda: _write(line))


def _load(settings: Settings) -> Loaded:
    """Read what all processes share, and let one of them migrate the database."""
    from engine import loaded
    from engine.store.opening import open_store

    async def migrate() -> None:
        await (await open_store(settings)).close()

    read = loaded.load(settings)
    asyncio.run(migrate())
    # What a collection would touch, each process would have to copy.
    gc.collect()
    gc.freeze()
    return read


def _let_go(app: App, lives: int) -> None:
    """Nobody looks after this process any more: end as if asked to."""
    app.loop.remove_reader(lives)
    app.stop(terminate=False)


def _run(app: App, listening: socket.socket, serves: Callable[[], None]) -> None:
    async def begin(app: App) -> None:
        _once_running(app, serves)

    app.after_server_start(begin)
    app.run(sock=listening, single_process=True, motd=False, access_log=False)


def _once_running(app: App, serves: Callable[[], None]) -> None:
    # Sanic listens before its loop runs for good: until then a SIGTERM is lost.
    if app.state.is_running:
        serves()
    else:
        app.loop.call_later(0.01, _once_running, app, serves)


def _line(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"banli serves at http://{host}:{port}\n"


def _write(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


def log_to_stderr(level: str) -> None:
    """Log what is at least as grave as ``level``, a line each, on stderr."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    logs.configure(level)
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr)
    # The command says in one line why a start failed; Sanic would print a traceback before it.
    logging.getLogger("sanic.error").addFilter(
        lambda record: record.msg != "Experienced exception while trying to serve"
    )
