"""Tags and remarks that accounts give to customers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.errors import ApiError
from engine.relay.schema import contacts, remarks, tagged, tags

#: The platform's limits: bytes of a name, tags of an account and of a customer, of a remark.
_NAME, _TAGS, _WORN, _REMARK = 30, 100, 20, 30


async def create(connection: AsyncConnection, *, account: str, name: str) -> int:
    """A new tag's id. Raises `ApiError`."""
    _check(name)
    held = await connection.scalar(select(func.count()).where(tags.c.account == account))
    if int(held or 0) >= _TAGS:
        raise ApiError(45056, "too many tag now, no need to add more")
    try:
        row = tags.insert().values(account=account, name=name).returning(tags.c.id)
        return int((await connection.execute(row)).scalar_one())
    except IntegrityError:
        raise ApiError(45157, "invalid tag name") from None


async def rename(connection: AsyncConnection, *, account: str, tag: int, name: str) -> None:
    """Call a tag otherwise. Raises `ApiError`."""
    _check(name)
    await _own(connection, account, tag)
    await connection.execute(tags.update().where(tags.c.id == tag).values(name=name))


async def remove(connection: AsyncConnection, *, account: str, tag: int) -> None:
    """Forget a tag. Raises `ApiError`."""
    await _own(connection, account, tag)
    await connection.execute(delete(tags).where(tags.c.id == tag))


async def of_account(connection: AsyncConnection, *, account: str) -> list[dict[str, object]]:
    """Every tag, with how many wear it."""
    worn = func.count(tagged.c.openid).label("count")
    wanted = select(tags.c.id, tags.c.name, worn).outerjoin(tagged, tagged.c.tag == tags.c.id)
    rows = await connection.execute(wanted.where(tags.c.account == account).group_by(tags.c.id))
    return [dict(row._mapping) for row in rows]


async def of_customer(connection: AsyncConnection, *, account: str, openid: str) -> list[int]:
    """The tags that a customer wears."""
    wanted = select(tags.c.id).join(tagged, tagged.c.tag == tags.c.id).order_by(tags.c.id)
    rows = await connection.execute(
        wanted.where(tags.c.account == account, tagged.c.openid == openid)
    )
    return [row.id for row in rows]


async def put_on(
    connection: AsyncConnection, *, account: str, tag: int, openids: Iterable[str]
) -> None:
    """Give a tag to customers. Raises `ApiError`."""
    await _own(connection, account, tag)
    for openid in openids:
        await _customer(connection, account, openid)
        if len(await of_customer(connection, account=account, openid=openid)) >= _WORN:
            raise ApiError(45059, "has too many tags on one of the openid")
        row = insert(tagged).values(tag=tag, openid=openid)
        await connection.execute(row.on_conflict_do_nothing())


async def take_off(
    connection: AsyncConnection, *, account: str, tag: int, openids: Iterable[str]
) -> None:
    """Take a tag from customers. Raises `ApiError`."""
    await _own(connection, account, tag)
    worn = (tagged.c.tag == tag) & tagged.c.openid.in_(list(openids))
    await connection.execute(delete(tagged).where(worn))


async def remark(connection: AsyncConnection, *, account: str, openid: str, text: str) -> None:
    """Note something of a customer. Raises `ApiError`."""
    if len(text) >= _REMARK:
        raise ApiError(40035, "invalid parameter")
    await _customer(connection, account, openid)
    row = insert(remarks).values(account=account, openid=openid, remark=text)
    same = row.on_conflict_do_update(index_elements=["account", "openid"], set_={"remark": text})
    await connection.execute(same)


async def remark_of(connection: AsyncConnection, *, account: str, openid: str) -> str:
    """What was noted of a customer."""
    wanted = select(remarks.c.remark)
    wanted = wanted.where(remarks.c.account == account, remarks.c.openid == openid)
    return str(await connection.scalar(wanted) or "")


async def _own(connection: AsyncConnection, account: str, tag: int) -> None:
    wanted = select(tags.c.id).where(tags.c.account == account, tags.c.id == tag)
    if await connection.scalar(wanted) is None:
        raise ApiError(45159, "invalid tag id")


async def _customer(connection: AsyncConnection, account: str, openid: str) -> None:
    wanted = select(contacts.c.openid)
    wanted = wanted.where(contacts.c.account == account, contacts.c.openid == openid)
    if await connection.scalar(wanted) is None:
        raise ApiError(40003, "invalid openid")


def _check(name: str) -> None:
    if not name.strip() or len(name.encode()) > _NAME:
        raise (
            ApiError(45158, "tag name too long")
            if name.strip()
            else ApiError(45157, "invalid tag name")
        )
