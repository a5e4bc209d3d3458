"""Days of the calendar near a given day: months, weekdays, lunar dates, festivals, solar terms."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

#: The 24 solar terms in borax's order.
TERMS = [
    "小寒",
    "大寒",
    "立春",
    "雨水",
    "惊蛰",
    "春分",
    "清明",
    "谷雨",
    "立夏",
    "小满",
    "芒种",
    "夏至",
    "小暑",
    "大暑",
    "立秋",
    "处暑",
    "白露",
    "秋分",
    "寒露",
    "霜降",
    "立冬",
    "小雪",
    "大雪",
    "冬至",
]
#: The last lunar year that borax knows is 2100.
_YEARS = range(1901, 2100)


def day(year: int, month: int, of_month: int) -> date | None:
    """A date, or None where there is no such day."""
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def next_of(build: Callable[[int], date | None], *, today: date) -> date | None:
    """The first day that is not over, of the yearly days that ``build`` gives for a year."""
    for year in range(today.year - 1, today.year + 9):
        if (found := build(year)) and found >= today:
            return found
    return None


def lunar(year: int, month: int, of_month: int) -> date | None:
    """The solar date of a lunar one; day 30 of a short month is its last day."""
    if year not in _YEARS or not 1 <= month <= 12:
        return None
    of_month = min(of_month, LCalendars.ndays(year, month)) if of_month == 30 else of_month
    try:
        return _plain(LunarDate(year, month, of_month).to_solar_date())
    except ValueError:
        return None


def term(year: int, name: str) -> date | None:
    """The day of a solar term."""
    return _plain(TermUtils.day_start_from_term(year, name)) if year in _YEARS else None


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) … Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(start.day, last))


def month_end(start: date) -> date:
    """The last day of a month."""
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def _plain(value: date) -> date:
    return date(value.year, value.month, value.day)
