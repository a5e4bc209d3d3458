"""What the administrator sees of messages: one line each, and everything that was sent for one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.channels.wechat.crypto import Cipher, CryptoError
from engine.relay import xml
from engine.relay.accounts import Registered
from engine.relay.errors import BadAnswer
from engine.relay.messages import Direction, Status
from engine.relay.schema import contacts, messages, terminals, tries

#: Lines at once.
PAGE = 100


async def lines(
    connection: AsyncConnection, *, account: str = "", failed: bool = False, before: int
) -> list[dict[str, Any]]:
    """The last messages before an id, newest first; of one account, or only what went wrong."""
    last = (
        select(tries.c.problem)
        .where(tries.c.message == messages.c.id)
        .order_by(tries.c.number.desc())
        .limit(1)
    )
    made = select(func.count()).where(tries.c.message == messages.c.id)
    took = select(func.sum(tries.c.milliseconds)).where(tries.c.message == messages.c.id)
    wanted = (
        select(
            messages,
            terminals.c.name.label("terminal_name"),
            func.coalesce(last.scalar_subquery(), "").label("problem"),
            made.scalar_subquery().label("tries"),
            func.coalesce(took.scalar_subquery(), 0).label("milliseconds"),
        )
        .join(terminals, terminals.c.id == messages.c.terminal)
        .where(messages.c.id < before)
        .order_by(messages.c.id.desc())
        .limit(PAGE)
    )
    if account:
        wanted = wanted.where(messages.c.account == account)
    if failed:
        is_repeated = made.scalar_subquery() > 1
        wanted = wanted.where((messages.c.status == Status.FAILED) | is_repeated)
    return [_line(row) for row in await connection.execute(wanted)]


async def followers(connection: AsyncConnection) -> dict[str, int]:
    """How many terminals follow each account."""
    wanted = select(contacts.c.account, func.count().label("followers"))
    rows = await connection.execute(wanted.where(contacts.c.followed).group_by(contacts.c.account))
    return {row.account: row.followers for row in rows}


def opened(row: Row[Any], account: Registered | None) -> dict[str, Any]:
    """One try as it went over the wire, and in clear where it was encrypted."""
    answer = row.answer.decode("utf-8", "replace")
    return {
        "number": row.number,
        "at": row.at,
        "milliseconds": row.milliseconds,
        "http_status": row.http_status,
        "problem": row.problem,
        "request": row.request,
        "request_clear": _clear(row.request.encode(), account),
        "answer": answer,
        "answer_clear": _clear(row.answer, account),
    }


def _clear(document: bytes, account: Registered | None) -> str:
    """What is encrypted in a document; empty when nothing is, or nobody can read it."""
    if account is None or not account.encrypts:
        return ""
    try:
        encrypted = xml.text(xml.read(document), "Encrypt")
        cipher = Cipher(account.account.aes_key, account.account.appid)
        return cipher.decrypt(encrypted).decode("utf-8", "replace")
    except (BadAnswer, CryptoError):
        return ""


def _line(row: Row[Any]) -> dict[str, Any]:
    content = row.content
    said = content.get("text") or content.get("fields", {}).get("EventKey", "")
    titles = [article.get("title", "") for article in content.get("articles", ())]
    return {
        "id": row.id,
        "at": row.at,
        "account": row.account,
        "terminal": row.terminal_name,
        "direction": Direction(row.direction),
        "kind": content.get("event") or content["kind"],
        "said": str(said) or " / ".join(titles),
        "msg_id": "" if row.msg_id is None else str(row.msg_id),
        "status": row.status,
        "tries": row.tries,
        "milliseconds": row.milliseconds,
        "problem": row.problem,
    }
