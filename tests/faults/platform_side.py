"""The platform's side: signed pushes over HTTP, repeated while unanswered, with a log of it all."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import aiohttp

#: Of the account in `fleet`.
ACCOUNT, TOKEN = "gh_faults", "faults"

#: How often the platform asks in all.
TRIES = 3

#: How often a customer asks whether it is done, a second apart.
QUESTIONS = 60

#: What a customer of an account that may not write is told when the work takes too long.
STILL_WORKING = "还在办理"

_TEXTS = re.compile(r"<(?:Content|Title|Description)><!\[CDATA\[(.*?)\]\]>", re.DOTALL)


@dataclass
class Message:
    """What a customer said, how often it was pushed, and the words of every answer that came."""

    openid: str
    id: int
    said: str
    pushes: int = 0
    answers: list[str] = field(default_factory=list)


class Platform:
    """Pushes to one of ``urls``; what is unanswered for ``patience`` seconds, to the next one.

    The real platform waits for 5 seconds. A share ``twice`` of the messages goes to two of them at
    once, and a share ``again`` once more when it was answered: so do networks. ``log`` goes on.
    """

    def __init__(
        self,
        urls: Sequence[str],
        dice: random.Random,
        *,
        patience: float = 5.0,
        twice: float = 0.0,
        again: float = 0.0,
        log: list[Message] | None = None,
    ) -> None:
        self._urls = urls
        self._dice = dice
        self._patience = patience
        self._twice = twice
        self._again = again
        self.log: list[Message] = [] if log is None else log
        self._ids = itertools.count(len(self.log) + 1)

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def say(self, openid: str, said: str) -> str:
        """The words that answer a customer; none when all pushes were in vain."""
        answer = await self._say(openid, said)
        for _ in range(QUESTIONS):
            if STILL_WORKING not in answer:
                break
            await asyncio.sleep(1)
            answer = await self._say(openid, "好了吗")
        return answer

    async def tap(self, path: str) -> bool:
        """A customer taps a button of a page, once more when nothing comes of it."""
        first = self._dice.randrange(len(self._urls))
        for number in range(first, first + TRIES * len(self._urls)):
            url = self._urls[number % len(self._urls)]
            wait = aiohttp.ClientTimeout(total=3 * self._patience)
            try:
                async with self._client.post(f"{url}{path}", timeout=wait) as response:
                    if response.status == 200 and "pending" not in response.url.query:
                        return True
            except (aiohttp.ClientError, TimeoutError):
                continue
        return False

    async def _say(self, openid: str, said: str) -> str:
        message = Message(openid, next(self._ids), said)
        self.log.append(message)
        body = _body(message)
        first = self._dice.randrange(len(self._urls))
        for number in range(first, first + TRIES):
            copies = 1 + (number == first and self._dice.random() < self._twice)
            pushes = (self._push(message, body, number + copy) for copy in range(copies))
            await asyncio.gather(*pushes)
            if message.answers:
                break
        if self._dice.random() < self._again:
            await self._push(message, body, first + 1)
        return message.answers[0] if message.answers else ""

    async def _push(self, message: Message, body: bytes, to: int) -> None:
        message.pushes += 1
        url = self._urls[to % len(self._urls)]
        try:
            async with self._client.post(
                f"{url}/wechat/faults",
                params=_signed(),
                data=body,
                headers={"content-type": "text/xml"},
                timeout=aiohttp.ClientTimeout(total=self._patience),
            ) as response:
                answer = await response.text()
                if response.status == 200:
                    words = "\n".join(_TEXTS.findall(answer))
                    # Behind a real balancer all have one address.
                    message.answers.append(words.replace(url, ""))
        except (aiohttp.ClientError, TimeoutError):
            return


def _signed() -> dict[str, str]:
    now, nonce = str(int(time.time())), "nonce"
    whole = "".join(sorted((TOKEN, now, nonce)))
    return {
        "timestamp": now,
        "nonce": nonce,
        "signature": hashlib.sha1(whole.encode()).hexdigest(),
    }


def _body(message: Message) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{message.openid}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{message.said}]]></Content><MsgId>{message.id}</MsgId></xml>"
    ).encode()
