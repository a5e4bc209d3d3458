"""What one move of a task comes to, and the port through which it reaches the business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from engine.business.provider import Row
from engine.dialog.scripts.closing import Action
from engine.dialog.scripts.parts import Http
from engine.dialog.state.session import Offer, Value
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

    async def perform(self, action: Action, arguments: Mapping[str, Any], key: str) -> Row:
        """The result of an effect, performed once per key. Raises `Refused` and `Unavailable`."""

    async def notify(
        self, notice: str, facts: Mapping[str, Any], *, key: str, at: datetime
    ) -> None:
        """Leave a notice for this customer, which is told at a time, once for its key."""

    async def withdraw(self, notice: str, *, key: str) -> None:
        """Take back a notice that has not been told yet."""

    async def follow(self, notice: str, about: str) -> None:
        """Let this customer be told this notice about this from now on."""

    async def unfollow(self, notice: str, about: str) -> None:
        """Let this customer be told it no more."""


class Shown(NamedTuple):
    """A picture, and the words above it where it is a message of its own."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move: the words, what is asked now, and what happened.

    ``asks`` is a slot, `CONFIRM`, `OUTCOME` or `STOP`; ``offers`` are the choices put on the
    table; ``reject`` names why a value was refused; ``left`` counts rows of the answer that were
    not shown, ``rows`` are those of which one may be asked for, ``gives`` is what later tasks may
    take from it; ``done``: finished; ``ended``: over without a result, and ``next`` are the
    businesses that are offered in its place, which take ``carry`` along; ``starts``: the intent of
    a script that runs now, ``instead`` of this one or before it goes on.
    """

    text: str
    asks: str = ""
    offers: tuple[Offer, ...] = ()
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Shown, ...] = ()
    link: str = ""
    reject: str = ""
    left: int = 0
    rows: tuple[Row, ...] = ()
    gives: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    ended: bool = False
    starts: str = ""
    instead: bool = False
    next: tuple[str, ...] = ()
    carry: Mapping[str, Value] = field(default_factory=dict)

    def replies(self) -> list[Reply]:
        """The step as something said; each picture after the first is a message of its own."""
        first = self.pictures[0].picture if self.pictures else None
        spoken = Reply(text=self.text, buttons=self.buttons, picture=first, link=self.link)
        more = (Reply(text=each.caption, picture=each.picture) for each in self.pictures[1:])
        return [spoken, *more]


def numbered(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    """Buttons for choices that may be answered by number."""
    return tuple(
        Button(f"{number}. {offer.label}", offer.payload)
        for number, offer in enumerate(offers, start=1)
    )


def plainly(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    """Buttons for choices whose labels are values themselves, where a number would mislead."""
    return tuple(Button(offer.label, offer.payload) for offer in offers)
