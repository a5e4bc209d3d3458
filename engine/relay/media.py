"""Media that providers upload for their answers, kept as long as the platform keeps them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.schema import media

#: The platform's limit of an uploaded picture.
LARGEST = 10 * 1024 * 1024

_DAYS_MS = 3 * 86400 * 1000

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture. `at` is when it was uploaded, in milliseconds."""

    id: str
    account: str
    type: str
    content_type: str
    data: bytes
    at: int


def picture_type(data: bytes) -> str:
    """The content type that the bytes themselves show; empty when it is no picture we serve."""
    found = (kind for magic, kind in _MAGIC.items() if data.startswith(magic))
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return next(found, "image/webp" if webp else "")


async def put(connection: AsyncConnection, *, account: str, data: bytes, now: int) -> Medium:
    """Keep an uploaded picture under a new id."""
    kept = Medium(secrets.token_urlsafe(48), account, "image", picture_type(data), data, now)
    await connection.execute(
        media.insert().values(
            id=kept.id,
            account=account,
            type=kept.type,
            content_type=kept.content_type,
            data=data,
            at=now,
        )
    )
    return kept


async def find(connection: AsyncConnection, id: str, *, account: str, now: int) -> Medium | None:
    """An account's medium that has not ended at `now`."""
    wanted = select(media).where(media.c.id == id, media.c.account == account)
    row = (await connection.execute(wanted.where(media.c.at > now - _DAYS_MS))).one_or_none()
    return None if row is None else Medium(**row._mapping)
