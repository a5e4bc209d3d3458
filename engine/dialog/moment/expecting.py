"""What the customer is likely to say next, for ears that listen for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.business.provider import Row
from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import CONFIRM, Session, Task
from engine.speech.expected import Expected

#: A kind of answer that is no entity.
YES_NO = "yes_no"
#: With how many digits a part of a number has: no entity either.
_DIGITS = "digits_"
#: Choices on a table are answered by their place in it as well.
_ORDINAL = "ordinal"
#: Cells of rows that are names of people, places, things; a longer one is a sentence.
_LONGEST_NAME = 12
#: A grammar of more phrases than this tells none of them apart.
_MOST_PHRASES = 200


def expect(scripts: Scripts, session: Session, member: Row | None = None) -> Expected:
    """What this moment of the conversation expects: kinds of values, and words.

    ``member`` is who the customer is to the company, if it knows them.
    """
    task = session.task if session.task and _script(scripts, session.task) else None
    kinds = set(_kinds(scripts, session, task))
    phrases = dict.fromkeys(_phrases(scripts, session, task, member))
    return Expected(frozenset(kinds - {FREE_TEXT}), tuple(phrases)[:_MOST_PHRASES])


def _kinds(scripts: Scripts, session: Session, task: Task | None) -> Iterator[str]:
    if session.gap is not None:
        yield from (YES_NO, session.gap.kind, f"{_DIGITS}{session.gap.end - session.gap.begin}")
        return
    if session.doubt is not None:
        yield YES_NO
        yield from (entity.type for entity in session.doubt.entities)
    if session.reminded:
        yield YES_NO
    if session.offers:
        yield _ORDINAL
    if task is None:
        return
    if task.asking == CONFIRM:
        yield YES_NO
        return
    if script := _script(scripts, task):
        yield from (kind for slot in _answerable(script, task) for kind in slot.type)


def _script(scripts: Scripts, task: Task) -> Script | None:
    """The script of a task, or the one in its place."""
    return scripts.version(task.intent, task.version) or scripts.get(task.intent)


def _answerable(script: Script, task: Task) -> Iterator[Slot]:
    """The slot that is asked for and those that an answer may fill as well.

    Rows to choose from are told apart by all that may be mentioned: 「CA1234那班」.
    """
    asked = script.slots.get(task.asking)
    if asked is None:
        return
    yield asked
    yield from (script.slots[name] for name in asked.also if name in script.slots)
    if asked.options is not None:
        yield from (slot for slot in script.slots.values() if not (slot.ask or slot.options))


def _phrases(
    scripts: Scripts, session: Session, task: Task | None, member: Row | None
) -> Iterator[str]:
    words = scripts.phrases
    yield from (offer.label for offer in session.offers if offer.row is None)
    if task is None:
        for script in scripts.by_intent.values():
            # An example with a number in it would make that very number likely.
            yield from (text for text in (script.title, script.example) if _is_chinese(text))
        return
    if task.asking == CONFIRM:
        yield from (words.yes, words.no)
    yield from _names(offer.row for offer in session.offers)
    yield from _names(filled.row for filled in task.slots.values())
    yield from _names(row for filled in task.slots.values() for row in filled.rows)
    yield from _names([member])


def _names(rows: Iterable[Row | dict[str, Any] | None]) -> Iterator[str]:
    """The Chinese words of rows: passengers, cities, airlines."""
    for row in rows:
        for cell in (row or {}).values():
            if isinstance(cell, str) and len(cell) <= _LONGEST_NAME and _is_chinese(cell):
                yield cell


def _is_chinese(text: str) -> bool:
    return text != "" and all("\u4e00" <= character <= "\u9fff" for character in text)
