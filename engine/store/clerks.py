"""The people who answer at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, insert, select, update

from engine.store.connection import Connection
from engine.store.schema import clerks as table

#: Wrong passwords in a row after which an account is shut, and for how long.
TRIES, LOCKED = 5, timedelta(minutes=15)

_FIND = select(table).where(table.c.name == bindparam("of_name"))
_TRY = (
    update(table)
    .where(table.c.name == bindparam("of_name"))
    .values(
        tries=case((table.c.tries >= TRIES - 1, 0), else_=table.c.tries + 1),
        locked_until=case(
            (table.c.tries >= TRIES - 1, bindparam("until", type_=table.c.locked_until.type)),
            else_=table.c.locked_until,
        ),
    )
)
_ENTER = (
    update(table).where(table.c.name == bindparam("of_name")).values(tries=0, locked_until=None)
)


@dataclass(frozen=True, slots=True)
class Clerk:
    """One clerk: the hash of the password, and the key that signs their cookies."""

    name: str
    password: str
    key: bytes
    tries: int
    locked_until: datetime | None


async def find(connection: Connection, name: str) -> Clerk | None:
    """The clerk of this name."""
    row = (await connection.execute(_FIND, {"of_name": name})).one_or_none()
    return None if row is None else Clerk(*row)


async def names(connection: Connection) -> list[str]:
    """All clerks."""
    return list(await connection.scalars(select(table.c.name).order_by(table.c.name)))


async def put(connection: Connection, *, name: str, password: str, key: bytes) -> None:
    """A new clerk with the *hash* of a password, or a new password for one there is."""
    await remove(connection, name)
    row = {"name": name, "password": password, "key": key, "tries": 0}
    await connection.execute(insert(table), row)


async def remove(connection: Connection, name: str) -> bool:
    """Take a clerk's account away; False when there is none."""
    done = await connection.execute(delete(table).where(table.c.name == name))
    return done.rowcount > 0


async def tried(connection: Connection, name: str, *, now: datetime) -> None:
    """A password is about to be compared: counted before, so that many at once gain nothing."""
    await connection.execute(_TRY, {"of_name": name, "until": now + LOCKED})


async def entered(connection: Connection, name: str) -> None:
    """The password was right: the count begins anew."""
    await connection.execute(_ENTER, {"of_name": name})
