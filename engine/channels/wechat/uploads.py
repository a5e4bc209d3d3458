"""Pictures that the platform keeps for an account, uploaded once while it keeps them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from engine.message import Picture
from engine.store import Store, uploads

#: The platform keeps media for three days; a message is given an hour to be delivered.
KEPT = timedelta(days=3) - timedelta(hours=1)

Draw = Callable[[str, Mapping[str, Any]], bytes]


class Keeps(Protocol):
    """The media of one account at the platform."""

    async def upload(self, data: bytes, *, kind: str, filename: str, content_type: str) -> str:
        """The media id of a new file. Raises `ApiError`."""


class Uploads:
    """One account's pictures by media id. ``draw`` makes a PNG; it is slow and runs in a thread."""

    def __init__(
        self,
        account: str,
        api: Keeps,
        store: Store,
        draw: Draw,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._api = api
        self._store = store
        self._draw = draw
        self._clock = clock

    async def of(self, picture: Picture, *, openid: str) -> str:
        """The media id of a picture, which is uploaded if need be. Raises `ApiError`."""
        known = await self.known(picture, openid=openid)
        return known or await self.anew(picture, openid=openid)

    async def known(self, picture: Picture, *, openid: str) -> str | None:
        """The media id of a picture that the platform still keeps."""
        key = self._key(picture, openid)
        async with self._store.reading() as connection:
            return await uploads.find(connection, **key, now=self._clock())

    async def anew(self, picture: Picture, *, openid: str) -> str:
        """The media id of a picture that is uploaded whatever is known. Raises `ApiError`."""
        data = await asyncio.to_thread(self._draw, picture.kind, picture.model)
        media_id = await self._api.upload(
            data, kind="image", filename="picture.png", content_type="image/png"
        )
        now, key = self._clock(), self._key(picture, openid)
        async with self._store.writing() as connection:
            await uploads.tidy(connection, now=now)
            await uploads.keep(connection, **key, media_id=media_id, until=now + KEPT)
        return media_id

    def _key(self, picture: Picture, openid: str) -> dict[str, str]:
        shown = msgspec.json.encode((picture.kind, picture.model), order="sorted")
        digest = hashlib.sha256(shown).hexdigest()
        return {"account": self._account, "openid": openid, "digest": digest}
