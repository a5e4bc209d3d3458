"""What of a turn is kept for people: the conversation, masked, and who waits for one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from engine import traces
from engine.dialog.dialog import Decision
from engine.dialog.moment.voice import Voice
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import CONFIRM, Person, Session
from engine.dialog.state.trace import values_of
from engine.dialog.wording.filters import mask
from engine.message import Inbound, Kind, Reply
from engine.nlu.grammar.digits import find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import OUT_OF_SCOPE, Parse
from engine.store import Connection, conversation, waiting
from engine.store.conversation import Line
from engine.store.waiting import Waiting

#: What people are asked about: not understood, or understood with less than this.
_SURE = 0.7
#: Rules that act on words as a whole, as `Trace.rule` names them; values need no intent.
_BY_INTENT = frozenset({"act", "digression", "same_task", "unclear", "miss"})

#: A run of digits this long may be a number that belongs to somebody.
_LONG = 7
_DATE = re.compile(r"20\d\d[01]\d[0-3]\d")
_DIGITS = re.compile(rf"\d{{{_LONG},}}")
#: In the dialog's own words: phone and identity numbers, also in groups; dates and orders stay.
_OWN = re.compile(r"(?<!\d)(?:1[3-9]\d ?\d{4} ?\d{4}|\d{6} ?\d{8} ?\d{3}[\dXx])(?!\d)")
_MOST_KEPT = 1000

_WORDLESS = {
    Kind.VOICE: "[语音]",
    Kind.IMAGE: "[图片]",
    Kind.VIDEO: "[视频]",
    Kind.LOCATION: "[位置]",
    Kind.LINK: "[链接]",
}


class Said(Protocol):
    """What a message means: `engine.turn.Understood`."""

    @property
    def parse(self) -> Parse:
        """All of it."""

    @property
    def voice(self) -> Voice | None:
        """How it was heard, if it was spoken."""


def hidden(text: str) -> str:
    """A customer's words without whole phone, identity or order numbers, spoken ones neither.

    >>> hidden("给13812345678充一百"), hidden("一三八一二三四五六七八")
    ('给138****5678充一百', '138****5678')
    """
    for run in reversed(find_runs(fold(text), least=_LONG)):
        if len(run.digits) >= _LONG and not _DATE.fullmatch(run.digits):
            text = f"{text[: run.start]}{mask(run.digits)}{text[run.end :]}"
    # What is too long for a spoken number is left out by the grammar.
    return _DIGITS.sub(lambda run: run[0] if _DATE.fullmatch(run[0]) else mask(run[0]), text)


def hidden_answer(text: str) -> str:
    """The dialog's words without the numbers that it reads back."""
    return _OWN.sub(lambda number: mask(number[0].replace(" ", "")), text)


@dataclass(frozen=True, slots=True)
class Before:
    """What a turn may change: who had the conversation, and what the active task knew."""

    person: Person | None
    slots: dict[str, str]

    @classmethod
    def of(cls, session: Session) -> Before:
        """As it is now."""
        return cls(session.person, traces.known(session))


def lines(
    inbound: Inbound,
    said: Said,
    decision: Decision,
    before: Before,
    seconds: Mapping[str, float],
    now: datetime,
) -> list[Line]:
    """What was said in a turn; the first line has how the turn went. ``seconds`` are by stage."""
    said_lines = [*_asked(inbound, said.parse, decision, now), *_answered(decision.replies, now)]
    if not said_lines:
        return []
    trace = traces.traced(
        said.parse, decision, said.voice, before=before.slots, seconds=seconds, hide=hidden
    )
    turn = traces.turn_id(inbound.key)
    first, *others = (replace(line, turn=turn) for line in said_lines)
    return [replace(first, trace=trace), *others]


async def keep(
    connection: Connection,
    inbound: Inbound,
    said: Sequence[Line],
    *,
    session: Session,
    before: Before,
    scripts: Scripts,
    queues: bool,
) -> None:
    """Keep what was said, and the customer's place in the queue as the session has it.

    ``queues``: customers wait at this provider's own desk.
    """
    owner = {"account": inbound.account, "openid": inbound.openid}
    await conversation.add(connection, said, **owner)
    if session.person is not None and queues:
        await waiting.put(connection, _waiting(inbound, session, session.person, scripts))
    elif before.person is not None:
        await waiting.remove(connection, **owner)


def _asked(inbound: Inbound, parse: Parse, decision: Decision, now: datetime) -> list[Line]:
    said = parse.text.strip() or _WORDLESS.get(inbound.kind, "")
    if not said or inbound.kind.is_own:
        return []
    trace = decision.trace
    is_doubtful = (
        bool(parse.text.strip())
        and not inbound.payload
        and trace.rule in _BY_INTENT
        and (trace.intent == OUT_OF_SCOPE or trace.confidence < _SURE)
    )
    return [
        Line(
            author="customer",
            text=hidden(said)[:_MOST_KEPT],
            at=now,
            intent=trace.intent,
            confidence=trace.confidence,
            is_doubtful=is_doubtful,
        )
    ]


def _answered(replies: tuple[Reply, ...], now: datetime) -> list[Line]:
    told = "\n".join(_told(reply) for reply in replies).strip()
    return [Line(author="engine", text=hidden_answer(told)[:_MOST_KEPT], at=now)] if told else []


def _told(reply: Reply) -> str:
    buttons = " ".join(f"[{button.label}]" for button in reply.buttons)
    picture = f"[{reply.picture.alt}]" if reply.picture else ""
    return "\n".join(filter(None, (reply.text, picture, buttons)))


def _waiting(inbound: Inbound, session: Session, person: Person, scripts: Scripts) -> Waiting:
    return Waiting(
        account=inbound.account,
        openid=inbound.openid,
        since=person.since,
        reason=person.reason,
        clerk=person.clerk,
        name=person.name,
        task=_task(session, scripts),
    )


def _task(session: Session, scripts: Scripts) -> dict[str, Any]:
    """The active task in words: its title, what it asks for, its slots by name."""
    task = session.task
    if task is None:
        return {}
    script = scripts.version(task.intent, task.version)
    if script is None:
        return {}
    names, slots, title = scripts.phrases.voice.kinds, script.slots, script.title

    def named(slot: str) -> str:
        types = slots[slot].type if slot in slots else ()
        return next((names[kind] for kind in types if kind in names), slot)

    return {
        "intent": task.intent,
        "title": title,
        "asks": "确认" if task.asking == CONFIRM else named(task.asking) if task.asking else "",
        "slots": {named(name): hidden(value) for name, value in values_of(task).items() if value},
    }
