"""A transcript: one conversation with a customer, what it must come to, and what it may change.

`docs/replay.md` teaches the format; this is its typed form.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from engine.replay.answers import Answers
from engine.replay.expect import Data, Effects, Expect, Pattern, Plain, Word, Words
from engine.replay.words import plain

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def _span(value: Any) -> Any:
    """`30s`, `31m`, `2h`, `1d12h`."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) and value else None
    if found is None:
        raise ValueError("is a time like 30s, 31m, 2h or 1d12h")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
    return name


class Click(Data):
    """A tap on something shown: ``button`` and ``value``, or ``intent``, or its ``label``.

    The newest button is tapped that fits, or the one that step number ``step`` showed.
    """

    button: Word = ""
    value: Word = ""
    intent: Word = ""
    label: Word = ""
    step: int | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if sum(map(bool, (self.button, self.intent, self.label))) != 1:
            raise ValueError("needs one of `button` (with `value`), `intent` and `label`")
        if bool(self.button) != bool(self.value):
            raise ValueError("`button` and `value` go together")
        return self

    @property
    def payload(self) -> str:
        """What the tap sends; empty where only the label is known."""
        if self.intent:
            return f"/{self.intent}"
        return f"{self.button}={self.value}" if self.button else ""


class Event(Data):
    """Something that happened on the platform, such as a tap on the account's menu."""

    name: Word
    key: Word = ""


class Clerk(Data):
    """What a person at the desk does: takes the customer, says something, hands back."""

    name: Word = "小李"
    takes: Literal[True] | None = None
    says: Word | None = None
    hands_back: Literal[True] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if len({"takes", "says", "hands_back"} & self.model_fields_set) != 1:
            raise ValueError("does one of `takes`, `says` and `hands_back`")
        return self


