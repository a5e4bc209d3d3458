"""Digits that were meant for a number of one length, and have another."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.dialog.reading.coverage import beside
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script, Slot
from engine.nlu.grammar.digits import Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: Where one of these is asked for, digits alone are meant to be one, and are of a wrong length.
_OF_ONE_LENGTH = ("phone", "id_number")
_FEWEST_DIGITS = 5
#: Fewer among words may be anything.
_FEWEST_AMONG_WORDS = 7
#: Digits of what was meant for a mobile number, which has 11.
_NEARLY_MOBILE = (9, 10, 12, 13, 14)


def wrong(said: str, slot: Slot | None) -> Entity | None:
    """The number that the slot asks for, where nearly all that was said are digits, of another
    length: 「改成1381234567」.
    """
    run = _digits(said)
    if slot is None or slot.also or run is None:
        return None
    kind = next((kind for kind in slot.type if kind in _OF_ONE_LENGTH), None)
    text = said[run.start : run.end]
    return Entity(kind, None, text, run.start, run.end, problem="length") if kind else None


def _digits(said: str) -> Run | None:
    """The digits, written or spoken one by one, that are all of it or stand among few words."""
    runs = find_runs(fold(said))
    if len(runs) != 1:
        return None
    run, count = runs[0], len(runs[0].digits)
    others = beside(said[: run.start] + said[run.end :], ())
    is_most = count >= _FEWEST_AMONG_WORDS and len(others) <= count // 2
    is_all = count >= _FEWEST_DIGITS and run.end - run.start == len(said)
    return run if is_all or is_most else None


def cut_short(text: str, entities: Collection[Entity], script: Script) -> Iterator[Entity]:
    """A mobile number with a digit too few or too many, where the customer's own is the default.

    Passed over, 「给1390013800充50」 would be read back with the own number.
    """
    if not any(slot.own and "phone" in slot.type for slot in script.slots.values()):
        return
    told = [entity for entity in entities if entity.strict]
    if any(entity.type == "phone" for entity in told):
        return
    for run in find_runs(fold(text)):
        found = Entity(
            "phone", None, text[run.start : run.end], run.start, run.end, problem="length"
        )
        # 「13900138000 五十」 is a number and an amount, and one run of digits to who speaks.
        is_typed = found.text.isdecimal() and run.digits.startswith("1")
        is_mobile = is_typed and len(run.digits) in _NEARLY_MOBILE
        if is_mobile and not any(overlap(found, entity) for entity in told):
            yield found
            return
