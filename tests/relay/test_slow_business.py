"""A business that takes longer than the platform waits, in front of the relay: one answer each.

Everything runs at a quarter of its time: the platform waits for 1.2 s instead of 5, so a business
of 12 s takes 2.9 s. What must come before something else comes a third of a second before it, so
that a machine that stumbles tells the same story.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from engine.channels.wechat.channel import STILL_WORKING, Media, Pace
from engine.channels.wechat.service import utc_now
from engine.message import Inbound, Kind, Reply
from engine.relay.accounts import register
from engine.relay.faults import Faults
from engine.relay.forward import Patience
from engine.relay.platform import Platform
from engine.relay.serve import running
from engine.store import Store
from engine.web.app import create_app
from tests.relay.conftest import Terminal, text_of
from tests.web.fakes import APPID, FakeEngine, account

PATIENCE = Patience(seconds=1.2)
SCALE = PATIENCE.seconds / 5
#: Seconds of CreateTime are too coarse for a hurried world, so age tells nothing here.
PACE = Pace(budget=3.5 * SCALE, hold=8 * SCALE, old=60)

KEYS = {"id": "gh_0123456789ab", "token": "relaytoken", "secret": "0123456789abcdef"}

names = itertools.count()


@dataclass
class SlowTurns:
    """Answers everything but events after so many seconds, and a repeat with the same at once."""

    seconds: float
    taken: list[Inbound] = field(default_factory=list)
    answers: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, inbound: Inbound, fetch: Media | None = None) -> tuple[Reply, ...]:
        if inbound.kind is Kind.EVENT:
            return ()
        if inbound.key in self.answers:
            return self.answers[inbound.key]
        self.taken.append(inbound)
        number = len(self.taken)
        await asyncio.sleep(self.seconds * SCALE)
        self.finished.set()
        self.answers[inbound.key] = (Reply(text=f"办好了{number}"),)
        return self.answers[inbound.key]


@asynccontextmanager
async def provided(turns: SlowTurns, **options: object) -> AsyncIterator[str]:
    """A provider with one account; its address."""
    async with await Store.open("sqlite://") as store:
        engine = FakeEngine(store, {"demo": account("demo", **KEYS, **options)}, {"demo": turns})

        async def build() -> FakeEngine:
            return engine

        app = create_app(
            build,
            public_url="https://example.com",
            name=f"slow-{next(names)}",
            clock=utc_now,
            pace=PACE,
            draw=lambda kind, model: b"",
        )
        app.config.TOUCHUP = False
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        host, port = listening.getsockname()
        try:
            yield f"http://{host}:{port}"
        finally:
            await server.close()
            await server.before_stop()
            await server.after_stop()


@asynccontextmanager
async def conversation(
    turns: SlowTurns, home: Path, *, verified: bool, faults: Faults
) -> AsyncIterator[Terminal]:
    """A customer at the relay, in front of the provider."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    async with provided(turns, verified=verified, api_base=base) as provider:
        keys = {"name": "demo", "verified": verified, **KEYS, "appid": APPID, "mode": "plain"}
        listing = {"url": f"{provider}/wechat/demo", "title": "演示", "number": "banli"}
        known = {"demo": register("test", keys, listing)}
        async with (
            Platform.open(known, home / "relay.db", patience=PATIENCE, faults=faults) as platform,
            running(platform, host="127.0.0.1", port=port),
            aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client,
        ):
            terminal = Terminal(client, base)
            await terminal.post("/api/sign-up", name="王五", password="secret")
            await terminal.post("/api/follow", number="banli")
            # So that what is dropped is an answer to the message.
            await terminal.until(lambda message: message["status"] == "sent")
            yield terminal


async def said(terminal: Terminal) -> list[tuple[str, str]]:
    _, told = await terminal.get("/api/history?account=demo")
    return [
        (message["direction"], text_of(message))
        for message in told["messages"]
        if message["kind"] != "event"
    ]


