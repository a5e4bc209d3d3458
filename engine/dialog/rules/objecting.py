"""A read-back of which something is too much or too little: 「太多了」, 「能少充点吗」."""

from __future__ import annotations

import functools
import re

from engine.dialog.judging import changing, consenting
from engine.dialog.moment.moment import Moment
from engine.dialog.rules.confirming import ask_again
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import CONFIRM
from engine.dialog.wording.lexicon import Comparative, either, lexicon
from engine.message import Reply

#: Types whose values are more or less, and those that are earlier or later.
_COUNTED, _BEGINNING = frozenset({"money", "number"}), frozenset({"time", "datetime"})
#: Characters of an objection: a long message says something else as well.
_SHORT = 15


async def objected(moment: Moment) -> list[Reply] | None:
    """Ask again for the value that the customer finds too much, and do not offer it once more.

    Otherwise the next yes, which means the other value, would do what was read back.
    """
    task = moment.task
    if task is None or task.asking != CONFIRM or len(moment.text) > _SHORT:
        return None
    said = _objection().search(moment.text)
    if said is None or changing.change(moment) or consenting.agrees(moment):
        return None
    slot = _meant(moment, next(group for group in said.groups() if group))
    return await ask_again(moment, slot) if slot else None


def _meant(moment: Moment, word: str) -> str:
    """The one slot whose values a word compares, or else whose rows; nothing of several."""
    task = moment.task
    slots = {name: moment.script.slots[name] for name in (task.slots if task else ())}
    lines = [line for line in lexicon().comparatives if word in line.words]
    counted = [name for name, slot in slots.items() if any(_counts(line, slot) for line in lines)]
    shown = [name for name, slot in slots.items() if any(_shows(line, slot) for line in lines)]
    found = counted or shown
    return found[0] if len(found) == 1 else ""


@functools.cache
def _objection() -> re.Pattern[str]:
    compared = either({word for line in lexicon().comparatives for word in line.words})
    return re.compile(
        rf"(?:太|有一?点儿?|有些|稍微|略|过于|偏)({compared})|({compared})了(?:一?[点些]|吧|$)"
        rf"|(?<!最)({compared})[^\W\d_]?一?[点些]"
    )


def _counts(line: Comparative, slot: Slot) -> bool:
    # 「能便宜点吗」 of an amount bargains for it, and wishes for no other.
    is_counted = line.bare or ("元" in line.units and not line.least)
    kinds = _BEGINNING if line.begins else _COUNTED if is_counted else frozenset()
    return slot.options is None and not kinds.isdisjoint(slot.type)


def _shows(line: Comparative, slot: Slot) -> bool:
    return slot.options is not None and any(unit in slot.options.label for unit in line.units)
