"""Which week 周二 is in, beside a day that was said before: 「下周一」 … 「那周二」."""

from __future__ import annotations

import re
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
#: A day that comes every week, or every month.
_OPEN = re.compile(rf"{_BARE.pattern}|(?:[0-9]{{1,2}}|[一二三十]{{1,3}})[号日]")
_WEEK = timedelta(days=7)


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

    Where the slot's own rules refuse the coming one, and not the last one, that is meant.
    """
    dates = [e for e in entities if e.type == "date" and e.value]
    bare = {e.value: bool(_BARE.fullmatch(e.text)) for e in dates if _OPEN.fullmatch(e.text)}
    found = dict(values)
    for name, value in values.items():
        if "date" in script.slots[name].type and isinstance(value, str) and value in bare:
            if bare[value]:
                found[name] = _beside(value, before.get(name), today)
            last = _last(str(found[name]), is_weekday=bare[value])
            known = {**names, **{n: picked(v) for n, v in found.items()}}
            rules = script.slots[name]
            if not passes(rules, name, str(found[name]), known) and passes(
                rules, name, last, known
            ):
                found[name] = last
    return found


def _last(value: str, *, is_weekday: bool) -> str:
    """The same day of the week, or of the month, before this one."""
    day = date.fromisoformat(value)
    if is_weekday:
        return str(day - _WEEK)
    before = day.replace(day=1) - timedelta(days=1)
    return str(before.replace(day=min(day.day, before.day)))


def _beside(value: str, before: Value | None, today: date) -> str:
    try:
        said, other = date.fromisoformat(value), date.fromisoformat(str(before))
    except ValueError:
        return value
    same_week = other + timedelta(days=said.weekday() - other.weekday())
    is_later = today <= said < same_week and same_week - today < 4 * _WEEK
    return same_week.isoformat() if is_later else value
