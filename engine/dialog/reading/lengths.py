"""Digits that were meant for a number of one length, and have another."""

from __future__ import annotations

from engine.dialog.scripts.script import Slot
from engine.nlu.grammar.digits import find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: Where one of these is asked for, digits alone are meant to be one, and are of a wrong length.
_OF_ONE_LENGTH = ("phone", "id_number")
_FEWEST_DIGITS = 5


def wrong(said: str, slot: Slot | None) -> Entity | None:
    """The number that the slot asks for, where all that was said are digits of another length."""
    if slot is None or slot.also or not _is_digits(said):
        return None
    kind = next((kind for kind in slot.type if kind in _OF_ONE_LENGTH), None)
    return Entity(kind, None, said, 0, len(said), problem="length") if kind else None


def _is_digits(said: str) -> bool:
    """Whether these are digits and nothing else, written or spoken one by one."""
    return any(
        run.start == 0 and run.end == len(said) and len(run.digits) >= _FEWEST_DIGITS
        for run in find_runs(fold(said))
    )
