"""Which values slots know by name at this moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Offer
from engine.dialog.state.sheet import Sheet
from engine.dialog.wording import words
from engine.dialog.wording.picked import picked, plain


def known(sheet: Sheet, offers: Sequence[Offer]) -> dict[str, list[str]]:
    """The values that slots know by name: those of lists, at the least.

    Where rows are offered they know what those of any of the rows would be: who travels on one of
    two journeys is known before it is said which one is meant.
    """
    return {
        name: [*dict.fromkeys(_values(sheet, slot, offers))] if slot.known else _so_far(sheet, name)
        for name, slot in sheet.script.slots.items()
        if slot.known or (slot.many and not slot.choices and name in sheet.task.slots)
    }


def _values(sheet: Sheet, slot: Slot, offers: Sequence[Offer]) -> Iterator[str]:
    yield from words.evaluate(slot.known, sheet.names()) or []
    for offer in offers:
        if offer.slot in words.names_in(slot.known, expression=True):
            row = {offer.slot: picked(offer.value, offer.row)}
            yield from words.evaluate(slot.known, sheet.names(**row)) or []


def _so_far(sheet: Sheet, name: str) -> list[str]:
    """Who is on a list, also while it is asked who else there is."""
    names, filled = sheet.names(), sheet.task.slots[name]
    if name in names:
        return [*plain(names[name])]
    return [*filled.said] if isinstance(filled.said, list) else []
