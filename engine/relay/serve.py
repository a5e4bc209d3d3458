"""A relay process: verify the providers, serve the page and the API, stop when told."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from engine.relay import acts, api, attachments, chat, scanning, signin, terminals
from engine.relay.accounts import Registered
from engine.relay.admin import routes as admin
from engine.relay.admin.entry import Entry
from engine.relay.admin.routes import ENTRY
from engine.relay.database import Database
from engine.relay.errors import RelayError
from engine.relay.faults import Faults
from engine.relay.media import LARGEST
from engine.relay.platform import Platform
from engine.relay.voice import routes as voice
from engine.relay.web import GUESTS, PAGE, PLATFORM, Guest, add_headers, guard

DATABASE = "relay.db"

#: Seconds that requests in hand get at the end.
_GRACE = 2.0


def create_app(
    platform: Platform, *, guests: Iterable[Guest] = (), entry: Entry | None = None
) -> web.Application:
    """The web app of a platform that is open; with `entry` it has the administrator's page."""
    # A multipart body is a little more than the file that it carries.
    app = web.Application(middlewares=[guard], client_max_size=LARGEST + 64 * 1024)
    app[PLATFORM] = platform
    app[GUESTS] = tuple(guests)
    if entry:
        app[ENTRY] = entry
    for routes in (signin, chat, acts, attachments, scanning, voice, admin):
        app.add_routes(routes.routes)
    app.add_routes(api.ROUTES)
    for address in ("/", "/follow/{number}", "/q/{code}"):
        app.router.add_get(address, _index)
    app.router.add_static("/page", PAGE)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_feeds)
    return app


@asynccontextmanager
async def running(
    platform: Platform,
    *,
    host: str,
    port: int,
    guests: Iterable[Guest] = (),
    password: str = "",
) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port. Raises `RelayError`, also when it is taken.

    `password` is the administrator's; without one there is no page for them.
    """
    key = await platform.database.secret("admin")
    entry = Entry(password, key, lambda: platform.milliseconds / 1000) if password else None
    app = create_app(platform, guests=guests, entry=entry)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise _not_free(error, host, port, "--port") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def serve(
    registered: Mapping[str, Registered],
    *,
    home: Path,
    host: str,
    port: int,
    guests: Iterable[Guest] = (),
    faults: Faults | None = None,
    password: str = "",
    told: Callable[[str], None],
    stopping: asyncio.Event | None = None,
) -> None:
    """Serve until `stopping`, else SIGINT or SIGTERM; `told` gets the address.

    Raises `RelayError`.
    """
    if stopping is None:
        stopping = asyncio.Event()
        on_signal(stopping)
    async with (
        Platform.open(registered, home / DATABASE, faults=faults) as platform,
        running(platform, host=host, port=port, guests=guests, password=password) as port_now,
    ):
        told(f"http://{host}:{port_now}")
        await stopping.wait()


def on_signal(*events: asyncio.Event) -> None:
    """Set events when this process is told to stop, by SIGINT or SIGTERM."""

    def stop() -> None:
        for event in events:
            event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def free(host: str, port: int, *, option: str) -> None:
    """Make sure that a port can be listened on. Raises `RelayError` naming it and its option."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise _not_free(error, host, port, option) from error


async def seed(file: Path, guests: Iterable[Guest]) -> None:
    """Create terminals that do not exist yet in a relay's database."""
    database = await Database.open(file)
    try:
        for guest in guests:
            password = await asyncio.to_thread(terminals.hashed, guest.password)
            async with database.writing() as connection:
                await terminals.create(
                    connection, name=guest.name, password=password, openid=guest.openid
                )
    finally:
        await database.close()


def _not_free(error: OSError, host: str, port: int, option: str) -> RelayError:
    if error.errno == errno.EADDRINUSE:
        return RelayError(f"port {port} is in use; choose another with {option}")
    return RelayError(f"cannot listen on {host}:{port}: {error}")


async def _index(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def _end_feeds(app: web.Application) -> None:
    app[PLATFORM].live.close()
