"""A provider on a loopback socket."""

from __future__ import annotations

import itertools
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest

from engine.acting import Backends
from engine.channels.sms.account import SmsAccount
from engine.dialog.scripts.loading import Scripts
from engine.settings import Account, ApiAccount
from engine.store import Store
from engine.web.app import create_app
from tests.web.fakes import NOW, FakeEngine, Platform, ScriptedTurns, account

names = itertools.count()
Serve = Callable[..., AbstractAsyncContextManager[Platform]]


@pytest.fixture
def turns() -> ScriptedTurns:
    return ScriptedTurns()


@pytest.fixture
async def serve(store: Store, turns: ScriptedTurns) -> Serve:
    """Starts a provider with these accounts and gives the platform in front of it."""

    @asynccontextmanager
    async def serving(
        *accounts: Account,
        backends: Backends | None = None,
        programs: tuple[ApiAccount, ...] = (),
        phones: tuple[SmsAccount, ...] = (),
        scripts: Mapping[str, Scripts] | None = None,
        **options: object,
    ) -> AsyncIterator[Platform]:
        by_name = {account.name: account for account in accounts}
        programs_by_name = {each.name: each for each in programs}
        phones_by_name = {each.name: each for each in phones}
        names_served = (*by_name, *programs_by_name, *phones_by_name)
        engine = FakeEngine(store, by_name, dict.fromkeys(names_served, turns))
        engine.api_accounts = programs_by_name
        engine.sms_accounts = phones_by_name
        engine.scripts = scripts or {}
        engine.backends = backends or engine.backends

        async def build() -> FakeEngine:
            return engine

        app = create_app(
            build,
            public_url="https://example.com",
            name=f"banli-{next(names)}",
            clock=lambda: NOW,
            **{"draw": lambda kind, model: f"{kind} {model}".encode(), **options},
        )
        # Sanic compiles its own methods anew for an app, which works once a process.
        app.config.TOUCHUP = False
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        host, port = listening.getsockname()
        async with aiohttp.ClientSession() as client:
            yield Platform(client, f"http://{host}:{port}")
        await server.close()
        await server.before_stop()
        await server.after_stop()
        assert engine.is_closed

    return serving


@pytest.fixture
async def platform(serve: Serve) -> AsyncIterator[Platform]:
    """In front of three accounts, one of each mode."""
    async with serve(account("plain"), account("compat"), account("safe")) as platform:
        yield platform
