"""Media of messages and answers, kept for providers as long as the platform keeps them."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.relay.schema import media

#: The platform's limit of an uploaded picture or film.
LARGEST = 10 * 1024 * 1024

_DAYS_MS = 3 * 86400 * 1000

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}

_EXTENSIONS = {"audio/mpeg": "mp3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture, voice, film or thumbnail (`type`) of an account; `at` is its upload, in
    milliseconds.
    """

    account: str
    type: str
    content_type: str
    data: bytes
    at: int
    id: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def name(self) -> str:
        """What the file is called when it is downloaded."""
        usual = self.content_type.partition("/")[2]
        return f"{self.id}.{_EXTENSIONS.get(self.content_type, usual)}"


def picture_type(data: bytes) -> str:
    """The content type that the bytes themselves show; empty when it is no picture we serve."""
    found = (kind for magic, kind in _MAGIC.items() if data.startswith(magic))
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return next(found, "image/webp" if webp else "")


def is_mp4(data: bytes) -> bool:
    """Whether the bytes are a film as phones record it (ISO 14496-12)."""
    return data[4:8] == b"ftyp"


async def put(connection: AsyncConnection, medium: Medium) -> None:
    """Keep a medium."""
    await connection.execute(media.insert().values(**asdict(medium)))


async def find(
    connection: AsyncConnection, id: str, *, account: str = "", now: int | None
) -> Medium | None:
    """A medium, perhaps of one account only, that has not ended at `now`; None asks for those that
    have, too.
    """
    wanted = select(media).where(media.c.id == id)
    if account:
        wanted = wanted.where(media.c.account == account)
    if now is not None:
        wanted = wanted.where(media.c.at > now - _DAYS_MS)
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else Medium(**row._mapping)
