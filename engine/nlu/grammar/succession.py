"""Times said one after the other: what the first one says holds for the next (下午两点到四点)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.nlu.grammar.clock import Clock, hour_in
from engine.nlu.grammar.utterance import Utterance

_RANGE = re.compile(r"(?:钟|多)?\s?(?:到|至|[-~—])\s?")
_REPAIR = re.compile(
    r"[\s,，]?(?:[哦噢啊]?不对?|不是|错了|说错了|改成|换成|应该是)[\s,，]?(?:是|应该是|改成)?"
)


def succession(utterance: Utterance, clocks: list[Clock]) -> Iterator[tuple[Clock, bool]]:
    """Every time, and whether it goes on from the one before it, whose part of the day it takes."""
    last: Clock | None = None
    for clock in clocks:
        between = utterance.folded[last.end : clock.start] if last else ""
        repairs = bool(_REPAIR.fullmatch(between))
        follows = repairs or bool(_RANGE.fullmatch(between))
        if last and follows:
            clock = _same_part(last, clock, repairs=repairs)
        yield clock, follows
        last = clock


def _same_part(last: Clock, clock: Clock, *, repairs: bool) -> Clock:
    """An open hour in the part of the day of the one before; the end of a range is later."""
    if not clock.is_open or not last.part or last.part == "named":
        return clock
    hour = hour_in(clock.hour, last.part)
    if hour is None or (not repairs and (hour, clock.minute) <= (last.hour, last.minute)):
        return clock
    return replace(clock, hour=hour, part=last.part)
