"""One turn, one transaction: repeats, clashes, crashes.

Run as a program, this file is the process that crashes.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from sqlalchemy import func, select, text

from engine.acting import Backends
from engine.business.http import Answer
from engine.business.provider import Business, Refused, Row, Unavailable, Work
from engine.channels.http import HttpPost
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.state.session import Session, decode
from engine.message import Inbound, Reply
from engine.meters import Meters
from engine.nlu.grammar import find_entities
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse
from engine.store import Store, conversation, schema, sessions
from engine.traces import turn_id
from engine.turn import Turned, Turns

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either


SCRIPT = """\
intent: order
title: 订餐
example: 我要订餐
slots:
  portions: {type: number, ask: 要几份？}
confirm: "{{ portions }} 份，可以吗？"
answer:
  CALL
  with: {portions: portions}
  say: "订好了，{{ result.portions }} 份，{{ result.order_no }}。"
  PICTURE
  refused:
    sold_out: 卖完了。
"""
HERE = "effect: canteen.order"
THERE = 'http: {url: "URL", secret: canteen, retries: 0}'
MEANINGS = {"我要订餐": "order", "好": "affirm", "算了": "cancel", "再来一单": "again"}


class Listener:
    """Understands by a table; counts what it was asked."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def parse(self, said: str, *, now: datetime) -> Parse:
        self.heard.append(said)
        intent = Intent(MEANINGS.get(said, OUT_OF_SCOPE), 1.0)
        return Parse(said, intent, (intent,), tuple(find_entities(said, now=now)))


@dataclass
class Canteen:
    """A business whose orders are rows, with what may go wrong once a row is there."""

    before: list[Exception] = field(default_factory=list)
    after: Callable[[], Awaitable[None]] | None = None
    forgotten: list[str] = field(default_factory=list)

    def business(self) -> Business:
        canteen = Business("canteen")

        @canteen.effect
        async def order(work: Work, *, portions: str) -> Row:
            await work.connection.execute(
                text("INSERT INTO orders (key, portions) VALUES (:key, :portions)"),
                {"key": work.key, "portions": portions},
            )
            if self.before:
                raise self.before.pop(0)
            if self.after:
                await self.after()
            return {"portions": portions, "order_no": "A1"}

        @canteen.forget
        async def forget(work: Work) -> None:
            self.forgotten.append(work.openid)

        return canteen


async def turns_of(
    store: Store, folder: Path, canteen: Canteen, *, script: str, post: Any = None, **more: Any
) -> Turns:
    """The canteen's turns over a store, in whose database its orders are rows."""
    write(folder, script)
    async with store.writing() as connection:
        await connection.execute(
            text("CREATE TABLE IF NOT EXISTS orders (key TEXT PRIMARY KEY, portions TEXT)")
        )
    business = canteen.business()
    scripts = loading.load(folder)
    checking.demand(scripts, business)
    backends = Backends(business, post, secrets=lambda name: f"secret of {name}")
    more.setdefault("clock", lambda: NOW)
    return Turns(store, more.pop("listener", Listener()), scripts, backends, **more)


def write(folder: Path, script: str, *, name: str = "order") -> None:
    """Put the script into a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(script.replace("  PICTURE\n", ""), encoding="utf-8")


def message(said: str, key: str = "", **more: Any) -> Inbound:
    return Inbound(account="a", openid="o", key=key or said, at=NOW, text=said, **more)


def words(replies: tuple[Reply, ...]) -> str:
    return "\n".join(reply.text for reply in replies)


async def ready(turns: Turns) -> None:
    """Bring the conversation to its confirmation."""
    await turns.take(message("我要订餐"))
    assert words(await turns.take(message("2"))) == "2 份，可以吗？"


async def orders(store: Store) -> list[tuple[str, str]]:
    async with store.reading() as connection:
        rows = await connection.execute(text("SELECT key, portions FROM orders"))
        return [(row.key, row.portions) for row in rows]


async def count(store: Store, table: Any) -> int:
    async with store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def session_of(store: Store) -> Session:
    async with store.reading() as connection:
        return decode((await sessions.load(connection, account="a", openid="o")).state)


@pytest.fixture
def canteen() -> Canteen:
    """What may go wrong in the canteen."""
    return Canteen()


@pytest.fixture
def listener() -> Listener:
    """Who understands."""
    return Listener()


@pytest.fixture
async def turns(store: Store, tmp_path: Path, canteen: Canteen, listener: Listener) -> Turns:
    """Turns whose effect is done in the turn's own transaction."""
    script = SCRIPT.replace("CALL", HERE)
    return await turns_of(store, tmp_path / "s", canteen, script=script, listener=listener)


