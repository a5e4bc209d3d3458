"""What one message shows, and what its XML says beyond that."""

from __future__ import annotations

import msgspec

from engine.relay.xml import Value


class Article(msgspec.Struct, frozen=True, omit_defaults=True):
    """An article card. `picture` and `url` are addresses as the provider gave them."""

    title: str = ""
    description: str = ""
    picture: str = ""
    url: str = ""


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message shows: the fields that its `kind` uses, the others empty.

    `text`: text, and `choice` (the id that was tapped); `menu`: text, `choices` as (id, label) and
    `tail`; `image` and `video`: media; `voice`: media, `media_16k` (a terminal's own only) and
    seconds; `news` and `template`: articles; `location` and `link`: text; `event`: event, and text
    that tells of it. `fields` are elements of the XML that only this kind has, by name. `answers`
    is the id of the message that a provider answered with this.
    """

    kind: str
    text: str = ""
    choice: str = ""
    event: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    tail: str = ""
    media: str = ""
    articles: tuple[Article, ...] = ()
    media_16k: str = ""
    seconds: float = 0.0
    answers: int = 0
    fields: dict[str, Value] = {}
