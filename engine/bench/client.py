"""Many customers at once, as the platform sends them: signed text messages over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from engine.channels.wechat.crypto import signature
from engine.channels.wechat.xml import cdata
from engine.settings import Account

#: What one customer says, over and over: courtesy, a question, and tasks begun and left.
CONVERSATION = (
    "你好",
    "查一下CA1234明天几点起飞",
    "我话费还剩多少",
    "13812345678",
    "算了",
    "给13812345678充一百",
    "取消",
)

#: How often one customer says it before another comes: whoever writes more than 200 messages at
#: once is met with silence, and silence is not what is measured.
_TIMES = 10

_NONCE = "bench"


def openid(number: int) -> str:
    """The customer of a number, from 1 on."""
    return f"bench{number}"


@dataclass(slots=True)
class Sample:
    """Seconds of every answered request, how many were not answered, and seconds in all."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    elapsed: float = 0.0


class Crowd:
    """Customers of one account. Each sends the next message when the last one is answered."""

    def __init__(self, account: Account, *, size: int) -> None:
        self._account = account
        self._size = size
        self._ids = itertools.count(1)
        # Nobody says the same first words twice: every round has customers of its own.
        self._customers = itertools.count(1)

    async def talk(self, url: str, *, requests: int) -> Sample:
        """Send ``requests`` messages to the server at ``url``."""
        sample, turns = Sample(), iter(range(requests))
        connector = aiohttp.TCPConnector(limit=self._size)
        async with aiohttp.ClientSession(connector=connector) as client:
            started = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for _ in range(self._size):
                    group.create_task(self._customer(client, url, turns, sample))
            sample.elapsed = time.perf_counter() - started
        return sample

    async def _customer(
        self, client: aiohttp.ClientSession, url: str, turns: Iterator[int], sample: Sample
    ) -> None:
        for _, (openid, words) in zip(turns, self._said(), strict=False):
            started = time.perf_counter()
            if await self._say(client, url, openid, words):
                sample.seconds.append(time.perf_counter() - started)
            else:
                sample.failures += 1

    def _said(self) -> Iterator[tuple[str, str]]:
        """Customers, one after the other, with what they say."""
        for number in self._customers:
            for words in CONVERSATION * _TIMES:
                yield openid(number), words

    async def _say(self, client: aiohttp.ClientSession, url: str, openid: str, words: str) -> bool:
        now = str(int(time.time()))
        query = {
            "timestamp": now,
            "nonce": _NONCE,
            "signature": signature(self._account.token, now, _NONCE),
            "openid": openid,
        }
        body = (
            f"<xml><ToUserName>{cdata(self._account.id)}</ToUserName>"
            f"<FromUserName>{cdata(openid)}</FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType>{cdata('text')}</MsgType><Content>{cdata(words)}</Content>"
            f"<MsgId>{next(self._ids)}</MsgId></xml>"
        )
        try:
            async with client.post(
                f"{url}/wechat/{self._account.name}",
                params=query,
                data=body.encode(),
                headers={"content-type": "text/xml"},
            ) as response:
                return response.status == 200 and b"<Content>" in await response.read()
        except aiohttp.ClientError:
            return False
