"""Digits that were meant for a number of one length, and have another."""

from __future__ import annotations

import re
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
#: The first digits of a mobile number, which something is put on: 「充一百到138」.
_BEGUN = re.compile(
    r"(?<=充).{0,6}?[元块百十千万0-9]钱?[到往进给](?P<digits>1[3-9][0-9]{1,5})(?![0-9元块.])"
)
#: 三八幺二三四五六七八: as nobody says a sum.
_SPOKEN_AT_ONCE = re.compile("[零一二三四五六七八九幺洞拐勾]{9,14}")


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


def _too_short(text: str, start: int, end: int) -> Entity:
    return Entity("phone", None, text[start:end], start, end, problem="length")


def cut_short(text: str, entities: Collection[Entity], script: Script) -> Iterator[Entity]:
    """A mobile number with a digit too few or too many, where the customer's own is the default.

    Passed over, 「给1390013800充50」 would be read back with the own number.
    """
    if not any(slot.own and "phone" in slot.type for slot in script.slots.values()):
        return
    told = [entity for entity in entities if entity.strict]
    if any(entity.type == "phone" for entity in told):
        return
    if any(entity.type == "money" for entity in entities) and (begun := _BEGUN.search(fold(text))):
        yield _too_short(text, *begun.span("digits"))
        return
    for start, end in _numbers(text):
        found = _too_short(text, start, end)
        if not any(overlap(found, entity) for entity in told):
            yield found
            return


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where digits stand that are nearly as many as a mobile number has.

    「13900138000 五十」 is a number and an amount, and one run of digits to who speaks.
    """
    for run in find_runs(fold(text)):
        whole = (0, len(run.digits))
        for begin, end in dict.fromkeys((whole, *run.groups)):
            start, stop = run.starts[begin], run.ends[end - 1]
            said = text[start:stop]
            is_typed = said.isdecimal() and run.digits.startswith("1", begin)
            is_told = is_typed or _SPOKEN_AT_ONCE.fullmatch(said) is not None
            if is_told and end - begin in _NEARLY_MOBILE:
                yield start, stop
