"""A server process of the provider."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys

from engine import logs
from engine.limits import Limits, Rate
from engine.settings import Settings
from engine.web.app import create_app
from engine.web.provider import App, Provider


def provider_app(settings: Settings) -> App:
    """The app whose engine is built from settings, in the process that serves."""

    async def build() -> Provider:
        # The engine loads dictionaries and models: not before the options are known to be right.
        from engine import wiring

        return await wiring.build(settings)

    return create_app(
        build,
        public_url=settings.public_url,
        limits=limits_of(settings),
        watches=settings.reload_dialogs,
    )


def limits_of(settings: Settings) -> Limits:
    """How fast customers and accounts may write, by the settings."""
    return Limits(
        customer=Rate(settings.customer_burst, settings.customer_rate),
        account=Rate(settings.account_burst, settings.account_rate),
    )


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish the work in hand.

    Raises what building the engine raises, and `OSError` when the port is taken.
    """
    log_to_stderr(settings.log_level)
    # Sanic only logs that a port is taken, and returns; and it does so after building the engine.
    listening = _bind(settings.host, settings.port)
    host, port = listening.getsockname()[:2]
    app = provider_app(settings)

    async def begin(app: App) -> None:
        _once_terminable(app.loop, f"banli serves at http://{host}:{port}\n")

    app.after_server_start(begin)
    # One process: a second would load all models again, and SQLite has one writer anyway.
    app.run(sock=listening, single_process=True, motd=False, access_log=False)


def _once_terminable(loop: asyncio.AbstractEventLoop, line: str) -> None:
    # Sanic starts to listen before it listens to SIGTERM, which was lost in between.
    if signal.getsignal(signal.SIGTERM) in (signal.SIG_DFL, signal.SIG_IGN):
        loop.call_later(0.01, _once_terminable, loop, line)
    else:
        sys.stderr.write(line)


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise OSError(
            f"cannot listen on {host}:{port} (--host, --port): {error.strerror}"
        ) from None
    return listening


def log_to_stderr(level: str) -> None:
    """Log what is at least as grave as ``level``, a line each, on stderr."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    logs.configure(level)
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr)
    # The command says in one line why a start failed; Sanic would print a traceback before it.
    logging.getLogger("sanic.error").addFilter(
        lambda record: record.msg != "Experienced exception while trying to serve"
    )
