"""Effects that another system does: called once, also when the process is killed.

Run as a program, this file is the process that is killed.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.business.http import Answer
from engine.channels.http import HttpPost
from engine.store import Store, schema
from tests.canteen import (
    HERE,
    NOW,
    SCRIPT,
    THERE,
    Canteen,
    count,
    message,
    orders,
    ready,
    session_of,
    turns_of,
    words,
    write,
)


@dataclass
class Backend:
    """A company's system on the loopback that keeps its callers waiting until it is open."""

    url: str = ""
    keys: list[str] = field(default_factory=list)
    calls: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        key = headers["idempotency-key"]
        self.keys.append(key)
        self.calls.put_nowait(key)
        await self.open.wait()
        portions = msgspec.json.decode(body)["portions"]
        number = sorted(set(self.keys)).index(key) + 1
        answer = msgspec.json.encode({"ok": {"portions": portions, "order_no": f"B{number}"}})
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n" % len(answer) + answer)
        writer.close()


@pytest.fixture
async def backend() -> AsyncIterator[Backend]:
    """A backend that keeps callers waiting until it is opened."""
    backend = Backend()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(backend.serve(reader, writer))
        tasks.add(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    backend.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/orders"
    async with server:
        yield backend
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_an_effect_elsewhere_is_called_once_and_its_answer_kept(
    either: Store, tmp_path: Path, backend: Backend
) -> None:
    backend.open.set()
    async with HttpPost() as post:
        script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
        turns = await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post)
        await ready(turns)
        first = await turns.take(message("好"))
        assert "订好了，2 份，B1" in words(first)
        assert await turns.take(message("好")) == first
    assert len(backend.keys) == 1
    assert await count(either, schema.ledger) == 1


async def test_a_message_in_between_waits_and_the_yes_still_gets_its_answer(
    either: Store, tmp_path: Path, backend: Backend
) -> None:
    async with HttpPost() as post:
        script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
        turns = await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post)
        await ready(turns)
        yes = asyncio.create_task(turns.take(message("好")))
        await backend.calls.get()
        assert "正在为您办理" in words(await turns.take(message("办好了吗")))
        backend.open.set()
        assert "订好了，2 份，B1" in words(await yes)
    assert len(set(backend.keys)) == 1
    assert await count(either, schema.ledger) == 1
    assert (await session_of(either)).tasks == []


async def test_one_yes_to_two_workers_does_not_reach_the_task_below(
    either: Store, tmp_path: Path, backend: Backend
) -> None:
    backend.open.set()
    script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
    other = script.replace("intent: order", "intent: again").replace("title: 订餐", "title: 再订")
    other = other.replace("example: 我要订餐", "example: 再来一单")
    write(tmp_path / "s", other, name="again")
    async with HttpPost() as post:
        one, two = [
            await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post)
            for _ in range(2)
        ]
        await ready(one)
        await one.take(message("再来一单"))
        await one.take(message("3"))
        answers = await asyncio.gather(one.take(message("好")), two.take(message("好")))
    assert answers[0] == answers[1]
    assert "订好了，3 份" in words(answers[0])
    assert len(set(backend.keys)) == 1
    assert [task.intent for task in (await session_of(either)).tasks] == ["order"]


async def _never(*_: Any, **__: Any) -> Answer:
    raise AssertionError("nothing is posted here")


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """This file as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.test_turn_elsewhere", *arguments],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


async def test_a_process_killed_within_an_effect_leaves_nothing_half_done(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/banli.db", tmp_path / "s"
    script = SCRIPT.replace("CALL", HERE)
    with start(url, str(folder), script) as victim:
        assert victim.stderr is not None
        assert await asyncio.to_thread(victim.stderr.readline) == b"done but not committed\n"
        victim.send_signal(signal.SIGKILL)
    assert victim.returncode == -signal.SIGKILL
    async with await Store.open(url) as store:
        assert await orders(store) == []
        assert await count(store, schema.ledger) == 0
        assert await count(store, schema.inbox) == 2
        assert (await session_of(store)).tasks[-1].asking == "confirm"
        turns = await turns_of(store, folder, Canteen(), script=script, post=_never)
        assert "订好了，2 份" in words(await turns.take(message("好")))
        assert len(await orders(store)) == 1


@pytest.mark.parametrize("next_one", ["the same message again", "another message later"])
async def test_a_process_killed_after_its_call_calls_again_with_the_same_key(
    tmp_path: Path, backend: Backend, next_one: str
) -> None:
    url, folder = f"sqlite:///{tmp_path}/banli.db", tmp_path / "s"
    script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
    with start(url, str(folder), script) as victim:
        key = await backend.calls.get()
        victim.send_signal(signal.SIGKILL)
    backend.open.set()
    now = NOW
    async with await Store.open(url) as store, HttpPost() as post:
        turns = await turns_of(
            store, folder, Canteen(), script=script, post=post, clock=lambda: now
        )
        assert (await session_of(store)).tasks[-1].in_flight == NOW
        if next_one == "the same message again":
            said = words(await turns.take(message("好")))
        else:
            assert "正在为您办理" in words(await turns.take(message("办好了吗")))
            now = NOW + timedelta(seconds=40)
            said = words(await turns.take(message("还没好吗")))
        assert "订好了，2 份，B1" in said
        assert (await session_of(store)).tasks == []
    assert backend.keys == [key, key]


async def crash(url: str, folder: Path, script: str) -> None:
    """Bring a conversation to its effect, and stay there until killed."""

    async def stay() -> None:
        sys.stderr.write("done but not committed\n")
        sys.stderr.flush()
        await asyncio.Event().wait()

    async with await Store.open(url) as store, HttpPost() as post:
        turns = await turns_of(store, folder, Canteen(after=stay), script=script, post=post)
        await ready(turns)
        await turns.take(message("好"))


if __name__ == "__main__":
    _url, _folder, _script = sys.argv[1:]
    asyncio.run(crash(_url, Path(_folder), _script))


IN_PASSING = """\
intent: order
title: 订餐
example: 我要订餐
slots:
  portions: {type: number, ask: 要几份？}
  held:
    does:
      http: {url: "http://canteen.invalid/hold", secret: canteen, retries: 0}
      with: {portions: portions}
      value: place
  note: {type: text, ask: "给您留了 {{ held }} 号位，备注？"}
confirm: "{{ portions }} 份，{{ held }} 号位，{{ note }}，可以吗？"
answer:
  CALL
  with: {portions: portions, held: held, note: note}
  say: 订好了。
"""


async def test_what_is_done_elsewhere_in_passing_leaves_the_conversation_open(
    either: Store, tmp_path: Path
) -> None:
    called: list[tuple[str, dict[str, Any]]] = []

    async def post(url: str, *, body: bytes, **_: object) -> Answer:
        called.append((url.rsplit("/", 1)[1], msgspec.json.decode(body)))
        return Answer(200, msgspec.json.encode({"ok": {"place": len(called)}}))

    script = IN_PASSING.replace("CALL", THERE.replace("URL", "http://canteen.invalid/orders"))
    turns = await turns_of(either, tmp_path / "s", Canteen(), script=script, post=post)
    await turns.take(message("我要订餐"))
    assert words(await turns.take(message("2"))) == "给您留了 1 号位，备注？"
    assert (await session_of(either)).task.in_flight is None
    assert "1 号位，少盐" in words(await turns.take(message("少盐")))
    assert words(await turns.take(message("好"))).startswith("订好了")
    assert called == [
        ("hold", {"portions": "2"}),
        ("orders", {"portions": "2", "held": "1", "note": "少盐"}),
    ]
