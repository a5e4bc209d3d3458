"""Points in time: a date with a time (明天下午三点), a time alone (下午三点), 半小时后."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from engine.nlu.grammar.clock import Clock
from engine.nlu.grammar.numerals import HANZI, read
from engine.nlu.grammar.spans import Spans, longest_first
from engine.nlu.grammar.succession import succession
from engine.nlu.grammar.utterance import SHANGHAI, Utterance
from engine.nlu.parse import Entity

_LINK = re.compile(r"(?:[\s,，]|的|那天|当天|那一天|上午|下午|大概|差不多|大约|左右|T|号|日){0,3}")
_NUMBER = rf"(?:[0-9]{{1,3}}(?:\.5)?|[{HANZI}]{{1,5}})"
_AFTER = re.compile(
    rf"(?P<lead>再?过|再等|等)?\s?(?<![{HANZI}0-9.第])"
    rf"(?:(?P<half>半)个?(?:小时|钟头)|(?P<hours>{_NUMBER})个?(?P<more>半)?(?:小时|"
    rf"钟头|钟(?!后))(?P<tail_half>半)?)?"
    rf"(?:零|又|加)?(?:(?P<quarters>[一两二三1-3])刻钟?|(?P<minutes>{_NUMBER})分钟?)?"
    r"(?P<after>之后|以后|过后|后(?!天|面|排|边|年|日|期)|之前|以前|前(?!面|排|边|天|台))?"
)
_HAS_UNIT = re.compile("小时|钟头|钟|刻|分")
#: Without 早上/下午 an hour is meant in the waking half of the day, from this hour on.
_WAKING = 6


def find_times(utterance: Utterance, clocks: list[Clock], dates: list[Entity]) -> list[Entity]:
    """``HH:MM`` of every time of day."""
    found = []
    for clock, date in _dated(utterance, clocks, dates):
        hour = _settled(clock, utterance.now, date).hour
        value = f"{hour % 24:02}:{clock.minute:02}"
        found.append(utterance.entity("time", value, clock.start, clock.end))
    return found


def find_moments(utterance: Utterance, clocks: list[Clock], dates: list[Entity]) -> list[Entity]:
    """``YYYY-MM-DDTHH:MM``; from a time without a date loose, the next such time."""
    found = [_moment(utterance, *pair) for pair in _dated(utterance, clocks, dates)]
    return longest_first([*found, *_relative(utterance)])


def _moment(utterance: Utterance, clock: Clock, date: Entity | None) -> Entity:
    if date is None or date.value is None:
        moment = _next(clock, utterance.now)
        return utterance.entity("datetime", _iso(moment), clock.start, clock.end, strict=False)
    settled = _settled(clock, utterance.now, date)
    midnight = datetime.fromisoformat(date.value)
    moment = midnight + timedelta(hours=settled.hour, minutes=settled.minute)
    if moment < midnight + timedelta(hours=_WAKING) and date.text == "今天":
        past = moment < utterance.now.replace(tzinfo=None)
        moment += timedelta(days=past)
    start, end = min(date.start, clock.start), max(date.end, clock.end)
    return utterance.entity("datetime", _iso(moment), start, end)


def _dated(
    utterance: Utterance, clocks: list[Clock], dates: list[Entity]
) -> Iterator[tuple[Clock, Entity | None]]:
    """Every time with the date right before it, or with the only date beside the only time."""
    spans = Spans(dates)
    lone = len(dates) == len(clocks) == 1
    last: Entity | None = None
    for clock, follows in succession(utterance, clocks):
        date = spans.before(clock.start)
        gap = utterance.folded[date.end : clock.start] if date else ""
        near = len(gap) <= 16 if lone else bool(_LINK.fullmatch(gap))
        if not near and follows and last:
            # 明天下午两点到四点: the day of the first, but only its own words.
            yield clock, replace(last, start=clock.start, end=clock.end)
            continue
        last = date if near else None
        yield clock, last


def _part_in(words: str) -> str:
    """今晚, 明早: the part of the day inside a date word."""
    if "晚" in words or "夜" in words:
        return "evening"
    return "morning" if "早" in words or "晨" in words else ""


def _settled(clock: Clock, now: datetime, date: Entity | None) -> Clock:
    """An open hour read as a customer means it: 三点 is in the afternoon, 八点 in the morning."""
    if not clock.is_open:
        return clock
    if date is None:
        return replace(clock, hour=_next(clock, now).hour, exact=True)
    part = _part_in(date.text)
    late = clock.hour < 12 if part == "evening" else not part and clock.hour < _WAKING
    return replace(clock, hour=clock.hour + 12 * late, exact=True)


def _next(clock: Clock, now: datetime) -> datetime:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    halves = (0, 12) if clock.is_open else (0,)
    hours = [clock.hour % 24 + half if clock.is_open else clock.hour for half in halves]
    if clock.is_open:
        hours = [hour for hour in hours if _WAKING <= hour < 24]
    options = [
        today + timedelta(days=day, hours=hour, minutes=clock.minute)
        for day in (-1, 0, 1, 2)
        for hour in hours
        if day >= 0 or hour >= 24
    ]
    return next(option for option in options if option > now)


def _relative(utterance: Utterance) -> Iterator[Entity]:
    if not _HAS_UNIT.search(utterance.folded):
        return
    for match in _AFTER.finditer(utterance.folded):
        if not (match["after"] or match["lead"]) or not _HAS_UNIT.search(match[0]):
            continue
        minutes = _minutes(match)
        if minutes:
            sign = -1 if "前" in (match["after"] or "") else 1
            moment = utterance.now + timedelta(minutes=sign * minutes)
            yield utterance.entity("datetime", _iso(moment), match.start(), match.end())


def _minutes(match: re.Match[str]) -> int:
    total = 30.0 * sum(bool(match[name]) for name in ("half", "more", "tail_half"))
    total += 60 * _number(match["hours"]) + 15 * _number(match["quarters"])
    return int(total + _number(match["minutes"]))


def _number(said: str | None) -> float:
    value = read(said) if said else None
    return float(value) if value is not None and value < 1000 else 0.0


def _iso(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%dT%H:%M")
