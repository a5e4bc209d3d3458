"""Terminals of the relay, as its page uses it: they sign up, follow, say something and listen."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

#: Seconds before a request or a feed that failed is begun again, as the page does.
_AGAIN = 0.5

#: The relay asks for this header, which a page of another site cannot send.
_HEADERS = {"X-Banli": "bench"}


@dataclass(slots=True)
class Heard:
    """What came down to all terminals: how often each text, and when first, by `time.monotonic`."""

    texts: Counter[str] = field(default_factory=Counter)
    at: dict[str, float] = field(default_factory=dict)
    notices: int = 0
    feeds: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, text: str) -> None:
        """Count a text that has come."""
        self.texts[text] += 1
        self.at.setdefault(text, time.monotonic())
        self.changed.set()


class Phone:
    """One terminal that follows one account. `heard` is shared by all."""

    def __init__(self, client: aiohttp.ClientSession, url: str, name: str, heard: Heard) -> None:
        self._client = client
        self._url = url
        self._name = name
        self._heard = heard
        self._cookie = ""
        self._revision = 0
        self._ids: set[int] = set()

    async def sign_up(self, number: str) -> None:
        """Make this terminal and follow the account with this number."""
        told = {"name": self._name, "password": f"{self._name} of the bench"}
        async with self._post("/api/sign-up", told) as response:
            response.raise_for_status()
            self._cookie = "; ".join(
                f"{key}={each.value}" for key, each in response.cookies.items()
            )
        async with self._post("/api/follow", {"number": number}) as response:
            response.raise_for_status()

    async def say(self, account: str, text: str) -> None:
        """Send a text once: a request that fails is repeated under the same nonce."""
        told = {"account": account, "text": text, "nonce": f"bench-{text}"}
        while True:
            try:
                async with self._post("/api/send", told) as response:
                    response.raise_for_status()
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(_AGAIN)

    async def listen(self, ready: asyncio.Event) -> None:
        """Count what comes down, until cancelled; a feed that ends is opened where it ended."""
        while True:
            try:
                await self._feed(ready)
            except aiohttp.ClientError:
                await asyncio.sleep(_AGAIN)

    async def _feed(self, ready: asyncio.Event) -> None:
        address = f"{self._url}/live?after={self._revision}"
        headers = {"Cookie": self._cookie, "Origin": self._url}
        self._heard.feeds += 1
        async with self._client.ws_connect(address, headers=headers) as socket:
            async for event in socket:
                told = event.json()
                if told["type"] == "message":
                    self._take(told["message"])
                elif told["type"] == "ready":
                    ready.set()

    def _take(self, message: dict[str, object]) -> None:
        self._revision = max(self._revision, int(str(message["revision"])))
        id = int(str(message["id"]))
        # A feed tells of a message anew when it changes; what comes down never does.
        if message["direction"] == "up" or id in self._ids:
            return
        self._ids.add(id)
        parts = message.get("parts")
        words = "".join(part["text"] for part in parts) if isinstance(parts, list) else ""
        if message["direction"] == "notice":
            self._heard.notices += 1
        else:
            self._heard.add(words)

    def _post(self, path: str, told: dict[str, str]) -> aiohttp.client._RequestContextManager:
        headers = _HEADERS | ({"Cookie": self._cookie} if self._cookie else {})
        return self._client.post(self._url + path, json=told, headers=headers)
