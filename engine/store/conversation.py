"""What customers said and were answered, masked, for as long as people may need to look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from engine.store.connection import Connection
from engine.store.direct import prepared
from engine.store.schema import conversation as table

#: How many lines of one customer are kept; `retention` says how long.
MOST = 500

_ADD = prepared(insert(table))
_OF = select(table).where(
    table.c.account == bindparam("account"),
    table.c.openid == bindparam("openid"),
    table.c.id > bindparam("after"),
)
_OF_TURN = select(table).where(table.c.turn == bindparam("turn")).order_by(table.c.id)
_LAST = (
    select(table)
    .where(table.c.trace.is_not(None))
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
)
_ALIKE = (
    select(
        func.max(table.c.id).label("last"),
        func.min(table.c.confidence).label("confidence"),
        func.count().label("times"),
    )
    .where(table.c.is_doubtful)
    .group_by(table.c.account, table.c.mark)
    .order_by(func.count().desc(), func.max(table.c.id).desc())
    .limit(bindparam("most"))
    .subquery()
)
_DOUBTFUL = (
    select(table.c.account, table.c.text, table.c.intent, table.c.at)
    .add_columns(_ALIKE.c.confidence, _ALIKE.c.times)
    .join(_ALIKE, table.c.id == _ALIKE.c.last)
    .order_by(_ALIKE.c.times.desc(), _ALIKE.c.last.desc())
)
_UNSETTLED = select(table.c.id, table.c.text).where(
    table.c.is_doubtful, table.c.account == bindparam("account")
)
_SETTLE = (
    update(table)
    .where(table.c.id.in_(bindparam("ids", expanding=True)), table.c.is_doubtful)
    .values(is_doubtful=False)
)
_RANK = func.row_number().over(
    partition_by=(table.c.account, table.c.openid), order_by=table.c.id.desc()
)
_RANKED = select(table.c.id, _RANK.label("rank")).subquery()
_TOO_MANY = delete(table).where(
    table.c.id.in_(select(_RANKED.c.id).where(_RANKED.c.rank > bindparam("most")))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said. ``author`` is `customer`, `engine` or `clerk`; ``text`` is masked.

    ``intent`` and ``confidence`` are what a customer's words were taken for; ``is_doubtful`` asks a
    person to say what they mean. ``turn`` names the turn as logs do; its first line has the
    ``trace`` of it.
    """

    author: str
    text: str
    at: datetime
    intent: str | None = None
    confidence: float | None = None
    is_doubtful: bool = False
    turn: str = ""
    trace: dict[str, Any] | None = None
    id: int = 0


_KEPT = [field.name for field in fields(Line) if field.name != "id"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that were not understood, or hardly: what they were taken for, and how often."""

    account: str
    text: str
    intent: str
    confidence: float
    times: int
    at: datetime


async def add(connection: Connection, lines: Sequence[Line], *, account: str, openid: str) -> None:
    """Keep what was said, in order."""
    owner = {"account": account, "openid": openid}
    rows = [_row(line) | owner for line in lines]
    if rows:
        await connection.execute(_ADD, rows)


def _row(line: Line) -> dict[str, Any]:
    row = {name: getattr(line, name) for name in _KEPT}
    return row | {"mark": line.text if line.is_doubtful else None}


async def of(
    connection: Connection, *, account: str, openid: str, after: int = 0, most: int = MOST
) -> list[Line]:
    """The last lines of a customer that came after the one with the id ``after``, oldest first."""
    given = {"account": account, "openid": openid, "after": after}
    rows = await connection.execute(_OF.order_by(table.c.id.desc()).limit(most), given)
    return [_line(row) for row in rows][::-1]


async def of_turn(connection: Connection, turn: str) -> list[Line]:
    """What was said in a turn, in order; nothing if it is unknown or was too long ago."""
    return [_line(row) for row in await connection.execute(_OF_TURN, {"turn": turn})]


async def last_turns(connection: Connection, *, most: int) -> list[Line]:
    """The first lines of the last turns of all customers, the oldest of them first."""
    return [_line(row) for row in await connection.execute(_LAST, {"most": most})][::-1]


def _line(row: Row[Any]) -> Line:
    return Line(**{name: getattr(row, name) for name in ("id", *_KEPT)})


async def doubtful(connection: Connection, *, most: int = 100) -> list[Doubt]:
    """Words that wait for a person to say what they mean, the commonest first."""
    rows = await connection.execute(_DOUBTFUL, {"most": most})
    return [Doubt(r.account, r.text, r.intent or "", r.confidence, r.times, r.at) for r in rows]


async def settle(connection: Connection, *, account: str, text: str) -> bool:
    """These words wait no longer; False when they did not."""
    # Not by the mark: where keys are being changed, the same words have two of them.
    rows = await connection.execute(_UNSETTLED, {"account": account})
    ids = [row.id for row in rows if row.text == text]
    return bool(ids) and (await connection.execute(_SETTLE, {"ids": ids})).rowcount > 0


async def newest(connection: Connection) -> int:
    """The highest id of a line: another one when something was said."""
    return await connection.scalar(select(func.max(table.c.id))) or 0


async def tidy(connection: Connection) -> None:
    """Delete, of customers who said very much, the oldest."""
    await connection.execute(_TOO_MANY, {"most": MOST})
