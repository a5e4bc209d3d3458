"""Dates beside each other: one day said twice, and ranges of which one end says less (25到28号)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from engine.nlu.grammar.calendar import add_months, day
from engine.nlu.grammar.numerals import HANZI, SMALL, small
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_TO = r"\s?(?:到|至|[-~—])\s?"
_LINK = re.compile(_TO)
_ALONE = re.compile(rf"(?P<day>{SMALL})[号日]")
_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六日天1-7]")
#: The first day, which leaves 号 to the last: not in 8点到9号 nor in 3-5号线.
FIRST = re.compile(
    rf"(?<![0-9{HANZI}A-Z月第:.\-/])(?P<day>{SMALL})(?={_TO}(?:{SMALL})[号日](?![线门厅楼位座机院游]))"
)


def merged(utterance: Utterance, dates: Iterable[Entity]) -> Iterator[Entity]:
    """One day said twice in a row is one date: 三月八号妇女节."""
    last: Entity | None = None
    for each in dates:
        if last and last.value == each.value and each.start - last.end <= 1:
            last = utterance.entity("date", last.value, last.start, each.end)
            continue
        if last:
            yield last
        last = each
    if last:
        yield last


def carried(dates: Iterable[Entity]) -> Iterator[Entity]:
    """The dates with the last day of a range in the month that its first day names."""
    last: Entity | None = None
    for each in dates:
        if last and (until := _until(last, each)):
            each = replace(each, value=until)
        yield each
        last = each


def linked(utterance: Utterance, dates: Iterable[Entity]) -> Iterator[Entity]:
    """All dates by position, those of a range as `carried` reads them."""
    group: list[Entity] = []
    for each in dates:
        between = utterance.folded[group[-1].end : each.start] if group else ""
        if group and not _LINK.fullmatch(between):
            yield from carried(group)
            group = []
        group.append(each)
    yield from carried(group)


def _until(first: Entity, last: Entity) -> str | None:
    """The next such day from the first one on, where the last names neither month nor week."""
    if not first.value or not last.value:
        return None
    begin = date.fromisoformat(first.value)
    if _WEEKDAY.fullmatch(last.text):
        ahead = (date.fromisoformat(last.value) - begin).days % 7
        return (begin + timedelta(days=ahead)).isoformat()
    alone = _ALONE.fullmatch(last.text)
    if not alone:
        return None
    months = (add_months(begin.replace(day=1), ahead) for ahead in range(13))
    days = (day(month.year, month.month, small(alone["day"])) for month in months)
    return next((each.isoformat() for each in days if each and each >= begin), None)
