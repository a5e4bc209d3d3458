"""What the company begins is posted to the webhook of an account, and again until it is taken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from engine import late
from engine.business.http import signature
from engine.channels.api import sender as module
from engine.channels.api.sender import Sender
from engine.channels.http import HttpPost
from engine.message import Reply
from engine.settings import ApiAccount
from engine.store import Store, schema

SECRET = "of the webhook"


@dataclass
class Program:
    """Takes posts at a real socket with the statuses that a test wants, then with 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    there, app = Program(), web.Application()
    app.router.add_post("/hook", there.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    there.url = f"http://{host}:{port}/hook"
    yield there
    await runner.cleanup()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sender(program: Program, store: Store, clock: Clock) -> AsyncIterator[Sender]:
    account = ApiAccount(
        name="shop",
        channel="api",
        keys={"app": "0" * 64},
        webhook=program.url,
        webhook_secret=SECRET,
    )
    async with HttpPost() as post:
        yield Sender(
            {"shop": account}, store, post=post, public_url="https://example.com", clock=clock
        )


async def say(store: Store, clock: Clock, *words: str, account: str = "shop") -> None:
    async with store.writing() as connection:
        for each in words:
            await late.put(
                connection, [Reply(text=each)], account=account, openid="c1", due=clock()
            )


async def left(store: Store) -> int:
    async with store.reading() as connection:
        return len(list(await connection.execute(schema.outbox.select())))


async def test_it_is_signed_and_says_what_an_answer_would(
    program: Program, sender: Sender, store: Store, clock: Clock
) -> None:
    await say(store, clock, "航班改了")
    assert await sender.sweep() == 1
    ((headers, body),) = program.got
    told = json.loads(body)
    assert (told["customer"], told["handed_over"]) == ("c1", False)
    assert told["parts"] == [{"type": "text", "text": "航班改了"}]
    stamp, key = headers["Banli-Timestamp"], headers["Idempotency-Key"]
    expected = signature(SECRET, timestamp=stamp, key=key, body=body)
    assert (headers["Banli-Signature"], told["id"]) == (expected, key)
    assert await left(store) == 0


async def test_what_is_not_taken_is_posted_again_later_under_the_same_key(
    program: Program, sender: Sender, store: Store, clock: Clock
) -> None:
    program.statuses = [500, 302]
    await say(store, clock, "航班改了")
    assert await sender.sweep() == 1
    assert await sender.sweep() == 0
    clock.now += timedelta(seconds=5)
    assert await sender.sweep() == 1
    clock.now += timedelta(seconds=10)
    assert await sender.sweep() == 1
    assert len({headers["Idempotency-Key"] for headers, _ in program.got}) == 1
    assert (len(program.got), await left(store)) == (3, 0)


async def test_the_same_words_said_twice_have_two_keys(
    program: Program, sender: Sender, store: Store, clock: Clock
) -> None:
    for _ in range(2):
        await say(store, clock, "您好")
        await sender.sweep()
    assert len({headers["Idempotency-Key"] for headers, _ in program.got}) == 2


async def test_after_many_tries_it_is_given_up_and_kept(
    program: Program, sender: Sender, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    program.statuses = [500] * 9
    await say(store, clock, "航班改了")
    for _ in range(4):
        await sender.sweep()
        clock.now += timedelta(hours=1)
    assert (len(program.got), await left(store)) == (2, 1)


async def test_other_accounts_are_left_alone(
    program: Program, sender: Sender, store: Store, clock: Clock
) -> None:
    await say(store, clock, "航班改了", account="air")
    assert await sender.sweep() == 0
    assert (program.got, await left(store)) == ([], 1)
