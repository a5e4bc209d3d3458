"""Every message of every chat, its deliveries, and in which order pages learn of changes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.content import Content
from engine.relay.forward import Try
from engine.relay.schema import contacts, messages, tries


class Direction(enum.StrEnum):
    """Who said it: the terminal, the account, or the platform itself, to the terminal as a notice
    or to the account alone, as a silent event.
    """

    UP = "up"
    DOWN = "down"
    NOTICE = "notice"
    SILENT = "silent"


class Status(enum.StrEnum):
    """What became of a message."""

    SENDING = "sending"
    RETRYING = "retrying"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat. `revision` rises when any message changes; `at` is in milliseconds."""

    id: int
    revision: int
    account: str
    terminal: int
    direction: Direction
    content: Content
    status: Status
    at: int
    nonce: str
    msg_id: int | None


async def put(
    connection: AsyncConnection,
    *,
    account: str,
    terminal: int,
    direction: Direction,
    content: Content,
    at: int,
    status: Status = Status.SENT,
    nonce: str = "",
    msg_id: int | None = None,
) -> Message:
    """Keep a new message. Raises `IntegrityError` when the terminal has used the nonce."""
    row = messages.insert().values(
        revision=_next_revision(),
        account=account,
        terminal=terminal,
        direction=direction,
        content=msgspec.to_builtins(content),
        status=status,
        at=at,
        nonce=nonce or None,
        msg_id=msg_id,
    )
    return _message((await connection.execute(row.returning(messages))).one())


async def mark(connection: AsyncConnection, id: int, status: Status) -> Message:
    """Say what became of a message."""
    change = update(messages).where(messages.c.id == id)
    change = change.values(status=status, revision=_next_revision())
    return _message((await connection.execute(change.returning(messages))).one())


async def note(connection: AsyncConnection, id: int, done: Try, *, at: int) -> None:
    """Keep what one request to the provider brought."""
    await connection.execute(
        tries.insert().values(
            message=id,
            number=done.number,
            at=at,
            milliseconds=done.milliseconds,
            request=done.request,
            http_status=done.http_status,
            answer=done.answer,
            problem=done.problem,
        )
    )


async def tries_of(connection: AsyncConnection, id: int) -> list[Row[Any]]:
    """Every finished request of a message to its provider, as the table keeps it, first to last."""
    wanted = select(tries).where(tries.c.message == id).order_by(tries.c.number)
    return list(await connection.execute(wanted))


async def find(connection: AsyncConnection, id: int) -> Message | None:
    """The message with this id."""
    row = (await connection.execute(select(messages).where(messages.c.id == id))).one_or_none()
    return None if row is None else _message(row)


async def by_nonce(connection: AsyncConnection, *, terminal: int, nonce: str) -> Message | None:
    """The message that a page called by this name."""
    wanted = select(messages).where(messages.c.terminal == terminal, messages.c.nonce == nonce)
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else _message(row)


async def changed(connection: AsyncConnection, *, terminal: int, after: int) -> list[Message]:
    """A terminal's messages of what it follows that changed after a revision, oldest first."""
    rows = await connection.execute(
        _shown(terminal).where(messages.c.revision > after).order_by(messages.c.revision)
    )
    return [_message(row) for row in rows]


async def history(
    connection: AsyncConnection, *, terminal: int, account: str, before: int, limit: int
) -> list[Message]:
    """The last messages of a chat before an id, oldest first."""
    wanted = _shown(terminal).where(messages.c.account == account, messages.c.id < before)
    rows = await connection.execute(wanted.order_by(messages.c.id.desc()).limit(limit))
    return [_message(row) for row in reversed(rows.all())]


async def unfinished(connection: AsyncConnection) -> list[tuple[Message, int]]:
    """Messages whose delivery a stop of the relay cut off, oldest first, and their tries so far."""
    made = select(func.count()).where(tries.c.message == messages.c.id).scalar_subquery()
    wanted = select(messages, made.label("made")).order_by(messages.c.id)
    wanted = wanted.where(messages.c.status.in_([Status.SENDING, Status.RETRYING]))
    return [(_message(row, besides="made"), row.made) for row in await connection.execute(wanted)]


async def last(
    connection: AsyncConnection, *, account: str, terminal: int, direction: Direction
) -> int:
    """When something was last said in a direction, in milliseconds; 0 when nothing was."""
    chat = (messages.c.account == account) & (messages.c.terminal == terminal)
    wanted = select(func.max(messages.c.at)).where(chat, messages.c.direction == direction)
    return int(await connection.scalar(wanted) or 0)


async def followed_by(
    connection: AsyncConnection, *, account: str, terminal: int
) -> dict[str, Any]:
    """The XML elements of the event with which a terminal last followed an account."""
    chat = (messages.c.account == account) & (messages.c.terminal == terminal)
    wanted = select(messages.c.content["fields"]).order_by(messages.c.id.desc()).limit(1)
    is_following = messages.c.content["event"].as_string() == "subscribe"
    return dict(await connection.scalar(wanted.where(chat, is_following)) or {})


async def newest(connection: AsyncConnection) -> tuple[int, int]:
    """The highest revision and the highest MsgId so far."""
    row = await connection.execute(
        select(
            func.coalesce(func.max(messages.c.revision), 0),
            func.coalesce(func.max(messages.c.msg_id), 0),
        )
    )
    revision, msg_id = row.one()
    return int(revision), int(msg_id)


def _next_revision() -> Any:
    return select(func.coalesce(func.max(messages.c.revision), 0) + 1).scalar_subquery()


def _shown(terminal: int) -> Any:
    chat = (contacts.c.account == messages.c.account) & (contacts.c.terminal == messages.c.terminal)
    return (
        select(messages)
        .join(contacts, chat)
        .where(messages.c.terminal == terminal, contacts.c.followed)
        .where(messages.c.id > contacts.c.cleared, messages.c.direction != Direction.SILENT)
    )


def _message(row: Row[Any], *, besides: str = "") -> Message:
    kept = {name: value for name, value in row._mapping.items() if name != besides}
    return Message(
        **kept
        | {
            "direction": Direction(kept["direction"]),
            "content": msgspec.convert(kept["content"], Content),
            "status": Status(kept["status"]),
            "nonce": kept["nonce"] or "",
        }
    )
