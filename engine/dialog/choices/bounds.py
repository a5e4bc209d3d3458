"""Choices within a bound that was said: 八点以后的, 一千以下的, 不超过五十的."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from engine.dialog.choices.quantities import MONEY, compared
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import read
from engine.nlu.parse import Entity

_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+)"
_UNIT = r"(?:块钱?|元钱?|(?P<unit>[位人座])|个?人)?"
#: A time that begins so says nothing of morning or evening.
_NUMERAL_FIRST = re.compile("[0-9零一二两三四五六七八九十]")
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?(\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?")


@functools.cache
def _amount() -> re.Pattern[str]:
    """A number and the bound that it is."""
    under, over = lexicon().bounds.under, lexicon().bounds.over
    return re.compile(
        rf"(?P<under>{either(under.before)})?(?P<over>(?<!不)(?:{either(over.before)}))?"
        rf"{_NUMBER}{_UNIT}(?P<below>{either(under.after)})?(?P<above>{either(over.after)})?"
    )


@functools.cache
def _sides() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What makes a bound of the time before it: later, and sooner."""
    bounds = lexicon().bounds
    return (
        re.compile(rf"(?:钟|整)?(?:{either(bounds.later)}|后面?(?![天年个]))"),
        re.compile(rf"(?:钟|整)?(?:{either(bounds.sooner)}|前(?![天年面]))"),
    )


def within(offers: Sequence[Offer], text: str, entities: Iterable[Entity]) -> list[Offer] | None:
    """The offers within the bound that was said, perhaps none; None where no bound was said.

    A time bounds when they begin, a number the quantity that their labels show.
    """
    times = [e for e in entities if e.type == "time" and e.value]
    for time in times:
        if (bound := _side(text[time.end :])) is not None:
            return _by_time(offers, time, later=bound)
    return None if times else _by_amount(offers, fold(text))


def _side(after: str) -> bool | None:
    later, sooner = _sides()
    if later.match(after):
        return True
    return False if sooner.match(after) else None


def _by_time(offers: Sequence[Offer], time: Entity, *, later: bool) -> list[Offer] | None:
    begins = [_begins(offer) for offer in offers]
    if not all(begins):
        return None
    readings = [
        [
            offer
            for offer, begin in zip(offers, begins, strict=True)
            if (begin >= bound if later else begin <= bound)
        ]
        for bound in _halves(time)
    ]
    # 十点以后 is ten in the morning where that leaves something out.
    parting = [left for left in readings if 0 < len(left) < len(offers)]
    return (parting or readings)[0]


def _halves(time: Entity) -> list[str]:
    """A time as it may be meant: without a part of the day, in the morning or in the evening."""
    value = time.value or ""
    if not _NUMERAL_FIRST.match(time.text) or ":" not in value:
        return [value]
    hour, minute = value.split(":")
    return sorted({value, f"{(int(hour) + 12) % 24:02}:{minute}"})


def _begins(offer: Offer) -> str:
    cells = (cell for cell in (offer.row or {}).values() if isinstance(cell, str))
    return next((found[1] for cell in cells if (found := _TIME.fullmatch(cell))), "")


def _by_amount(offers: Sequence[Offer], text: str) -> list[Offer] | None:
    for said in _amount().finditer(text):
        is_under, is_over = (said["under"] or said["below"]), (said["over"] or said["above"])
        bound = read(said["number"])
        if bound is None or bool(is_under) == bool(is_over):
            continue
        shown = compared(offers, text, frozenset(said["unit"] or "") or MONEY)
        if shown is None:
            return None
        return [
            offer
            for offer, number in zip(offers, shown, strict=True)
            if (number <= bound if is_under else number >= bound)
        ]
    return None
