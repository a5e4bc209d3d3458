"""Who watches over a provider is told the truth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from engine.settings import Account
from engine.store import Store, outbox
from engine.store.held import HELD
from tests.web.conftest import Serve
from tests.web.fakes import NOW, Platform, account


@pytest.fixture
def demo() -> Account:
    return account("plain")


@pytest.fixture
async def platform(serve: Serve, demo: Account) -> AsyncIterator[Platform]:
    async with serve(demo) as serving:
        yield serving


async def read(platform: Platform, path: str, **headers: str) -> tuple[int, str]:
    address = f"{platform.url}{path}"
    async with platform.client.get(address, headers=headers) as response:
        return response.status, await response.text()


async def test_a_provider_with_its_database_is_ready(platform: Platform) -> None:
    assert await read(platform, "/readyz") == (200, '{"status":"ok"}')


async def test_a_provider_without_its_database_lives_but_is_not_ready(
    platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(store, "reading", gone)
    assert (await read(platform, "/readyz"))[0] == 503
    assert (await read(platform, "/healthz"))[0] == 200
    assert (await read(platform, "/metrics"))[0] == 200


async def test_the_figures_say_what_waits_and_for_how_long(
    platform: Platform, store: Store
) -> None:
    async with store.writing() as connection:
        for due in (NOW - timedelta(seconds=90), NOW, HELD):
            await outbox.put(connection, account="plain", openid="o", reply=b"{}", due=due)
    _, told = await read(platform, "/metrics")
    lines = told.splitlines()
    assert 'banli_waiting{where="outbox"} 2.0' in lines
    assert 'banli_waiting{where="held"} 1.0' in lines
    assert "banli_outbox_age_seconds 90.0" in lines


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_the_figures_are_not_for_the_world(platform: Platform, header: str) -> None:
    assert (await read(platform, "/metrics", **{header: "203.0.113.7"}))[0] == 404
