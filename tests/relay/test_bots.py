"""Bots that other people's libraries run, each as a server of its own, under the relay."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.speech.clips import encoded, tone

BOTS = Path(__file__).parent / "bots"


@asynccontextmanager
async def bot(library: str, settings: dict[str, str]) -> AsyncIterator[str]:
    """Run a bot while the block runs; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(BOTS / f"{library}_bot.py"),
        json.dumps(settings),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(30):
            yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture(params=["werobot", "wechatpy"])
async def bot_relay(
    request: pytest.FixtureRequest, mode: str, open_relay: Any, keys: dict[str, str], tmp_path: Path
) -> AsyncIterator[Any]:
    """A relay whose provider is a bot; its terminal follows the account."""
    told = tmp_path / "relay-address"
    settings = keys | {"relay": str(told)} | ({"aes_key": ""} if mode == "plain" else {})
    async with (
        bot(request.param, settings) as url,
        open_relay(SimpleNamespace(url=url, mode=mode), tmp_path) as relay,
    ):
        await asyncio.to_thread(told.write_text, relay.url)
        await relay.terminal.post("/api/follow", number="banli")
        yield relay


async def test_a_bot_of_another_library_works_under_the_relay(bot_relay: Any) -> None:
    terminal = bot_relay.terminal

    # An event, a text, and a menu entry, each answered at once.
    await terminal.hears("欢迎")
    await terminal.say("在吗 <&>", "nonce-0001")
    await terminal.hears("你说：在吗 <&>")
    await terminal.post("/api/menu", account="demo", type="click", target="/f", nonce="nonce-0002")
    await terminal.hears("点了 /f")

    # A token and a customer-service message.
    await terminal.say("晚点", "nonce-0003")
    await terminal.hears("晚到的话")

    # Media both ways.
    await terminal.say("图", "nonce-0004")
    shown = await terminal.until(lambda message: message["kind"] == "image")
    async with terminal.client.get(bot_relay.url + shown["picture"]) as response:
        assert (await response.read()).startswith(b"\x89PNG")
    recording = encoded(tone(1.5), container="webm", codec="libopus", rate=48_000)
    assert (await terminal.speak(recording, "nonce-0005"))[0] == 200
    await terminal.hears("声音 #!AMR")
    _, told = await terminal.get("/api/history?account=demo")
    assert "notice" not in {message["direction"] for message in told["messages"]}
