"""Filters of script text: how values are shown to customers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import jinja2

_WEEKDAYS = "一二三四五六日"
_NEAR_DAYS = {0: "今天", 1: "明天", 2: "后天", -1: "昨天"}


def mask(value: object) -> str:
    """A phone or ID number with its middle hidden: ``138****5678``, ``110101********002X``."""
    text = str(value)
    head, tail = (6, 4) if len(text) > 11 else (3, 4)
    if len(text) <= head + tail:
        return text[:1] + "*" * (len(text) - 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def clock(value: object) -> str:
    """The time of day of an ISO date-time: ``08:30``. What is no date-time stays as it is."""
    try:
        return datetime.fromisoformat(str(value)).strftime("%H:%M")
    except ValueError:
        return _shown(value)


@jinja2.pass_context
def day(context: jinja2.runtime.Context, value: object) -> str:
    """A date as customers say it: ``11月24日（明天）``, else with the weekday.

    What is no date stays as it is.
    """
    try:
        when = date.fromisoformat(str(value)[:10])
    except ValueError:
        return _shown(value)
    distance = (when - context["now"].date()).days
    note = _NEAR_DAYS.get(distance, f"周{_WEEKDAYS[when.weekday()]}")
    return f"{when.month}月{when.day}日（{note}）"


@jinja2.pass_context
def coming_day(context: jinja2.runtime.Context, value: object) -> str:
    """The next date that is this day of a month, from today on; nothing for what is no day."""
    if not (str(value).isdecimal() and 1 <= int(str(value)) <= 31):
        return ""
    today = context["now"].date()
    days = (today + timedelta(days=ahead) for ahead in range(62))
    return next((day.isoformat() for day in days if day.day == int(str(value))), "")


def _shown(value: object) -> str:
    return "" if value is None else str(value)
