"""How often an account may call the API in a day, of the platform's page on call limits."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.errors import ApiError
from engine.relay.schema import limits, usage

#: Calls a day of a new account, by kind of call.
DAILY = {
    "token": 2_000,
    "stable_token": 500_000,
    "force_refresh": 20,
    "menu_create": 1_000,
    "menu_query": 10_000,
    "menu_delete": 1_000,
    "media_upload": 100_000,
    "media_download": 200_000,
    "customer": 500_000,
    "template": 100_000,
    "qrcode": 100_000,
    "user_info": 5_000_000,
    "tags": 500_000,
}

#: How often a month the counts may be cleared.
CLEARS = 10

_CLEAR = "clear_quota"

#: The platform's days begin at midnight in Beijing.
_BEIJING = timezone(timedelta(hours=8))


async def count(connection: AsyncConnection, *, account: str, kind: str, now: int) -> None:
    """Count a call; `now` in milliseconds. Raises `ApiError` 45009 when the day's are used up."""
    most = (await _set(connection, account)).get(kind, DAILY[kind])
    if await _another(connection, account, kind, _day(now)) > most:
        raise ApiError(45009, "reach max api daily quota limit")


async def clear(connection: AsyncConnection, *, account: str, now: int) -> None:
    """Begin the day anew. Raises `ApiError` 48006 when the month's clears are used up."""
    if await _another(connection, account, _CLEAR, _day(now)[:7]) > CLEARS:
        raise ApiError(48006, "forbid to clear quota because of reaching the limit")
    await reset(connection, account=account, now=now)


async def reset(connection: AsyncConnection, *, account: str, now: int) -> None:
    """Forget the day's calls: what `clear` does, and the administrator at any time."""
    of_today = (usage.c.account == account) & (usage.c.span == _day(now))
    await connection.execute(delete(usage).where(of_today))


async def limit(connection: AsyncConnection, *, account: str, kind: str, most: int) -> None:
    """Set how often a day an account may make a kind of call."""
    row = insert(limits).values(account=account, kind=kind, most=most)
    same = row.on_conflict_do_update(index_elements=["account", "kind"], set_={"most": most})
    await connection.execute(same)


async def of_today(
    connection: AsyncConnection, *, account: str, now: int
) -> dict[str, tuple[int, int]]:
    """By kind of call: made today, and how many may be made."""
    wanted = select(usage.c.kind, usage.c.calls)
    wanted = wanted.where(usage.c.account == account, usage.c.span == _day(now))
    made = {row.kind: row.calls for row in await connection.execute(wanted)}
    given = DAILY | await _set(connection, account)
    return {kind: (made.get(kind, 0), most) for kind, most in given.items()}


async def _set(connection: AsyncConnection, account: str) -> dict[str, int]:
    wanted = select(limits.c.kind, limits.c.most).where(limits.c.account == account)
    return {row.kind: row.most for row in await connection.execute(wanted)}


async def _another(connection: AsyncConnection, account: str, kind: str, span: str) -> int:
    row = insert(usage).values(account=account, kind=kind, span=span, calls=1)
    again = row.on_conflict_do_update(
        index_elements=["account", "kind", "span"], set_={"calls": usage.c.calls + 1}
    )
    return int((await connection.execute(again.returning(usage.c.calls))).scalar_one())


def _day(now: int) -> str:
    return datetime.fromtimestamp(now / 1000, _BEIJING).date().isoformat()