async def test_deliveries_at_once_share_one_turn(
    turns: Turns, store: Store, listener: Listener
) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好")) for _ in range(5)))
    assert answers == [answers[0]] * 5
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_delivery_after_the_answer_gets_the_same_answer(
    turns: Turns, store: Store, listener: Listener
) -> None:
    await ready(turns)
    first = await turns.take(message("好"))
    assert "订好了，2 份" in words(first)
    assert await turns.take(message("好")) == first
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_delivery_to_another_worker_gets_the_same_answer(
    turns: Turns, store: Store, tmp_path: Path, canteen: Canteen
) -> None:
    other = await turns_of(store, tmp_path / "s", canteen, script=SCRIPT.replace("CALL", HERE))
    await ready(turns)
    answers = await asyncio.gather(turns.take(message("好")), other.take(message("好")))
    assert answers[0] == answers[1]
    assert "订好了" in words(answers[0])
    assert len(await orders(store)) == 1


async def test_two_yeses_at_once_act_once_and_both_are_answered(turns: Turns, store: Store) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好", key)) for key in ("k1", "k2")))
    said = sorted(words(answer) for answer in answers)
    assert "不会重复办理" in said[0]
    assert "订好了" in said[1]
    assert len(await orders(store)) == 1


async def test_forty_yeses_at_once_act_once_and_all_are_answered(
    turns: Turns, store: Store
) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好", f"k{n}")) for n in range(40)))
    said = [words(answer) for answer in answers]
    assert sum("订好了" in one for one in said) == 1
    assert all(said)
    assert len(await orders(store)) == 1


async def test_two_yeses_one_after_the_other_act_once(turns: Turns, store: Store) -> None:
    await ready(turns)
    await turns.take(message("好", "k1"))
    assert "不会重复办理" in words(await turns.take(message("好", "k2")))
    assert len(await orders(store)) == 1


async def test_many_messages_at_once_are_all_answered_and_kept_in_some_order(
    turns: Turns, store: Store
) -> None:
    said = ["我要订餐", "2", "3", "算了"]
    answers = await asyncio.gather(*(turns.take(message(one)) for one in said))
    assert all(answers)
    assert await count(store, schema.inbox) == len(said)
    async with store.reading() as connection:
        assert (await sessions.load(connection, account="a", openid="o")).version == len(said)


async def test_a_choice_that_comes_without_its_words_gets_those_that_it_was_shown_with(
    store: Store, tmp_path: Path
) -> None:
    seen: list[Turned] = []
    script = SCRIPT.replace("CALL", HERE)
    turns = await turns_of(store, tmp_path, Canteen(), script=script, watch=seen.append)
    await ready(turns)
    shown = [button for reply in seen[-1].replies for button in reply.buttons]

    await turns.take(message("", "m-1", payload=shown[0].payload))
    await turns.take(message("", "m-2", payload="portions=9"))

    assert shown[0].label
    assert [each.inbound.text for each in seen[-2:]] == [shown[0].label, ""]


