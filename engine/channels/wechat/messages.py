"""The messages of the platform that replies become, in either direction out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec

from engine.message import Button


@dataclass(frozen=True, slots=True)
class Text:
    """Words; tags of `words.links` in them are tappable."""

    content: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that was uploaded to the platform before."""

    media_id: str


@dataclass(frozen=True, slots=True)
class News:
    """One article: a picture from an address, a title over it, a plain description under it."""

    title: str
    description: str
    picture_url: str
    url: str


@dataclass(frozen=True, slots=True)
class Menu:
    """Words and choices below them. Only customer-service messages have it."""

    head: str
    choices: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """The customer goes over to the platform's own desk; no words can go with it."""


Passive = Text | Image | News | Transfer
Message = Text | Image | News | Menu

_PASSIVE: dict[str, type[Passive]] = {kind.__name__: kind for kind in (Text, Image, News, Transfer)}


def encode(message: Passive | None) -> bytes:
    """A passive reply to be kept; None is one that says nothing."""
    kept = None if message is None else (type(message).__name__, asdict(message))
    return msgspec.json.encode(kept)


def decode(kept: bytes) -> Passive | None:
    """What `encode` kept."""
    match msgspec.json.decode(kept):
        case [str(kind), dict(fields)]:
            return msgspec.convert(fields, _PASSIVE[kind])
    return None
