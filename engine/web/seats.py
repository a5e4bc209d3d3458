"""`/seats/ID`: a seat map whose seats can be tapped. A tap says in the chat what is written on it.

The page decides nothing: the seat goes the way of a typed answer, and what is said to it comes in
the chat. So an old page can do no harm, and whoever reads the picture's address can do no more than
answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Protocol

import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest, NotFound
from sanic.response import redirect

from engine.message import Inbound, Kind, Reply
from engine.pictures.models import SeatMap, read
from engine.store import Store, pictures
from engine.store.pictures import StoredPicture
from engine.web.plain import PlainPage

log = structlog.get_logger(__name__)

KIND = "seat_map"

_NONCE = re.compile(r"[\w-]{16,64}")

_page = PlainPage("seats")

seats = Blueprint("seats", url_prefix="/seats")


class Takes(Protocol):
    """The engine's side: a message in; what is said to a tap leaves through the outbox."""

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        """The replies to a message; a repeat gets the same ones."""


class Cabin:
    """The seat maps that customers were shown, and what they tap on them."""

    def __init__(
        self, store: Store, turns: Mapping[str, Takes], *, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock

    async def find(self, id: str) -> StoredPicture:
        """The seat map of an id. Raises `NotFound`."""
        async with self._store.reading() as connection:
            stored = await pictures.get(connection, id)
        if stored is None or stored.kind != KIND or stored.account not in self._turns:
            raise NotFound("no such seat map")
        return stored

    async def tap(self, stored: StoredPicture, seat: str, *, nonce: str) -> None:
        """Say a seat for the customer; the same nonce is the same tap. Raises `BadRequest`."""
        if not _NONCE.fullmatch(nonce) or seat not in free(model_of(stored)):
            raise BadRequest("no such seat")
        inbound = Inbound(
            account=stored.account,
            openid=stored.openid,
            key=f"tap {stored.account} {nonce}",
            at=self._clock(),
            kind=Kind.TAP,
            text=seat,
        )
        await self._turns[stored.account].take(inbound)


def model_of(stored: StoredPicture) -> SeatMap:
    """What a seat map shows."""
    model = read(stored.kind, stored.model)
    assert isinstance(model, SeatMap)  # noqa: S101
    return model


def free(model: SeatMap) -> set[str]:
    """The seats that could be had when the map was made."""
    return {
        f"{row.number}{letter}"
        for row in model.rows
        for letter, state in row.seats.items()
        if state == "free"
    }


@seats.get(r"/<id:(?P<id>[\w-]{1,64})>", name="page")
async def page(request: Request, id: str) -> HTTPResponse:
    """The cabin."""
    cabin: Cabin = request.app.ctx.cabin
    model = model_of(await cabin.find(id))
    chosen = str(request.args.get("seat", ""))
    told = chosen if chosen in free(model) else ""
    return _page.show(id=id, model=model, told=told, nonce=token_urlsafe(24))


@seats.post(r"/<id:(?P<id>[\w-]{1,64})>", name="tap")
async def tap(request: Request, id: str) -> HTTPResponse:
    """A seat is tapped."""
    cabin: Cabin = request.app.ctx.cabin
    form: Mapping[str, Any] = request.form or {}
    seat, nonce = str(form.get("seat", "")), str(form.get("nonce", ""))
    await cabin.tap(await cabin.find(id), seat, nonce=nonce)
    # So that a reload taps nothing.
    return redirect(f"/seats/{id}?seat={seat}", status=303, headers=_page.headers)
