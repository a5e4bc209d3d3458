"""The demo company behind a provider, and the way of its payment company back to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.acting import Backends
from engine.business.demo import business, seed
from engine.business.http import Answer, NoSecret, signature
from engine.business.provider import Row, Work
from engine.store import Store
from tests.web.fakes import NOW, Platform

SECRET = "of the payment company"
OPENID = "oDemo-lisi"


@dataclass
class Way:
    """Carries what is posted to the public address to where the provider really listens."""

    platform: Platform | None = None
    is_down: bool = False
    told: list[str] = field(default_factory=list)

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        if self.is_down or self.platform is None:
            raise OSError("the provider cannot be reached")
        self.told.append(url)
        here = url.replace("https://example.com", self.platform.url)
        async with self.platform.client.post(here, data=body, headers=headers) as response:
            return Answer(response.status, await response.read())


@dataclass
class Shop:
    """The company with an order of 李四 to pay 20 yuan."""

    store: Store
    platform: Platform
    way: Way
    order: Row

    async def standing(self) -> str:
        async with self.store.reading() as connection:
            work = Work(connection, NOW, "demo", OPENID)
            rows = await business.queries["payments.standing"](
                work, order_no=self.order["order_no"]
            )
        return str(rows[0]["status"])

    async def tell(
        self, event: str, facts: Mapping[str, Any] | bytes, *, secret: str = SECRET, late: int = 0
    ) -> tuple[int, Any]:
        body = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
        stamp = str(int(NOW.timestamp()) - late)
        headers = {
            "Idempotency-Key": "K1",
            "Banli-Timestamp": stamp,
            "Banli-Signature": signature(secret, timestamp=stamp, key="K1", body=body),
        }
        url = f"{self.platform.url}/events/{event}"
        async with self.platform.client.post(url, data=body, headers=headers) as response:
            return response.status, await response.json()

    async def page(self, *, path: str = "") -> tuple[int, str, Mapping[str, str]]:
        url = f"{self.platform.url}{path or self.order['link']}"
        async with self.platform.client.get(url) as response:
            return response.status, await response.text(), response.headers

    async def press(self, button: str) -> tuple[int, str]:
        url = f"{self.platform.url}{self.order['link']}/{button}"
        async with self.platform.client.post(url) as response:
            return response.status, await response.text()


def secret_of(name: str) -> str:
    if name != "payments":
        raise NoSecret(name)
    return SECRET


@asynccontextmanager
async def shop(serve: Any, store: Store) -> AsyncIterator[Shop]:
    way = Way()
    async with store.writing() as connection:
        await seed.prepare(connection, NOW)
        work = Work(connection, NOW, "demo", OPENID, "task.0")
        owed = (await business.queries["bills.owed"](work, phone="13900138000"))[0]
        order = await business.effects["payments.order"](
            work, phone="13900138000", bill=owed["bill"], amount="20", owed=owed["owed"]
        )
    async with serve(backends=Backends(business, way, secret_of)) as platform:
        way.platform = platform
        yield Shop(store, platform, way, order)
