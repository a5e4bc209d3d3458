"""Who wants to be told what becomes of something at the company: a parcel, an order, a number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, and_, delete, insert, select, type_coerce

from engine.store.connection import Connection
from engine.store.schema import follows
from engine.store.sealing import marks_of


class Follower(NamedTuple):
    """A customer who follows something."""

    account: str
    openid: str


async def follow(
    connection: Connection, *, account: str, openid: str, notice: str, about: str, now: datetime
) -> None:
    """Let a customer be told this notice about this; once, however often it is wished."""
    await unfollow(connection, account=account, openid=openid, notice=notice, about=about)
    row = {"account": account, "openid": openid, "notice": notice, "at": now}
    await connection.execute(insert(follows), {**row, "about": about, "mark": about})


async def unfollow(
    connection: Connection, *, account: str, openid: str, notice: str, about: str
) -> None:
    """Let a customer not be told it any more."""
    mine = _of(account, openid, notice)
    await connection.execute(delete(follows).where(mine, _is_about(connection, about)))


async def of(connection: Connection, *, account: str, openid: str, notice: str) -> list[str]:
    """What a customer follows with this notice, in the order in which it began."""
    query = select(follows.c.about).where(_of(account, openid, notice)).order_by(follows.c.id)
    return list(await connection.scalars(query))


async def followers(
    connection: Connection, *, accounts: Collection[str], notice: str, about: str
) -> list[Follower]:
    """Who of these accounts is to be told this notice about this."""
    query = (
        select(follows.c.account, follows.c.openid)
        .where(
            follows.c.account.in_(accounts),
            follows.c.notice == notice,
            _is_about(connection, about),
        )
        .distinct()
        .order_by(follows.c.account, follows.c.openid)
    )
    return [Follower(*row) for row in await connection.execute(query)]


def _of(account: str, openid: str, notice: str) -> ColumnElement[bool]:
    return and_(
        follows.c.account == account, follows.c.openid == openid, follows.c.notice == notice
    )


def _is_about(connection: Connection, about: str) -> ColumnElement[bool]:
    # The type of the column would make marks of marks.
    return type_coerce(follows.c.mark, LargeBinary).in_(marks_of(connection.dialect, about))
