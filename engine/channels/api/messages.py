"""What other programs send and get: the one description of it, for reading and for the document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from engine.channels.api.errors import BadBody
from engine.message import Inbound, Kind, Reply
from engine.store.outbox import Outgoing

#: What an id or a customer may be called, at most 128 characters.
NAME = r"^[A-Za-z0-9_.:@+-]{1,128}$"

#: The fact of a late answer in the outbox that names its message.
ANSWERS = "answers"

#: Where on this provider a picture can be answered by tapping on it.
_PAGES = {"seat_map": "seats"}

#: What may be said.
SAID = ("text", "choice", "voice", "image", "location")

_Name = Annotated[str, Meta(pattern=NAME, max_length=128)]
_BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$"
_File = Annotated[bytes, Meta(min_length=1, extra_json_schema={"pattern": _BASE64})]


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place that the customer sends: degrees, and perhaps its name."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    label: Annotated[str, Meta(max_length=200)] = ""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of one customer, which has exactly one of `SAID`.

    ``id`` is equal for every sending of the same message. ``choice`` is the payload of a choice
    that was offered. ``voice`` is a recording of any usual format as base64, ``image`` a picture.
    """

    id: _Name
    customer: _Name
    text: Annotated[str, Meta(min_length=1, max_length=2000)] | UnsetType = UNSET
    choice: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    voice: _File | UnsetType = UNSET
    image: _File | UnsetType = UNSET
    location: Location | UnsetType = UNSET

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not UNSET for name in SAID) != 1:
            raise ValueError(f"needs exactly one of {', '.join(SAID)}")
        # `$` of a pattern lets a line end pass.
        if not all(re.fullmatch(NAME[1:-1], name) for name in (self.id, self.customer)):
            raise ValueError("an id or a customer ends with a line end")

    @property
    def digest(self) -> str:
        """Equal for equal messages, however their JSON was written."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def inbound(self, *, account: str, now: datetime) -> Inbound:
        """The message as the engine takes it."""
        key = f"{account}:api:{self.id}"
        common = Inbound(account=account, openid=self.customer, key=key, at=now)
        if self.voice is not UNSET:
            return msgspec.structs.replace(common, kind=Kind.VOICE, media_id=self.id)
        if self.image is not UNSET:
            return msgspec.structs.replace(common, kind=Kind.IMAGE, media_id=self.id)
        if self.location is not UNSET:
            return msgspec.structs.replace(common, kind=Kind.LOCATION, text=self.location.label)
        return msgspec.structs.replace(common, text=self.text or "", payload=self.choice or "")


class Choice(msgspec.Struct, frozen=True):
    """One that the customer may take: send ``choice`` back, or what the label says as text."""

    label: str
    choice: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    """Words for the customer."""

    text: str


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """What was heard in the voice message that this answers."""

    text: str


class PictureOf(msgspec.Struct, frozen=True, tag="picture"):
    """A PNG, and the same in words."""

    url: str
    alt: str


class Link(msgspec.Struct, frozen=True, tag="link"):
    """A page for the customer's browser."""

    url: str


class Choices(msgspec.Struct, frozen=True, tag="choices"):
    """What may be tapped instead of typed."""

    choices: tuple[Choice, ...]


Part = Text | Heard | PictureOf | Link | Choices


class Answer(msgspec.Struct, frozen=True):
    """What a message is answered with, in order. ``handed_over``: a person answers from now on."""

    id: str
    status: str
    parts: tuple[Part, ...] = ()
    handed_over: bool = False


class Pushed(msgspec.Struct, frozen=True):
    """What is said to a customer at another time than in an answer. ``id`` is equal for all tries.

    ``answers`` is the id of the message that it answers late; empty for what nobody asked.
    """

    id: str
    customer: str
    answers: str
    parts: tuple[Part, ...]
    handed_over: bool


def pushed(row: Outgoing, replies: Sequence[Reply], *, public_url: str) -> Pushed:
    """What the webhook is told of a row of the outbox."""
    told = answered(row.key, replies, public_url=public_url)
    answers = "" if row.notice else str(row.facts.get(ANSWERS, ""))
    return Pushed(row.key, row.openid, answers, told.parts, told.handed_over)


def read(body: bytes) -> Message:
    """The message of a request's body. Raises `BadBody`."""
    try:
        return msgspec.json.decode(body, type=Message)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise BadBody(str(error)) from error


def read_form(fields: Mapping[str, str], voice: bytes) -> Message:
    """The message of a form that has a recording as a file. Raises `BadBody`."""
    try:
        return msgspec.convert({**fields, "voice": voice}, Message)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadBody(str(error)) from error


def answered(id: str, replies: Sequence[Reply], *, public_url: str) -> Answer:
    """The answer made of these replies."""
    parts = tuple(part for reply in replies for part in _parts(reply, public_url))
    return Answer(id, "answered", parts, any(reply.transfer for reply in replies))


def _parts(reply: Reply, public_url: str) -> list[Part]:
    parts: list[Part] = []
    picture, link = reply.picture, reply.link
    if reply.heard:
        parts.append(Heard(reply.heard))
    if reply.text:
        parts.append(Text(reply.text))
    if picture and picture.id:
        parts.append(PictureOf(f"{public_url}/media/{picture.id}.png", picture.alt))
        if not link and picture.kind in _PAGES:
            link = f"/{_PAGES[picture.kind]}/{picture.id}"
    elif picture:
        parts.append(Text(picture.alt))
    if link:
        parts.append(Link(f"{public_url}{link}" if link.startswith("/") else link))
    if reply.buttons:
        parts.append(Choices(tuple(Choice(one.label, one.payload) for one in reply.buttons)))
    return parts
