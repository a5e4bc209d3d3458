"""Pictures, drawn from their meaning when someone looks at them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound, ServiceUnavailable
from sanic.response import raw

from engine.meters import Meters
from engine.store import Store, pictures
from engine.store.pictures import StoredPicture

Draw = Callable[[str, Mapping[str, Any]], bytes]

#: Drawn pictures that are kept at hand: the phone, its retry and the message list ask one by one.
KEPT = 128

#: Pictures that are drawn at once, and those that are drawn or wait: two seconds of work.
AT_ONCE, MOST = 2, 32

_HEADERS = {
    # An id stands for one picture forever; it may show a name, so shared caches keep out.
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}

media = Blueprint("media", url_prefix="/media")


class Crowded(Exception):
    """So many pictures wait to be drawn that another would come too late."""


class Gallery:
    """Pictures of a store by id. ``draw`` is slow and runs in a few threads, once a picture."""

    def __init__(self, store: Store, draw: Draw, meters: Meters) -> None:
        self._store = store
        self._draw = draw
        self._meters = meters
        self._free = asyncio.Semaphore(AT_ONCE)
        self._in_work = 0
        self._drawn: OrderedDict[str, asyncio.Task[bytes]] = OrderedDict()

    async def png(self, id: str) -> bytes | None:
        """The picture; None when there is none, or its customer has been forgotten.

        Raises `Crowded` when too many wait to be drawn.
        """
        async with self._store.reading() as connection:
            stored = await pictures.get(connection, id)
        if stored is None:
            self._drawn.pop(id, None)
            return None
        return await self._png(id, stored)

    async def _png(self, id: str, stored: StoredPicture) -> bytes:
        if id not in self._drawn:
            if self._in_work >= MOST:
                raise Crowded
            self._in_work += 1
            self._drawn[id] = asyncio.create_task(self._in_turn(stored))
        self._drawn.move_to_end(id)
        if len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return await asyncio.shield(self._drawn[id])

    async def _in_turn(self, stored: StoredPicture) -> bytes:
        try:
            with self._meters.in_pool("draw"):
                async with self._free:
                    return await asyncio.to_thread(self._draw, stored.kind, stored.model)
        finally:
            self._in_work -= 1


@media.get(r"/<id:(?P<id>[\w-]{1,64})\.png>", name="picture")
async def picture(request: Request, id: str) -> HTTPResponse:
    """The picture with an id that was told to one customer."""
    gallery: Gallery = request.app.ctx.gallery
    try:
        data = await gallery.png(id)
    except Crowded:
        told = {"Retry-After": "1"}
        raise ServiceUnavailable("too many pictures at once, try again", headers=told) from None
    if data is None:
        raise NotFound("no such picture")
    return raw(data, content_type="image/png", headers=_HEADERS)
