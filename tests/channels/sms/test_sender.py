"""Short messages leave through a gateway at a real socket, and again until it takes them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from engine import late
from engine.channels.http import HttpPost
from engine.channels.sms import sender as module
from engine.channels.sms.account import SmsAccount
from engine.channels.sms.sender import SmsSender
from engine.message import Reply
from engine.store import Store, schema


@dataclass
class Gateway:
    """Answers with the statuses that a test wants, then with 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[dict[str, str]] = field(default_factory=list)
    now: datetime = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(json.loads(await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def sender(gateway: Gateway, store: Store) -> AsyncIterator[SmsSender]:
    app = web.Application()
    app.router.add_post("/send", gateway.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    told = {"name": "phone", "channel": "sms", "secret": "s" * 8}
    account = SmsAccount.model_validate({**told, "send": {"url": f"http://{host}:{port}/send"}})
    async with HttpPost() as post:
        yield SmsSender(
            {"phone": account},
            store,
            post=post,
            public_url="https://example.com",
            clock=gateway.clock,
        )
    await runner.cleanup()


async def say(store: Store, gateway: Gateway, *words: str) -> None:
    async with store.writing() as connection:
        for each in words:
            reply = [Reply(text=each)]
            await late.put(connection, reply, account="phone", openid="139", due=gateway.now)


async def left(store: Store) -> int:
    async with store.reading() as connection:
        return len(list(await connection.execute(schema.outbox.select())))


async def test_a_part_that_failed_is_sent_again_alone_under_its_id(
    gateway: Gateway, sender: SmsSender, store: Store
) -> None:
    await say(store, gateway, "一" * 69 + "。" + "二" * 10)
    gateway.statuses = [200, 500]
    assert [await sender.sweep() for _ in range(3)] == [1, 2, 0]
    gateway.now += timedelta(seconds=5)
    assert await sender.sweep() == 1
    first, second, again = gateway.got
    assert first["text"] == "一" * 69 + "。"
    assert second == again
    assert await left(store) == 0


async def test_what_comes_after_a_long_text_stays_behind_it(
    gateway: Gateway, sender: SmsSender, store: Store
) -> None:
    await say(store, gateway, "先", "一" * 80, "后")
    while await sender.sweep():
        pass
    texts = [each["text"] for each in gateway.got]
    assert (texts[0], texts[-1], len(texts)) == ("先", "后", 4)


async def test_after_many_tries_it_is_given_up_and_kept(
    gateway: Gateway, sender: SmsSender, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    gateway.statuses = [500] * 9
    await say(store, gateway, "航班改了")
    for _ in range(4):
        await sender.sweep()
        gateway.now += timedelta(hours=1)
    assert (len(gateway.got), await left(store)) == (2, 1)
