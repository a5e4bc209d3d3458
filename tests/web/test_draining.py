"""A provider that is asked to end while many write: what it has taken it answers and keeps."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from engine.channels.wechat.crypto import signature
from tests.web.fakes import TOKEN, Platform
from tests.web.test_serve import accounts, banli_serve, lines

__all__ = ["accounts"]

CUSTOMERS, MESSAGES = 20, 6


class Now(Platform):
    """A platform of this very time."""

    def query(self) -> dict[str, str]:
        stamp = str(int(time.time()))
        return {"timestamp": stamp, "nonce": "n", "signature": signature(TOKEN, stamp, "n")}


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_no_turn_is_lost_when_it_ends_under_load(
    tmp_path: Path, accounts: Path, workers: str
) -> None:
    options = ("--accounts", str(accounts), "--port", "0", "--workers", workers)
    process = await banli_serve(tmp_path, *options)
    async for line in lines(process):
        if told := re.search(r"http://127.0.0.1:\d+", line):
            break
    assert told is not None
    answered: dict[str, int] = {}
    before: list[int] = []

    async def talk(platform: Platform, customer: int) -> None:
        for number in range(MESSAGES):
            # The third of somebody's messages is where it is asked to end.
            if (customer, number) == (0, 2):
                before.append(len(answered))
                process.send_signal(signal.SIGTERM)
            key = str(customer * 1000 + number)
            body = platform.text("今天天气怎么样", to="1", openid=f"o{customer}", MsgId=key)
            # Who is turned away was not taken: the platform asks again, the next process answers.
            with suppress(aiohttp.ClientError):
                answered[key], _ = await platform.push(body, to="airline")

    async with aiohttp.ClientSession() as client:
        platform = Now(client, told[0])
        talking = [talk(platform, customer) for customer in range(CUSTOMERS)]
        await asyncio.gather(*talking, process.communicate())
    assert process.returncode == 0
    assert set(answered.values()) == {200}
    assert before[0] < len(answered)
    with sqlite3.connect(tmp_path / "banli.db") as database:
        kept = [key.split()[-1] for (key,) in database.execute("SELECT key FROM inbox")]
    assert sorted(set(answered) - set(kept)) == []
    assert len(kept) == len(set(kept))
