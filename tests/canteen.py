"""A canteen whose orders are rows, and turns over it: what tests of turns share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from engine.acting import Backends
from engine.business.provider import Business, Row, Work
from engine.dialog import checking
from engine.dialog.scripts import loading
from engine.dialog.state.session import Session, decode
from engine.message import Inbound, Reply
from engine.nlu.grammar import find_entities
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse
from engine.store import Store, sessions
from engine.turn import Turns

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))

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
