"""A company's system that answers late, by halves or not at all acts once, and that is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.channels.http import HttpPost
from engine.message import Inbound
from engine.store import Store
from tests.canteen import NOW, SCRIPT, Canteen, turns_of, words

#: What may go wrong once an order has been kept, but `before`: there it is not.
FAULTS = (
    "before",
    "late",
    "silent",
    "half a head",
    "half a body",
    "500",
    "429",
    "no JSON",
    "no ok",
)


@dataclass
class Backend:
    """Keeps an order once for each key, and then answers as badly as a test wants."""

    faults: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    given_up: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        portions = json.loads(await reader.readexactly(int(headers["content-length"])))["portions"]
        key = headers["idempotency-key"]
        self.calls[key] += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault != "before":
            self.orders.setdefault(key, f"B{len(self.orders) + 1}")
        answer = {"ok": {"portions": portions, "order_no": self.orders.get(key, "")}}
        await self._answer(writer, fault, json.dumps(answer).encode())
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(self, writer: asyncio.StreamWriter, fault: str, body: bytes) -> None:
        status = {"before": "503 Busy", "500": "500 Oh", "429": "429 Slow"}.get(fault, "200 OK")
        body = {"no JSON": b"<html>", "no ok": b'{"done": true}'}.get(fault, body)
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        if fault == "late":
            # The engine hangs up first; what comes after that reaches nobody.
            await self.given_up.wait()
        elif fault == "silent":
            return
        elif fault == "half a head":
            writer.write(head.encode()[:20])
            return
        writer.write(head.encode() + (body[: len(body) // 2] if fault == "half a body" else body))


@pytest.fixture
async def backend() -> AsyncIterator[Backend]:
    backend = Backend()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(backend.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    backend.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/orders"
    async with server:
        yield backend
        backend.given_up.set()
        await asyncio.gather(*tasks)


@pytest.fixture
async def workers(either: Store, tmp_path: Path, backend: Backend) -> AsyncIterator[list[Any]]:
    """The turns of two processes over one database."""
    call = f'http: {{url: "{backend.url}", secret: canteen, timeout: 0.5, retries: 1}}'
    script = SCRIPT.replace("CALL", call)
    async with HttpPost() as post:
        yield [
            await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post)
            for _ in range(2)
        ]


class Customer:
    """Orders, and says yes until told that it is done."""

    def __init__(self, workers: list[Any], name: str, dice: random.Random) -> None:
        self._workers = workers
        self._name = name
        self._dice = dice
        self._said = 0

    async def order(self) -> str:
        """What was told in the end."""
        await self._say("我要订餐")
        await self._say("2")
        for _ in range(12):
            if "订好了" in (told := await self._say("好")):
                return told
        raise AssertionError(f"{self._name} was never told: {told}")

    async def _say(self, said: str) -> str:
        self._said += 1
        inbound = Inbound(
            account="a", openid=self._name, key=f"{self._name}/{self._said}", at=NOW, text=said
        )
        return words(await self._dice.choice(self._workers).take(inbound))


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_a_backend_did_is_told_once_whatever_it_answered(
    workers: list[Any], backend: Backend, dice: random.Random, fault: str
) -> None:
    backend.faults = [fault] * 3
    assert "B1" in await Customer(workers, "o", dice).order()
    assert list(backend.orders.values()) == ["B1"]
    assert list(backend.calls.values()) == [4]


async def test_many_customers_of_a_backend_that_often_fails_get_one_order_each(
    workers: list[Any], backend: Backend, dice: random.Random
) -> None:
    backend.faults = [dice.choice(FAULTS) for _ in range(24)]
    customers = [Customer(workers, f"o{number}", dice) for number in range(8)]
    told = await asyncio.gather(*(customer.order() for customer in customers))
    assert len(backend.orders) == len(customers)
    assert all(any(f"，{order}。" in each for each in told) for order in backend.orders.values())
