"""Sites on loopback sockets, and fetches from them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from engine.fetch.catalogue import Catalogue, Model
from engine.fetch.fetching import Place, fetch
from tests.fetch.site import NAME, Site

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

Serve = Callable[[Site], AbstractAsyncContextManager[str]]
Fetch = Callable[..., Awaitable[Path]]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def serve() -> Serve:
    """Serves a site and gives its address."""

    @asynccontextmanager
    async def serving(site: Site) -> AsyncIterator[str]:
        runner = web.AppRunner(site.app(), access_log=None, shutdown_timeout=0)
        await runner.setup()
        listening = web.TCPSite(runner, "127.0.0.1", 0)
        await listening.start()
        host, port = runner.addresses[0][:2]
        try:
            yield f"http://{host}:{port}/models"
        finally:
            await runner.cleanup()

    return serving


@pytest.fixture
def steps() -> list[tuple[str, int, int]]:
    """What a fetch told."""
    return []


@pytest.fixture
def get(site: Site, serve: Serve, tmp_path: Path, steps: list[tuple[str, int, int]]) -> Fetch:
    """Fetches a model of the site into `tmp_path`; ``known`` is what the catalogue says of it."""

    async def getting(name: str = NAME, known: Model | None = None) -> Path:
        async with serve(site) as url:
            models = {NAME: known or Model()}
            place = Place(Catalogue(site=url, list="model-list.json", models=models), tmp_path)
            return await fetch(
                name, place, told=lambda *step: steps.append(step), clock=lambda: NOW
            )

    return getting
