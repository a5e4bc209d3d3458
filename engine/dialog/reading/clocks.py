"""Whether 九点 is in the morning or in the evening: by what was said, by the day, by the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.dialog.errors import WordsError
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Value
from engine.dialog.wording import words
from engine.dialog.wording.picked import picked
from engine.nlu.parse import Entity

#: An hour that says nothing of morning or evening: 九点, 9点半; 20点 and 十三点 do.
_BARE = re.compile("(?:1[0-2]|0?[1-9]|十[一二]?|[一二两三四五六七八九])[点點]")
_NOON = 12
#: With a day, these hours are in the afternoon; the others are as they are said.
_AFTERNOON = range(1, 6)


def settled(
    values: Mapping[str, Value],
    entities: Iterable[Entity],
    script: Script,
    *,
    names: Mapping[str, Any],
    said: Sequence[str],
    dayparts: Mapping[str, tuple[int, int]],
    now: datetime,
) -> dict[str, Value]:
    """The values with bare hours as they are meant; ``said`` are messages, the last one first.

    A time of day that was said before decides (明天晚上 … 七点), else the day: a bare hour of
    another day is no hour from now. A reading that the slot's own rules refuse yields to the other.
    """
    found = dict(values)
    times = {e.value for e in entities if e.type == "time" and e.value and _BARE.match(e.text)}
    if any(word in said[0] for word in dayparts):
        return found
    for name, value in values.items():
        slot = script.slots[name]
        if "time" not in slot.type or not isinstance(value, str) or value not in times:
            continue
        best = _by_daypart(value, said[1:], dayparts) or _by_day(
            value, _day(found, script, names), now
        )
        known = {**names, **{n: picked(v) for n, v in found.items()}}
        found[name] = next((v for v in (best, _other(best)) if passes(slot, name, v, known)), best)
    return found


def _other(value: str) -> str:
    return f"{(int(value[:2]) + _NOON) % 24:02}{value[2:]}"


def _by_daypart(
    value: str, said: Iterable[str], dayparts: Mapping[str, tuple[int, int]]
) -> str | None:
    for text in said:
        for word, (start, end) in dayparts.items():
            if word in text:
                fitting = [v for v in (value, _other(value)) if start <= int(v[:2]) < end]
                return fitting[0] if fitting else None
    return None


def _day(values: Mapping[str, Value], script: Script, names: Mapping[str, Any]) -> str:
    dated = (name for name, slot in script.slots.items() if "date" in slot.type)
    return next((str(values.get(n) or names.get(n)) for n in dated if n in {**names, **values}), "")


def _by_day(value: str, day: str, now: datetime) -> str:
    if not day or day == now.date().isoformat():
        return value
    hour = int(value[:2]) % _NOON
    if hour in _AFTERNOON or not hour:
        hour += _NOON
    return f"{hour:02}{value[2:]}"


def passes(slot: Slot, name: str, value: str, known: Mapping[str, Any]) -> bool:
    """Whether the rules of a slot let a value pass, by what is known."""
    try:
        return not any(words.evaluate(c.when, {**known, name: picked(value)}) for c in slot.check)
    except WordsError:
        return True
