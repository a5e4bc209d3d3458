"""A sender killed between what it sent and the mark of it: every reply arrives, and counts once.

Run as a program, this file is the sender.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from engine import late
from engine.channels.api.sender import LEASE, Sender
from engine.channels.http import HttpPost
from engine.message import Reply
from engine.settings import ApiAccount
from engine.store import Store
from engine.store.store import sqlite_file
from tests.faults.database import read

NOW = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
REPLIES = 12
_ROOT = Path(__file__).parents[2]


@dataclass
class Webhook:
    """The other program: notes the id of every post, and kills a sender in place of an answer."""

    url: str = ""
    ids: list[str] = field(default_factory=list)
    victim: subprocess.Popen[bytes] | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.ids.append(request.headers["Idempotency-Key"])
        if self.victim is not None:
            self.victim.kill()
        return web.Response()


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    webhook, app = Webhook(), web.Application()
    app.router.add_post("/hook", webhook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    webhook.url = "http://{}:{}/hook".format(*runner.addresses[0])
    yield webhook
    await runner.cleanup()


@pytest.fixture
def place(address: str, tmp_path: Path) -> str:
    """An empty database that two processes can open, of each kind in turn."""
    return address if sqlite_file(address) or "postgresql" in address else f"sqlite:///{tmp_path}/x"


async def test_a_sender_killed_before_its_mark_sends_twice_what_counts_once(
    place: str, webhook: Webhook
) -> None:
    async with await Store.open(place) as store:
        for number in range(REPLIES):
            async with store.writing() as connection:
                words = [Reply(text=f"第{number}条")]
                await late.put(connection, words, account="shop", openid=f"o{number % 4}", due=NOW)
        keys = {key for (key,) in await read(place, "SELECT key FROM outbox")}
        webhook.victim = start(place, webhook.url)
        await asyncio.to_thread(webhook.victim.wait)
        webhook.victim = None
        assert len(await read(place, "SELECT id FROM outbox")) == REPLIES
        # Its lease is over: until then nobody else sends what it may have sent.
        async with HttpPost() as post:
            assert await sender(store, webhook.url, post, NOW).sweep() == 0
            await sender(store, webhook.url, post, NOW + LEASE).sweep()
    assert await read(place, "SELECT id FROM outbox") == []
    came = Counter(webhook.ids)
    assert set(came) == keys
    # What the killed one had on its way may arrive after it is gone, but no third time.
    assert max(came.values()) == 2


def start(place: str, url: str) -> subprocess.Popen[bytes]:
    """This file as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", __name__, place, url], cwd=_ROOT)


def sender(store: Store, url: str, post: HttpPost, now: datetime) -> Sender:
    shop = ApiAccount(
        name="shop", channel="api", keys={"app": "0" * 64}, webhook=url, webhook_secret="s"
    )
    return Sender({"shop": shop}, store, post=post, public_url="http://x", clock=lambda: now)


async def send(place: str, url: str) -> None:
    async with await Store.open(place) as store, HttpPost() as post:
        await sender(store, url, post, NOW).sweep()


if __name__ == "__main__":
    asyncio.run(send(*sys.argv[1:]))