async def test_a_caller_who_gives_up_does_not_end_the_turn(
    turns: Turns, store: Store, canteen: Canteen, listener: Listener
) -> None:
    begun, released = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await released.wait()

    canteen.after = slow
    await ready(turns)
    caller = asyncio.create_task(turns.take(message("好")))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    repeat = asyncio.create_task(turns.take(message("好")))
    released.set()
    assert "订好了" in words(await repeat)
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_refused_effect_leaves_nothing_behind_but_its_answer(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(Refused("sold_out"))
    await ready(turns)
    assert words(await turns.take(message("好", "k1"))) == "卖完了。\n要几份？"
    assert await orders(store) == []
    assert await count(store, schema.ledger) == 0
    await turns.take(message("3"))
    assert "订好了，3 份" in words(await turns.take(message("好", "k2")))


async def test_a_backend_without_an_answer_leaves_nothing_and_is_asked_again_with_the_same_key(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(Unavailable("down"))
    await ready(turns)
    assert "没有回应" in words(await turns.take(message("好", "k1")))
    assert await orders(store) == []
    key = (await session_of(store)).tasks[-1].key
    assert "订好了" in words(await turns.take(message("好", "k2")))
    assert await orders(store) == [(key, "2")]


async def test_a_turn_that_fails_leaves_nothing_and_may_be_delivered_again(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(ZeroDivisionError())
    await ready(turns)
    with pytest.raises(ZeroDivisionError):
        await turns.take(message("好"))
    assert await orders(store) == []
    assert await count(store, schema.inbox) == 2
    assert "订好了" in words(await turns.take(message("好")))


async def test_a_customer_who_leaves_is_forgotten(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    await ready(turns)
    await turns.take(message("好"))
    assert await turns.take(message("", "bye", event="unsubscribe")) == ()
    for table in schema.metadata.sorted_tables:
        assert await count(store, table) == 0, table.name
    assert canteen.forgotten == ["o"]
    assert "要几份" in words(await turns.take(message("我要订餐", "again")))


async def test_other_customers_are_not_forgotten(turns: Turns, store: Store) -> None:
    other = msgspec.structs.replace(message("我要订餐"), openid="p", key="other")
    await turns.take(other)
    await turns.take(message("", "bye", event="unsubscribe"))
    assert await count(store, schema.sessions) == 1
    assert await count(store, schema.inbox) == 1


async def test_a_picture_is_kept_under_an_id_of_its_own(
    store: Store, tmp_path: Path, canteen: Canteen
) -> None:
    script = SCRIPT.replace("CALL", HERE).replace(
        "PICTURE", "picture: {kind: seat_map, model: result, words: result.order_no}"
    )
    seen: list[Turned] = []
    turns = await turns_of(store, tmp_path / "s", canteen, script=script, watch=seen.append)
    await ready(turns)
    picture = (await turns.take(message("好")))[0].picture
    assert picture is not None
    assert (picture.kind, picture.alt) == ("seat_map", "A1")
    assert len(picture.id) > 20
    assert await count(store, schema.pictures) == 1
    assert [turned.decision.trace.rule for turned in seen][-1] == "confirmation"


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
    store: Store, tmp_path: Path, canteen: Canteen, backend: Backend
) -> None:
    backend.open.set()
    async with HttpPost() as post:
        script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
        turns = await turns_of(store, tmp_path / "s", canteen, script=script, post=post)
        await ready(turns)
        first = await turns.take(message("好"))
        assert "订好了，2 份，B1" in words(first)
        assert await turns.take(message("好")) == first
    assert len(backend.keys) == 1
    assert await count(store, schema.ledger) == 1


async def test_a_message_in_between_waits_and_the_yes_still_gets_its_answer(
    store: Store, tmp_path: Path, canteen: Canteen, backend: Backend
) -> None:
    async with HttpPost() as post:
        script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
        turns = await turns_of(store, tmp_path / "s", canteen, script=script, post=post)
        await ready(turns)
        yes = asyncio.create_task(turns.take(message("好")))
        await backend.calls.get()
        assert "正在为您办理" in words(await turns.take(message("办好了吗")))
        backend.open.set()
        assert "订好了，2 份，B1" in words(await yes)
    assert len(set(backend.keys)) == 1
    assert await count(store, schema.ledger) == 1
    assert (await session_of(store)).tasks == []


async def test_one_yes_to_two_workers_does_not_reach_the_task_below(
    store: Store, tmp_path: Path, canteen: Canteen, backend: Backend
) -> None:
    backend.open.set()
    script = SCRIPT.replace("CALL", THERE.replace("URL", backend.url))
    other = script.replace("intent: order", "intent: again").replace("title: 订餐", "title: 再订")
    other = other.replace("example: 我要订餐", "example: 再来一单")
    write(tmp_path / "s", other, name="again")
    async with HttpPost() as post:
        one, two = [
            await turns_of(store, tmp_path / "s", canteen, script=script, post=post)
            for _ in range(2)
        ]
        await ready(one)
        await one.take(message("再来一单"))
        await one.take(message("3"))
        answers = await asyncio.gather(one.take(message("好")), two.take(message("好")))
    assert answers[0] == answers[1]
    assert "订好了，3 份" in words(answers[0])
    assert len(set(backend.keys)) == 1
    assert [task.intent for task in (await session_of(store)).tasks] == ["order"]


async def _never(*_: Any, **__: Any) -> Answer:
    raise AssertionError("nothing is posted here")


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """This file as a process of its own."""
    return subprocess.Popen(
        [sys.executable, __file__, *arguments],
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


async def test_a_turn_is_kept_with_how_it_went(store: Store, tmp_path: Path) -> None:
    meters = Meters()
    turns = await turns_of(
        store, tmp_path / "s", Canteen(), script=SCRIPT.replace("CALL", HERE), meters=meters
    )
    await ready(turns)
    await turns.take(message("好", key="yes"))
    async with store.reading() as connection:
        first, answer = await conversation.of_turn(connection, turn_id("yes"))
    assert (first.text, answer.author) == ("好", "engine")
    assert first.trace is not None
    assert first.trace["done"] == "order"
    assert first.trace["before"] == first.trace["slots"] == {"portions": "2"}
    assert set(first.trace["ms"]) == {"load", "understand", "decide"}
    assert b'banli_effects_total{effect="order"} 1.0' in meters.exposition()


async def test_every_log_line_of_a_turn_names_it(store: Store, tmp_path: Path) -> None:
    turns = await turns_of(store, tmp_path / "s", Canteen(), script=SCRIPT.replace("CALL", HERE))
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        await turns.take(message("我要订餐", key="first"))
    assert [line["turn"] for line in logged] == [turn_id("first")]
