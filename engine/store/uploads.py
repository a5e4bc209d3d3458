"""What a platform keeps of what was uploaded for a customer, so that it is uploaded once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from engine.store.connection import Connection, insert_new
from engine.store.schema import uploads

_SAME = (
    uploads.c.account == bindparam("of_account"),
    uploads.c.openid == bindparam("of_openid"),
    uploads.c.digest == bindparam("of_digest"),
)
_FIND = select(uploads.c.media_id).where(
    *_SAME, uploads.c.until > bindparam("now", type_=uploads.c.until.type)
)
_DROP = delete(uploads).where(*_SAME)
_TIDY = delete(uploads).where(uploads.c.until <= bindparam("now", type_=uploads.c.until.type))


async def find(
    connection: Connection, *, account: str, openid: str, digest: str, now: datetime
) -> str | None:
    """The media id under which the platform still keeps something."""
    given = {"of_account": account, "of_openid": openid, "of_digest": digest, "now": now}
    media_id: str | None = await connection.scalar(_FIND, given)
    return media_id


async def keep(
    connection: Connection,
    *,
    account: str,
    openid: str,
    digest: str,
    media_id: str,
    until: datetime,
) -> None:
    """Remember an upload until the platform lets go of it; an older one of the same goes."""
    await drop(connection, account=account, openid=openid, digest=digest)
    row = {"account": account, "openid": openid, "digest": digest, "media_id": media_id}
    # Another process may have uploaded it meanwhile: either will do.
    await connection.execute(insert_new(connection, uploads, {**row, "until": until}))


async def drop(connection: Connection, *, account: str, openid: str, digest: str) -> None:
    """The platform knows this media id no more."""
    given = {"of_account": account, "of_openid": openid, "of_digest": digest}
    await connection.execute(_DROP, given)


async def tidy(connection: Connection, *, now: datetime) -> None:
    """Forget what the platform has let go of."""
    await connection.execute(_TIDY, {"now": now})
