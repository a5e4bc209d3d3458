"""Choices by a value that their row holds: a day, a time, a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.dialog.choices.quantities import MONEY, quantities
from engine.dialog.state.session import Offer
from engine.dialog.wording import words
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.numerals import read
from engine.nlu.parse import Entity

#: An hour that says nothing of morning or evening, up to twelve.
_HOUR = re.compile("[0-9零一二两三四五六七八九十]+")
_NOON = 12
#: After a time of day: that one, and what is to be done with it.
_AND_THEN = (
    r"(?:那一?[班趟个]|的?航班|的)(?:那?[班趟个])?(?:[也先就]|[\s，,]|要?办|"
    r"(?:几点|准点|晚点|延误)|呢|$)"
)
#: Before a time of day that is not meant: 「不是早上那个，是晚上的」.
_DENIED = re.compile("(?:不是|不要|除了|[不别](?:办|坐|选|要)?)(?:明天|今天|后天|那个)?$")
#: A span has two times.
_BOTH_ENDS = 2
#: A month, and no length of time: 八月那笔, 8月份办的.
_MONTH = re.compile(
    r"(?<![\d零一二两三四五六七八九十个几半])(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    r"(?![底初中末]|的?(?:\d|[一二三四五六七八九十]{1,3}[号日]))"
)
#: A day without its year, or a day of any month.
_NO_YEAR = re.compile(r"(?:[\d一二三四五六七八九十]{1,3}月)?[\d一二三四五六七八九十]{1,3}[号日]?")
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
#: A cell that is a time of day, or a moment: 09:30, 2026-11-24T09:30.
_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ])?([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?"
)


def by_content(offers: Sequence[Offer], entities: list[Entity]) -> list[Offer]:
    """Offers whose row holds a value that was said, each value narrowing further."""
    left, narrowed = list(offers), False
    if span := _by_span(offers, entities):
        return span
    for entity in entities:
        match = _holding(left, entity)
        if not match and (other := _other_half(entity)):
            match = [offer for offer in left if _times(offer)[:1] == [other.value]]
        match = match or _around(left, entity)
        if match and len(match) < len(offers):
            left, narrowed = match, True
    return left if narrowed else []


def _holding(offers: Sequence[Offer], entity: Entity) -> list[Offer]:
    """The offers with a value; of a time those that begin then, before those that end then.

    Of a price only those that show it as one: 「10块的」 of 每枚10元 and 限10枚.
    """
    if priced := _priced(offers, entity):
        return priced
    match = [offer for offer in offers if _holds(offer, entity)]
    if entity.type != "time":
        return match or [o for o in offers if is_of_that_day(o, entity)]
    return [offer for offer in match if _times(offer)[:1] == [entity.value]] or match


def _priced(offers: Sequence[Offer], entity: Entity) -> list[Offer]:
    if entity.type != "money" or not entity.value or not MONEY & {*entity.text}:
        return []
    price = float(entity.value)
    shown = ((offer, quantities(offer.label)) for offer in offers if offer.row)
    return [o for o, each in shown if any(q.unit in MONEY and q.number == price for q in each)]


def is_of_that_day(offer: Offer, entity: Entity) -> bool:
    """Whether a row has the day that is said without its year: 「10月28号那次」, 「28号的」.

    What was said is read as a day to come; a row tells what has been as well.
    """
    if entity.type != "date" or not entity.value or not _NO_YEAR.fullmatch(entity.text):
        return False
    said = entity.value[-5:] if "月" in entity.text else entity.value[-2:]
    cells = (str(cell) for cell in (offer.row or {}).values())
    return any(cell[:10].endswith(said) for cell in cells if _DATED.match(cell))


def _by_span(offers: Sequence[Offer], entities: Sequence[Entity]) -> list[Offer]:
    """The offers from the one of two times to the other: 「9点到12点」 of 09:00-12:00."""
    said = [e for e in entities if e.type == "time" and e.value]
    if len(said) != _BOTH_ENDS:
        return []
    readings = [{each.value, other.value if (other := _other_half(each)) else ""} for each in said]
    return [
        offer
        for offer in offers
        if len(times := _times(offer)) == _BOTH_ENDS
        and all(time in either for time, either in zip(times, readings, strict=True))
    ]


def _around(offers: Sequence[Offer], entity: Entity) -> list[Offer]:
    """The offers from a time to another one with what was said between them: 10点 of 9 to 12."""
    if entity.type != "time" or not entity.value:
        return []
    readings = (entity.value, other.value if (other := _other_half(entity)) else "")
    spans = [(offer, _times(offer)) for offer in offers]
    if any(len(times) != _BOTH_ENDS for _, times in spans):
        return []
    for value in filter(None, readings):
        if found := [offer for offer, (begin, end) in spans if begin <= value < end]:
            return found
    return []


def _other_half(entity: Entity) -> Entity | None:
    """九点 is nine in the evening where nothing leaves at nine in the morning, and the reverse."""
    said = _HOUR.match(entity.text)
    if entity.type != "time" or not entity.value or said is None:
        return None
    if (read(said[0]) or 0) > _NOON:
        return None
    hour, minute = entity.value.split(":")
    return replace(entity, value=f"{(int(hour) + 12) % 24:02}:{minute}")


def _holds(offer: Offer, entity: Entity) -> bool:
    """Whether a row has a value: as it is kept, as it was said, or as the time it is at."""
    if entity.value is None:
        return False
    # A system that answers over HTTP has its numbers as numbers.
    cells = [str(cell) for cell in (offer.row or {}).values() if isinstance(cell, str | int)]
    if entity.type == "date":
        return any(cell == entity.value or cell.startswith(f"{entity.value}T") for cell in cells)
    if entity.type == "time":
        return any(_clock(cell) == entity.value for cell in cells)
    return entity.value in cells or entity.text in cells


def in_month(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers with a day in the one month that is named, and no day of it: 「八月那笔」."""
    named = {read(found["month"]) for found in _MONTH.finditer(text)}
    if len(named) != 1:
        return []
    month = named.pop()
    days = [
        [cell for cell in (offer.row or {}).values() if _DATED.match(str(cell))] for offer in offers
    ]
    found = [
        offer
        for offer, cells in zip(offers, days, strict=True)
        if any(int(str(cell)[5:7]) == month for cell in cells)
    ]
    return found if len(found) < len(offers) else []