def _event(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class Happening(BaseModel):
    """An event of the company, with its facts; ``$name`` is what the newest effect gave."""

    model_config = ConfigDict(extra="allow", frozen=True)

    event: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the event is told."""
        return {key: plain(value) for key, value in (self.model_extra or {}).items()}


def _happening(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


#: What a transcript may go over: the engine itself, or one of its channels.
DIRECT, WECHAT, API, SMS = "direct", "wechat", "api", "sms"

#: Steps after which nothing is answered: what is said is pushed.
QUIET = ("wait", "business")

#: Why a voice message cannot be listened to.
Trouble = Literal[
    "busy",
    "damaged",
    "failed",
    "no_ears",
    "not_audio",
    "not_fetched",
    "too_big",
    "too_long",
    "too_short",
    "too_slow",
    "unheard",
]

#: Parts of a script's text and what is put there; None: the script is taken away.
Edit = dict[str, str]

#: What the platform delivers, and may deliver more than once.
_DELIVERED = ("say", "say_any", "voice", "image", "click", "event")

#: A step has exactly one of these.
ACTORS = (
    *("say", "say_any", "at_once", "voice", "image", "click", "event"),
    *("wait", "redeliver", "restart", "reload", "business", "clerk"),
)


class Step(Data):
    """One thing that happens, and what is expected of it.

    ``at_once`` are several messages that arrive in one moment; a message with ``deliveries``
    arrives so often. ``reload`` edits scripts: script, part of its text, what is put there.
    ``voice`` is a clip beside the transcript, ``heard`` what is said in it; where clips are not
    played, that is heard with this ``confidence``, or only what is ``unsure`` of it. With
    ``trouble`` it cannot be listened to.
    The answer to a message that is ``late`` comes later than the platform waits for it.
    """

    say: Word | None = None
    say_any: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    at_once: Annotated[tuple[Word, ...], Field(min_length=2)] | None = None
    deliveries: int = Field(1, ge=1, le=9)
    voice: Word | None = None
    heard: Word | None = None
    confidence: float = Field(1.0, ge=0, le=1)
    unsure: Word | None = None
    late: bool = False
    trouble: Trouble | None = None
    image: Word | None = None
    click: Click | None = None
    event: Annotated[Event, BeforeValidator(_event)] | None = None
    wait: Annotated[timedelta, BeforeValidator(_span)] | None = None
    redeliver: Literal["last"] | None = None
    restart: Literal[True] | None = None
    business: Annotated[Happening, BeforeValidator(_happening)] | None = None
    reload: Annotated[dict[str, Edit | None], Field(min_length=1)] | None = None
    clerk: Clerk | None = None
    expect: Expect | None = None

    @property
    def actor(self) -> str:
        """Which of `ACTORS` acts."""
        return next(actor for actor in ACTORS if getattr(self, actor) is not None)

    @model_validator(mode="after")
    def _has_one_actor(self) -> Self:
        actors = [actor for actor in ACTORS if getattr(self, actor) is not None]
        if len(actors) != 1:
            raise ValueError(f"needs exactly one of {', '.join(ACTORS)}, not {actors or 'none'}")
        if self.actor == "voice" and (self.heard is None) == (self.trouble is None):
            raise ValueError("a voice needs `heard`: what is said in it; or `trouble`")
        if self.unsure and self.unsure not in (self.heard or ""):
            raise ValueError("`unsure` is a part of `heard`")
        for key in ("heard", "confidence", "unsure", "trouble"):
            if key in self.model_fields_set and self.actor != "voice":
                raise ValueError(f"`{key}` belongs to a voice")
        if "deliveries" in self.model_fields_set and self.actor not in _DELIVERED:
            raise ValueError(f"`deliveries` belongs to {', '.join(_DELIVERED)}")
        if self.late and self.actor not in ("say", "say_any"):
            raise ValueError("`late` belongs to say and say_any")
        told = self.expect.model_fields_set if self.expect else set()
        if self.actor in ("restart", "reload") and self.expect and told != {"problems"}:
            raise ValueError(f"nothing is said after `{self.actor}`, so nothing is to expect")
        if "problems" in told and self.actor != "reload":
            raise ValueError("`problems` belongs to reload")
        if self.actor in QUIET and self.expect is not None and self.expect.reply is not None:
            raise ValueError(f"nothing is answered after `{self.actor}`; see `pushed`")
        return self


class Member(Data):
    """The company's member that the customer is bound to."""

    name: Word
    phone: Word = ""


def _member(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class User(Data):
    """The customer: an openid, and who that is to the company (absent: a stranger)."""

    id: Word = "u-001"
    member: Annotated[Member, BeforeValidator(_member)] | None = None


class Check(Data):
    """A query of the business asked after the conversation, as this customer."""

    query: str
    arguments: dict[str, Plain] = Field({}, alias="with")
    rows: Plain


class Transcript(Data):
    """One conversation. `clock` stands still but for `wait`; the effects are all that happen.

    It goes over its ``channel``; with an ``account`` that is the platform's, as of such a one.
    What is ``recorded`` of it must play again, with these numbers, which the log masks.
    """

    format: Literal[1]
    name: Word
    tags: tuple[Word, ...] = ()
    clock: datetime
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    channel: Literal["direct", "wechat", "api", "sms"] = "direct"
    account: Literal["verified", "unverified"] | None = None
    workers: int = Field(1, ge=1, le=4)
    user: User = User()
    world: dict[str, Any] = Field(default_factory=dict)
    stubs: dict[str, Answers] = Field(default_factory=dict)
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    effects: Effects = ()
    after: tuple[Check, ...] = ()
    never: tuple[Pattern, ...] = ()
    recorded: Words | None = None

    @model_validator(mode="after")
    def _comes_late_by_an_account(self) -> Self:
        if self.account is None and any(step.late for step in self.steps):
            raise ValueError("`late` needs an `account`: verified or unverified")
        return self

    @property
    def own_channel(self) -> str:
        """What it goes over where nobody says otherwise."""
        return WECHAT if self.account else self.channel

    @property
    def start(self) -> datetime:
        """The time at which it begins, with its zone."""
        return (
            self.clock.replace(tzinfo=ZoneInfo(self.zone)) if not self.clock.tzinfo else self.clock
        )

    @property
    def wordings(self) -> int:
        """How often it is played so that every wording of `say_any` is heard."""
        return max([1, *(len(step.say_any) for step in self.steps if step.say_any)])