@dataclass(frozen=True)
class Losing(Faults):
    """Loses the answers of this script, one a request; later ones arrive."""

    script: list[bool] = field(default_factory=list)

    def befalls(self, part: float) -> bool:
        return part == self.drop and bool(self.script) and self.script.pop(0)


def losing(*script: bool) -> Losing:
    # The first answer is the one to the customer's following.
    return Losing(drop=1.0, script=[False, *script])


async def until_idle(terminal: Terminal) -> None:
    """Until the platform has made its last try."""
    await terminal.until(
        lambda message: (
            message["kind"] == "text"
            and message["direction"] == "up"
            and message["status"] in {"sent", "failed"}
        )
    )


@pytest.mark.parametrize("lost", [(), (True,), (True, True)], ids=["none", "first", "two"])
async def test_twelve_seconds_of_a_verified_account_are_one_answer(
    tmp_path: Path, lost: tuple[bool, ...]
) -> None:
    turns, faults = SlowTurns(12), losing(*lost)
    async with conversation(turns, tmp_path, verified=True, faults=faults) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await terminal.hears("办好了1")
        await until_idle(terminal)
        assert await said(terminal) == [("up", "充一百"), ("down", "办好了1")]
    assert len(turns.taken) == 1
    assert faults.script == []


async def test_twelve_seconds_of_another_account_are_one_answer_at_the_third_try(
    tmp_path: Path,
) -> None:
    turns = SlowTurns(12)
    async with conversation(turns, tmp_path, verified=False, faults=losing()) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await terminal.hears("办好了1")
        await until_idle(terminal)
        assert await said(terminal) == [("up", "充一百"), ("down", "办好了1")]
    assert len(turns.taken) == 1


async def test_an_answer_whose_response_is_lost_is_given_again(tmp_path: Path) -> None:
    turns, faults = SlowTurns(7), losing(True)
    async with conversation(turns, tmp_path, verified=False, faults=faults) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await terminal.hears("办好了1")
        await until_idle(terminal)
        assert await said(terminal) == [("up", "充一百"), ("down", "办好了1")]
    assert len(turns.taken) == 1
    assert faults.script == []


async def test_twenty_seconds_of_another_account_are_one_answer_to_the_next_message(
    tmp_path: Path,
) -> None:
    turns = SlowTurns(20)
    async with conversation(turns, tmp_path, verified=False, faults=losing()) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await terminal.hears(STILL_WORKING)
        turns.seconds = 0
        await turns.finished.wait()
        await terminal.say("好了吗", "nonce-0002")
        await terminal.until(lambda message: "办好了2" in text_of(message))
        told = await said(terminal)
    assert [words for direction, words in told if direction == "down"] == [
        STILL_WORKING,
        "办好了1\n办好了2",
    ]


@pytest.mark.parametrize("asked", ["好了吗？", "？"])
async def test_an_answer_lost_with_the_last_response_is_told_to_who_asks_after_it(
    tmp_path: Path, asked: str
) -> None:
    turns, faults = SlowTurns(12), losing(True)
    async with conversation(turns, tmp_path, verified=False, faults=faults) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await until_idle(terminal)
        assert faults.script == []
        turns.seconds = 0
        await terminal.say(asked, "nonce-0002")
        await terminal.until(lambda message: "办好了2" in text_of(message))
        await terminal.say(asked, "nonce-0003")
        await terminal.until(lambda message: "办好了3" in text_of(message))
        told = await said(terminal)
    assert [words for direction, words in told if direction == "down"] == [
        "办好了1\n办好了2",
        "办好了3",
    ]


async def test_an_answer_at_the_last_try_is_not_told_again_to_who_goes_on(tmp_path: Path) -> None:
    turns = SlowTurns(12)
    async with conversation(turns, tmp_path, verified=False, faults=losing()) as terminal:
        await terminal.say("充一百", "nonce-0001")
        await terminal.hears("办好了1")
        turns.seconds = 0
        for number, words in enumerate(("查话费", "好了吗"), start=2):
            await terminal.say(words, f"nonce-000{number}")
            await terminal.hears(f"办好了{number}")
