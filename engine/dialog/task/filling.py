"""What an answer puts into slots that hold more than one value, or a place for each of a list."""

from __future__ import annotations

from collections.abc import Sequence

from engine.dialog.reading import listing
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Offer, Task, Value
from engine.dialog.state.sheet import Sheet
from engine.nlu.parse import Entity


def choose(sheet: Sheet, offers: Sequence[Offer]) -> None:
    """Take choices that were on the table; they are looked up again: they may be gone by now.

    For a slot that holds a list there may be several, and more than was chosen before.
    """
    name, task = offers[0].slot, sheet.task
    slot = sheet.script.slots[name]
    if name not in task.asked:
        # What began the task names it no more.
        task.asked.append(name)
    values = [offer.value for offer in offers]
    if slot.each:
        sheet.put({name: _placed(name, slot, values[0], task)})
    elif slot.many:
        sheet.put({name: [*_so_far(name, task), *values]})
    else:
        sheet.put({name: values[0]})


def _placed(name: str, slot: Slot, value: str, task: Task) -> Value:
    """A wish with a label is for all who have none; a row that is chosen, for one."""
    kind = "choice" if any(choice.value == value for choice in slot.choices) else ""
    hit = Entity(kind, value, value, 0, len(value))
    return listing.placed(slot, name, [hit], value, task)


def _so_far(name: str, task: Task) -> list[str]:
    """The values of a list to which the customer is being asked for more."""
    filled = task.slots.get(name)
    is_open = filled is not None and filled.value is None
    return list(filled.said) if filled and is_open and isinstance(filled.said, list) else []


def close(sheet: Sheet) -> bool:
    """Close the list to which the customer was asked for more; whether there was one."""
    filled = sheet.task.slots.get(sheet.task.asking)
    slot = sheet.script.slots.get(sheet.task.asking)
    if not (filled and filled.said and slot and slot.many):
        return False
    filled.enough = True
    return True


def put_asked(sheet: Sheet, value: str) -> None:
    """Take a value for the open question; of a list, for every place that has none."""
    name = sheet.task.asking
    slot = sheet.script.slots[name]
    if not slot.each:
        sheet.put({name: [value] if slot.many else value})
        return
    places = listing.size(slot, sheet.task)
    said = listing.spread(sheet.said(name) or [], places)
    sheet.put({name: [each or value for each in said]})
