"""Which week 周二 is in, beside a day that was said before: 「下周一」 … 「那周二」."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from engine.dialog.reading.clocks import passes
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Value
from engine.dialog.wording.picked import picked
from engine.nlu.parse import Entity

#: A day of a week that is not named: 周二, and neither 下周二 nor 周二那天.
_BARE = re.compile("(?:周|星期|礼拜)[一二三四五六日天]")
_DAY = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
#: A day that comes every month, and one that comes every year.
_MONTHLY = re.compile(f"{_DAY}[号日]")
_YEARLY = re.compile(f"{_DAY}月{_DAY}[号日]?")
_OPEN = re.compile("|".join(each.pattern for each in (_BARE, _MONTHLY, _YEARLY)))
_WEEK, _MONTHS = timedelta(days=7), 12


def settled(
    values: Mapping[str, Value],
    entities: Iterable[Entity],
    script: Script,
    *,
    before: Mapping[str, Value],
    today: date,
    names: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Value]:
    """The values with a bare day of the week in that week which the day ``before`` is in.

    Where the slot's own rules refuse the coming one, and not the last one, that is meant; of a slot
    that takes the nearest one, where the last one is nearer.
    """
    dates = [e for e in entities if e.type == "date" and e.value]
    open_days = {e.value: e.text for e in dates if _OPEN.fullmatch(e.text)}
    found = dict(values)
    for name, value in values.items():
        slot = script.slots[name]
        if "date" in slot.type and isinstance(value, str) and value in open_days:
            said = open_days[value]
            if _BARE.fullmatch(said):
                found[name] = _beside(value, before.get(name), today)
            elif _MONTHLY.fullmatch(said):
                found[name] = _in_month(value, before.get(name))
            coming = str(found[name])
            last = _last(coming, said)
            known = {**names, **{n: picked(v) for n, v in found.items()}}
            # What takes tomorrow is no day that is over: 12月5号 is too late, and not last year's.
            is_past = not passes(slot, name, str(today + timedelta(days=1)), known)
            is_refused = is_past and not passes(slot, name, coming, known)
            if is_refused and passes(slot, name, last, known):
                found[name] = last
            elif _MONTHLY.fullmatch(said) and not passes(slot, name, coming, known):
                # 「从12月24号到27号」 in two messages.
                later = _next_month(coming) or coming
                found[name] = later if passes(slot, name, later, known) else coming
            elif slot.nearest:
                found[name] = min(coming, last, key=lambda each: _distance(each, today))
    return found


def _in_month(value: str, before: Value | None) -> str:
    """The day of the month next to the day before it: 24号 after 12月25日 is in December."""
    following = _next_month(value)
    try:
        other = date.fromisoformat(str(before))
    except ValueError:
        return value
    both = [date.fromisoformat(each) for each in (value, following) if each]
    return str(min(both, key=lambda each: abs(each - other)))


def _next_month(value: str) -> str:
    """The same day of the month after; nothing where it has none."""
    day = date.fromisoformat(value)
    try:
        return str(day.replace(year=day.year + day.month // _MONTHS, month=day.month % _MONTHS + 1))
    except ValueError:
        return ""


def _last(value: str, said: str) -> str:
    """The same day of the week, of the month or of the year, before this one."""
    day = date.fromisoformat(value)
    if _BARE.fullmatch(said):
        return str(day - _WEEK)
    month = day.replace(day=1)
    is_yearly = _YEARLY.fullmatch(said)
    month = month.replace(year=day.year - 1) if is_yearly else month - timedelta(days=1)
    return str(month.replace(day=min(day.day, monthrange(month.year, month.month)[1])))


def _distance(value: str, today: date) -> timedelta:
    return abs(date.fromisoformat(value) - today)


def _beside(value: str, before: Value | None, today: date) -> str:
    try:
        said, other = date.fromisoformat(value), date.fromisoformat(str(before))
    except ValueError:
        return value
    same_week = other + timedelta(days=said.weekday() - other.weekday())
    is_later = today <= said < same_week and same_week - today < 4 * _WEEK
    return same_week.isoformat() if is_later else value
