"""The menu below an account's chat: written as YAML, or made of its scripts, held to the limits.

The limits are those of the platform's page "custom menus".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from engine.channels.wechat.errors import BadMenu

#: UTF-8 bytes of a name at the top, of one below it, and of a key.
TOP_NAME, SUB_NAME, KEY = 16, 60, 128

#: Entries at the top, and below each of them.
TOPS, SUBS = 3, 5

#: Over the businesses for which there is no room at the top.
MORE = "更多"


#: What an entry with a key may let the customer do before it is sent.
Keyed = Literal[
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
]


def _at_most(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.encode()) > limit:
            raise ValueError(f"has over {limit} bytes")
        return text

    return AfterValidator(check)


class Entry(BaseModel):
    """One entry: it starts a business, sends a ``key``, opens a page or a mini program.

    Or the platform itself answers, with a permanent medium or an article of the account's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1), _at_most(SUB_NAME)]
    start: str = ""
    key: Annotated[str, _at_most(KEY)] = ""
    type: Keyed = "click"
    url: str = ""
    media_id: str = ""
    article_id: str = ""
    appid: str = ""
    pagepath: str = ""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if self.appid:
            if not (self.url and self.pagepath) or self.start or self.key:
                raise ValueError("a mini program needs appid, pagepath and a url, and nothing else")
        elif sum(map(bool, (self.start, self.key, self.url, self.media_id, self.article_id))) != 1:
            raise ValueError("give one of start, key, url, media_id and article_id")
        return self

    def button(self) -> dict[str, Any]:
        """As the platform takes it."""
        if self.appid:
            told = {"url": self.url, "appid": self.appid, "pagepath": self.pagepath}
            return {"type": "miniprogram", "name": self.name, **told}
        if self.url:
            return {"type": "view", "name": self.name, "url": self.url}
        if self.media_id:
            return {"type": "media_id", "name": self.name, "media_id": self.media_id}
        if self.article_id:
            return {"type": "article_id", "name": self.name, "article_id": self.article_id}
        return {"type": self.type, "name": self.name, "key": self.key or f"/{self.start}"}


class Group(BaseModel):
    """An entry at the top that only opens those below it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    sub: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=SUBS)]


def _tag(told: object) -> str:
    return "group" if isinstance(told, Mapping) and "sub" in told else "entry"


_Top = Annotated[
    Annotated[Group, Tag("group")] | Annotated[Entry, Tag("entry")], Discriminator(_tag)
]
_Menu = Annotated[tuple[_Top, ...], Field(min_length=1, max_length=TOPS)]
_menu: TypeAdapter[tuple[Group | Entry, ...]] = TypeAdapter(_Menu)


def load(file: Path, intents: Iterable[str]) -> dict[str, Any]:
    """The menu of a YAML file, as the platform takes it. ``intents`` may be started.

    Raises `BadMenu`, which names the file.
    """
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadMenu(f"{file}: {error}") from error
    return menu(told, intents, place=str(file))


def menu(told: object, intents: Iterable[str], *, place: str) -> dict[str, Any]:
    """A menu of plain lists and maps, as the platform takes it. Raises `BadMenu`."""
    try:
        tops = _menu.validate_python(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("group", "entry"))
        raise BadMenu(f"{place}: {where}: {first['msg']}".replace(": :", ":")) from None
    for top in tops:
        _demand(top, frozenset(intents), place)
    return {"button": [_top(top) for top in tops]}


def of_scripts(titles: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A menu of businesses, given as intent and title: two at the top, five more in the third."""
    short = [each for each in titles if len(each[1].encode()) <= TOP_NAME][: TOPS - 1]
    others = [each for each in titles if each not in short][:SUBS]
    tops: list[Mapping[str, object]] = [{"name": title, "start": intent} for intent, title in short]
    if others:
        below = [{"name": title, "start": intent} for intent, title in others]
        tops.append({"name": MORE, "sub": below})
    return menu(tops, [intent for intent, _ in titles], place="scripts")


def _demand(top: Group | Entry, intents: frozenset[str], place: str) -> None:
    if len(top.name.encode()) > TOP_NAME:
        raise BadMenu(f"{place}: {top.name} has over {TOP_NAME} bytes: too long for the top")
    for entry in top.sub if isinstance(top, Group) else (top,):
        started = entry.start or entry.key.removeprefix("/")
        is_start = entry.start or entry.key.startswith("/")
        if is_start and started not in intents:
            raise BadMenu(f"{place}: {entry.name} starts {started}, which no script is about")


def _top(top: Group | Entry) -> dict[str, Any]:
    if isinstance(top, Entry):
        return top.button()
    return {"name": top.name, "sub_button": [entry.button() for entry in top.sub]}
