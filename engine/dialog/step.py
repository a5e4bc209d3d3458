"""What one move of a task comes to, and the port through which it reaches the business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.business.provider import Row
from engine.dialog.script import Closing, Http
from engine.dialog.session import Offer
from engine.message import Button, Picture, Reply


class Acts(Protocol):
    """The business as a dialog sees it: by name, without wording, connection or wire."""

    @property
    def now(self) -> datetime:
        """The time of this turn."""

    def new_id(self) -> str:
        """An id that was never given before."""

    async def member(self) -> Row | None:
        """Who the customer is to the company; None when it does not know them."""

    async def query(self, query: str | Http, arguments: Mapping[str, Any]) -> list[Row]:
        """Rows of a query, by its name or over HTTP. Raises `Refused` and `Unavailable`."""

    async def perform(self, closing: Closing, arguments: Mapping[str, Any], key: str) -> Row:
        """The result of an effect, performed once per key. Raises `Refused` and `Unavailable`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move: the words, what is asked now, and what happened.

    ``asks`` is a slot or `CONFIRM`; ``offers`` are the choices put on the table; ``reject`` names
    why a value was refused; ``done``: finished; ``ended``: over without a result; ``starts``: the
    intent of a script that runs now, ``instead`` of this one or before it goes on.
    """

    text: str
    asks: str = ""
    offers: tuple[Offer, ...] = ()
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None
    link: str = ""
    reject: str = ""
    done: bool = False
    ended: bool = False
    starts: str = ""
    instead: bool = False

    def reply(self) -> Reply:
        """The step as something said."""
        return Reply(text=self.text, buttons=self.buttons, picture=self.picture, link=self.link)


def numbered(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    """Buttons for choices that may be answered by number."""
    return tuple(
        Button(f"{number}. {offer.label}", offer.payload)
        for number, offer in enumerate(offers, start=1)
    )


def plainly(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    """Buttons for choices whose labels are values themselves, where a number would mislead."""
    return tuple(Button(offer.label, offer.payload) for offer in offers)
