"""Digits that were meant for a number of one length, and have another, or are an end of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.dialog.reading.coverage import beside
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.nlu.grammar.digits import Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: Where one of these is asked for, digits alone are meant to be one, and are of a wrong length.
_OF_ONE_LENGTH = ("phone", "id_number")
_FEWEST_DIGITS = 5
#: Fewer among words may be anything.
_FEWEST_AMONG_WORDS = 7
#: How many of the last digits of a number are told.
_FEW_DIGITS = (3, 4)
#: Without one of these it is not about last digits, and no digits are looked for.
_LED = re.compile("尾|[后末][三四]位")
#: What is said before the last digits of a number, and between: 「尾号错了，应该是8000」.
_ENDS = re.compile("(?:尾号|尾数|[后末][三四]位)(?:数字?)?[^0-9，,]{0,3}[，,]?(?:应该)?[是为]?$")


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


def with_ends(text: str, entities: Sequence[Entity], script: Script, task: Task) -> list[Entity]:
    """The entities, with the last digits of a phone number as such and no amount: 「尾号8000」.

    Other last digits than those of the number that is known are a number of which the rest is
    missing, for nobody knows that it is the same. Beside a whole number they say nothing new.
    """
    name = next((name for name, slot in script.slots.items() if "phone" in slot.type), "")
    found = _ends(fold(text)) if name else None
    if found is None:
        return list(entities)
    start, run = found
    ends = Entity("phone", None, text[run.start : run.end], run.start, run.end, problem="ends")
    left = [entity for entity in entities if not overlap(entity, replace(ends, start=start))]
    filled = task.slots.get(name)
    known = [filled.said if filled else "", *(e.value for e in left if e.type == "phone")]
    is_told = any(isinstance(number, str) and number.endswith(run.digits) for number in known)
    return left if is_told else [*left, ends]


def tells_end(text: str, number: str) -> bool:
    """Whether the last digits that are told are those of a number: 尾号5678 of 138…5678."""
    found = _ends(fold(text))
    return found is not None and number.endswith(found[1].digits)


def _ends(folded: str) -> tuple[int, Run] | None:
    """Where it begins to be about last digits, and these."""
    if not _LED.search(folded):
        return None
    runs = (run for run in find_runs(folded) if len(run.digits) in _FEW_DIGITS)
    led = ((_ENDS.search(folded[: run.start]), run) for run in runs)
    return next(((match.start(), run) for match, run in led if match), None)
