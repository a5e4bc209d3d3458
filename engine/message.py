"""What travels between a platform and the engine, free of any platform's wire format."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec


class Kind(enum.StrEnum):
    """What came: from the customer, or (the last) from the company, the clock and its clerks.

    A tap is a choice on a page of the provider's, which the customer left the chat for.
    """

    TEXT = "text"
    VOICE = "voice"
    IMAGE = "image"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    EVENT = "event"
    OTHER = "other"
    TAP = "tap"
    NOTICE = "notice"
    TIMER = "timer"
    DESK = "desk"

    @property
    def is_own(self) -> bool:
        """Whether it is not the customer who says it."""
        return self in (Kind.NOTICE, Kind.TIMER, Kind.DESK)

    @property
    def is_pushed(self) -> bool:
        """Whether no request of the platform waits for an answer: what is said is pushed."""
        return self.is_own or self is Kind.TAP


#: The event of a customer who wants to be told nothing more that they do not ask for.
SILENCE = "silence"


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One message or event of one customer, or something that their conversation has to take in.

    ``key`` is equal for every delivery of the same message and for nothing else. ``payload`` is an
    exact choice (a button, a menu key, the scene of a QR code): it bypasses understanding.
    ``event`` is the lower-case name of an event (``subscribe``, ``unsubscribe``, ``scan``, …).
    A notice of the company has its name as ``event``, and ``facts``. ``media_id`` names a recording
    or picture at the platform; ``media_id_16k`` the same voice at 16 kHz, where there is one. The
    ``text`` of a voice is what the platform itself heard, mostly nothing.
    """

    account: str
    openid: str
    key: str
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    payload: str = ""
    event: str = ""
    facts: dict[str, Any] = {}
    media_id: str = ""
    media_id_16k: str = ""


class Button(msgspec.Struct, frozen=True):
    """A choice that the customer may tap instead of typing.

    ``payload`` comes back as :attr:`Inbound.payload`: ``SLOT=VALUE`` fills a slot exactly,
    ``/NAME`` stands for the intent NAME (``/affirm``, ``/checkin``).
    """

    label: str
    payload: str


class Picture(msgspec.Struct, frozen=True):
    """A picture by meaning: ``kind`` and ``model`` say what it shows, ``alt`` says it in words.

    It is drawn when someone looks at it, never while a turn is in its transaction. ``id`` is
    unguessable; the turn gives it when it keeps the picture.
    """

    kind: str
    model: dict[str, Any]
    alt: str
    id: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said to the customer: words, and perhaps buttons, a picture or a link with them.

    ``heard`` is a line of its own: what was heard in the voice message that this answers.
    ``transfer`` hands the customer over to the desk of the platform itself, where it has one.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None
    link: str = ""
    heard: str = ""
    transfer: bool = False
