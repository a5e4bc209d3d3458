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
#: What stands between the ends of a range, with its verb: 停到. What moves a day makes none: 改到.
_LINK = re.compile(rf"{_TO}|(?![改换挪推延提调])[\u4e00-\u9fff]{{1,2}}{_TO}")
#: A week that is named apart from its days: 「下周出差，从周三停到周五」.
_WEEK = re.compile(
    "(?<!上)(?P<shift>下+)(?:一)?个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7]|的?今天)"
)
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


def in_week(utterance: Utterance, dates: Iterable[Entity]) -> Iterator[Entity]:
    """The dates with bare days of a week in the week that is named apart before them."""
    named = _WEEK.search(utterance.folded)
    today = utterance.now.date()
    for each in dates:
        if named and each.value and each.start >= named.end() and _WEEKDAY.fullmatch(each.text):
            weekday = date.fromisoformat(each.value).weekday() - today.weekday()
            value = today + timedelta(days=weekday, weeks=len(named["shift"]))
            each = replace(each, value=value.isoformat())
        yield each


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
