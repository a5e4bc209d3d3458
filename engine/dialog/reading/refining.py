"""What the grammars found, put right by the words of the script that stand around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.dialog.reading import ends, lengths, standing, titles, units
from engine.dialog.reading.assigning import cues
from engine.dialog.reading.units import units_of
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity

_TIMES = ("date", "time", "datetime")
#: After a day or a time that will not do: 「周三还不了，周四还」.
_CANNOT = re.compile(
    r"(?:我|我们|那天|可能|恐怕)*(?:[^，,。\s]{0,2}不了|不行|不方便|没空|没时间|来不及|有事)(?!的话|吗|么)[^，,。\s]?[，,。\s]"
)


def put_right(
    text: str, found: Sequence[Entity], script: Script, task: Task, names: Mapping[str, Any]
) -> list[Entity]:
    """The entities with what only a script's words tell, and without what these rule out.

    Numbers cut short or told by their ends, people by their titles, counts by their units; no
    parts of a total, and no sums of a condition or a state. ``names`` are those of expressions.
    """
    whole = [*found, *lengths.cut_short(text, found, script)]
    told = ends.with_ends(text, whole, script, task, names)
    told += titles.together(text, told)
    told += titles.after_cues(text, script, told)
    told += titles.called_beside(text, told)
    told += units.counted(text, script, told)
    told += units.multiplied(text, script, task, told)
    told = ends.without_ends(text, units.without_parts(text, told), script, task)
    told = _possible(text, _without_counts(text, told, script))
    return standing.without(text, told, script)


def _without_counts(text: str, found: Sequence[Entity], script: Script) -> list[Entity]:
    """The entities without sums that are numbers of another question: 「台数改成2台」."""
    slots = [slot for slot in script.slots.values() if "number" in slot.type]
    counts = {
        (each.start, each.end)
        for each in found
        if each.type == "number" and any(_is_told(text, each, slot) for slot in slots)
    }
    return [e for e in found if e.type != "money" or e.strict or (e.start, e.end) not in counts]


def _is_told(text: str, number: Entity, slot: Slot) -> bool:
    """Whether the name of a slot stands before a number, or what it counts in after it."""
    return any(cues(slot, text, number)) or text[number.end :].startswith(units_of(slot))


def _possible(text: str, found: Sequence[Entity]) -> list[Entity]:
    """The entities without days and times that will not do, where another is told after them."""
    last = {each.type: each.start for each in sorted(found, key=lambda each: each.start)}
    return [
        each
        for each in found
        if each.type not in _TIMES
        or last[each.type] == each.start
        or not _CANNOT.match(text, each.end)
    ]
