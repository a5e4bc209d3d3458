"""What an answer leaves for later: notices, and what the customer is told about from now on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from engine.dialog.scripts.closing import Closing
from engine.dialog.scripts.parts import Notify
from engine.dialog.state.sheet import Sheet
from engine.dialog.state.step import Acts
from engine.dialog.wording import words

log = structlog.get_logger(__name__)


async def leave(answer: Closing, sheet: Sheet, acts: Acts, **given: Any) -> None:
    """Leave what the answer declares, in the transaction of the turn; ``given`` are its rows."""
    names = sheet.names(**given)
    for notice, text in answer.withdraw.items():
        for key in _each(text, names):
            await acts.withdraw(notice, key=_digest(key))
    for notice, text in answer.unfollow.items():
        for about in _each(text, names):
            await acts.unfollow(notice, about)
    for notice, text in answer.follow.items():
        for about in _each(text, names):
            await acts.follow(notice, about)
    for number, declared in enumerate(answer.notify):
        if declared.when and not words.evaluate(declared.when, names):
            continue
        at = _time(declared, names, acts.now)
        if at is not None:
            facts = {name: words.evaluate(text, names) for name, text in declared.facts.items()}
            own = words.evaluate(declared.key, names) if declared.key else None
            key = f"{sheet.task.key}/{number}" if own is None else _digest(str(own))
            await acts.notify(declared.notice, facts, key=key, at=at)


def _each(text: str, names: Mapping[str, Any]) -> list[str]:
    """The values of an expression that may give one, several or none."""
    found = words.evaluate(text, names)
    values = found if isinstance(found, list | tuple) else [found]
    return [str(value) for value in values if value not in (None, "")]


def _digest(key: str) -> str:
    """Keys are kept in clear, and a script may well take a phone number for one."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _time(declared: Notify, names: Mapping[str, Any], now: datetime) -> datetime | None:
    """When to tell it; None where that is past, or no time at all: late is worse than never."""
    if not declared.at:
        return now
    written = words.evaluate(declared.at, names)
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        log.warning("a notice has no time to be told at", notice=declared.notice)
        return None
    at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    at -= timedelta(minutes=declared.before)
    return at if at > now else None