def at_daypart(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    """The offers that begin in the time of day that is named; none where none is.

    Where several are named, that in any: 「把明晚的改到周日下午」 leaves open which is meant.
    """
    named = {
        word: span
        for word, span in dayparts.items()
        if any(not _DENIED.search(text[: at.start()]) for at in re.finditer(re.escape(word), text))
    }
    if shown := _showing(offers, text, dayparts):
        return shown
    there = _beginning_in(offers, [*named.values()])
    hearts = {word: span for word, span in lexicon().at_heart.items() if word in text}
    heart = _beginning_in(there, [*hearts.values()])
    # 「早上和晚上的」 are not only those at the heart of the morning.
    is_only = all(any(word in each or each in word for each in hearts) for word in named)
    return heart if len(heart) == 1 and is_only else there


def _showing(offers: Sequence[Offer], text: str, dayparts: Iterable[str]) -> list[Offer]:
    """The one offer whose own name is of a time of day that is named: 夜场 for 「晚上的」."""
    words = lexicon().dayparts_in_names
    said = [
        word for part, names in words.items() if part in dayparts and part in text for word in names
    ]
    shown = [
        offer
        for offer in offers
        if offer.row
        and any(w in str(c) for c in offer.row.values() for w in said if c != offer.label)
    ]
    return shown if len(shown) == 1 < len(offers) else []


def _beginning_in(offers: Iterable[Offer], spans: Sequence[tuple[int, int]]) -> list[Offer]:
    return [
        offer
        for offer in offers
        if any(start <= hour < end for hour in _hours(offer) for start, end in spans)
    ]


def points_at_a_time(text: str, dayparts: Iterable[str]) -> bool:
    """Whether words point at what is at a time of day, and do something with it: 「早上的也办」."""
    return re.search(rf"(?:{words.either(tuple(dayparts)).pattern}){_AND_THEN}", text) is not None


def _hours(offer: Offer) -> list[int]:
    """The hour of the first time in the row: when it starts."""
    return [int(time[:2]) for time in _times(offer)[:1]]


def _times(offer: Offer) -> list[str]:
    cells = (cell for cell in (offer.row or {}).values() if isinstance(cell, str))
    return [time for time in map(_clock, cells) if time]


def _clock(cell: str) -> str:
    """The time of a cell that is a time or a moment, as HH:MM; nothing of any other one."""
    found = _TIME.fullmatch(cell)
    return f"{int(found[1]):02}:{found[2]}" if found else ""
