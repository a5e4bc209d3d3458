"""Finding the choice on the table that an utterance means: by number, label, content or time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from engine.dialog.choices.bounds import within
from engine.dialog.choices.cells import codes_in, words_in
from engine.dialog.choices.extremes import outermost
from engine.dialog.choices.quantities import counted_in
from engine.dialog.reading.listing import heard_in, names_of
from engine.dialog.reading.titles import addressed
from engine.dialog.state.session import Offer, Value
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: A time that begins so says nothing of morning or evening.
_NUMERALS = "0123456789零一二两三四五六七八九十"
#: What points at one of several things, after its name: 那个, 的那笔吧.
_POINTER = re.compile(r"的?[那这]?一?[个笔张班份条项单]?[的吧呢啊]*$")
#: The last digits by which a long number is known.
_ENDS = re.compile(r"(?<![0-9])[0-9]{3,6}(?![0-9])")
#: Numbers this short are said whole.
_SHORT = 8
#: A cell that is a time of day, or a moment: 09:30, 2026-11-24T09:30.
_TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ])?([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?"
)
#: What begins words that choose nothing: 不要靠窗.
_NOT = ("不", "别", "没")
#: Right before the name of what is not wanted: 不要(看)张医生.
_DENIED = re.compile(r"(?:不是?|不要|别|除了)[^\W，。]?$")
#: What makes words that name a choice something else than taking it.
_OTHERWISE = re.compile(r"[不别吗么几谁]|多少|怎|什么|哪|为何|查")
#: Characters of a message that does nothing else than naming one choice.
_FEW = 10
#: Characters that make a part of a word.
_PART = 2
#: What may stand beside a name that is only known by its sound: 就找小雨吧.
_BESIDE = 3


def meant(
    offers: Sequence[Offer],
    text: str,
    entities: Iterable[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> list[Offer]:
    """The offers meant: one, or those that are left where an utterance only narrows them down."""
    found = list(entities)
    exact = _by_label(offers, text) or _by_number(offers, text, found)
    if exact:
        return [exact]
    if (bounded := within(offers, text, found)) is not None:
        return bounded
    if furthest := outermost(offers, text):
        return furthest
    if (there := counted_in(offers, text)) and len(there) < len(offers):
        return there
    alike = _by_content(offers, found)
    left = at_daypart(alike or offers, text, dayparts) or alike
    named = left or _by_words(offers, text) or _by_end(offers, text) or _by_sound(offers, text)
    return named or (meant(offers, fold(text), found, dayparts) if fold(text) != text else [])


def named_by(
    opener: str, offers: Sequence[Offer], dayparts: Mapping[str, tuple[int, int]]
) -> Sequence[Offer]:
    """Of several offers those that the words which began the task name: 明天上午那班, 手机话费那笔.

    All of them where the words tell nothing apart.
    """
    left = at_daypart(offers, opener, dayparts) or list(offers)
    named = [offer for offer in left if any(cell in opener for cell in words_in(offer))]
    named = named if len(named) == 1 else _by_own_part(left, opener)
    return named if len(named) == 1 else left


def named_instead(text: str, offers: Sequence[Offer], value: Value) -> Offer | None:
    """The one offer that is named beside a word that means another: 宽带的全交 is not all bills."""
    named = _by_own_part(offers, text)
    return named[0] if len(named) == 1 and named[0].value != value else None


def named_whole(
    text: str, offers: Sequence[Offer], entities: Iterable[Entity], *, but: Value = ""
) -> Offer | None:
    """The one offer that is named in full among other words: 「不对，看流浪地球」.

    By its label, or a word or time of its row that no other one has. ``but`` is the value that is
    chosen already.
    """
    found = list(entities)
    times = [e for e in found if e.type == "time" and e.value]
    # A code that is a value, as a flight's number is, may be meant for a slot of its own.
    values = {e.value for e in found}
    named = [offer for offer in offers if _is_named_whole(offer, text, offers, values)]
    named = named or _by_content(offers, times)
    return named[0] if len(named) == 1 and named[0].value != but else None


def _is_named_whole(
    offer: Offer, text: str, offers: Sequence[Offer], values: Collection[str | None]
) -> bool:
    own = [cell for cell in words_in(offer) if sum(cell in words_in(o) for o in offers) == 1]
    label = [] if len(offer.label) == 1 or offer.label.isdecimal() else [offer.label]
    others = {form for other in offers if other != offer for form in addressed(words_in(other))}
    forms = [form for form in addressed(words_in(offer)) if form not in others]
    codes = [
        rf"(?i:(?<![A-Z0-9]){code}(?![A-Z0-9]))" for code in codes_in(offer) if code not in values
    ]
    return any(
        not _DENIED.search(text[: found.start()])
        for name in {*map(re.escape, (*own, *label, *forms)), *codes}
        for found in re.finditer(name, text)
    )


def names_several(text: str, offers: Sequence[Offer]) -> bool:
    """Whether more than one of the offers is named: 话费和宽带费."""
    return len(_by_own_part(offers, text)) > 1


def _by_own_part(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers of which a part is named that no other one has: 宽带 of 宽带费, beside 手机话费."""
    parts = [
        {cell[at : at + _PART] for cell in words_in(offer) for at in range(len(cell) - 1)}
        for offer in offers
    ]
    return [
        offer
        for offer, own in zip(offers, parts, strict=True)
        if any(part in text and sum(part in each for each in parts) == 1 for part in own)
    ]


def _by_words(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers that a part of their label names (宽带那个), or a word of their row (交宽带费)."""
    part = _POINTER.sub("", text)
    # A part of a number is another number.
    if len(part) > 1 and not part.isdecimal():
        named = [offer for offer in offers if part in offer.label]
        if named:
            return named
    said = [
        offer
        for offer in offers
        if any(_is_most_of(name, text) for name in (*words_in(offer), *addressed(words_in(offer))))
    ]
    if 0 < len(said) < len(offers):
        return said
    return [] if _OTHERWISE.search(text) else _pointed(offers, text)


def _pointed(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offer of which a part is all that a few words name: 手机那笔先付掉."""
    named = _by_own_part(offers, text)
    are_rows = all(offer.row is not None for offer in offers)
    if not named and are_rows and "除" not in text:
        labels = [Offer(o.slot, o.value, o.label, {"label": o.label}) for o in offers]
        named = [offers[labels.index(each)] for each in _by_own_part(labels, text)]
    return named if len(named) == 1 and len(text) <= _FEW else []


def _by_end(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers that are long numbers, by the last digits of one of them: 尾号8000的."""
    said = _ENDS.findall(text)
    ends = said[0] if len(said) == 1 else ""
    return [
        offer for offer in offers if ends and _is_long(offer.value) and offer.value.endswith(ends)
    ]


def _is_long(value: str) -> bool:
    return value.isdecimal() and len(value) > _SHORT


def _is_most_of(cell: str, text: str) -> bool:
    return cell in text and len(text) - len(cell) <= _BESIDE


def _by_sound(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers whose label, or a name in their row, sounds like what was said; not all of them."""
    part = _POINTER.sub("", text).removesuffix("的")
    is_part = len(part) > 1 and not part.isdecimal() and not text.startswith(_NOT)
    alike = [
        offer
        for offer in offers
        if (is_part and (heard_in(offer.label, part) or _is_heard(offer.label, text)))
        or any(_is_heard(name, text) for name in names_of(offer.row))
    ]
    return alike if len(alike) < len(offers) else []


def _is_heard(name: str, text: str) -> bool:
    return heard_in(text, name) is not None and len(text) <= len(name) + _BESIDE


def several(offers: Sequence[Offer], text: str, entities: Iterable[Entity]) -> list[Offer]:
    """All the offers that are named, by label, name or number: 张三和李四, 第一个和第三个."""
    named = [
        offer
        for offer in offers
        if any(heard_in(text, word) for word in (offer.value, *names_of(offer.row)))
    ]
    numbers = [int(e.value) for e in entities if e.type == "ordinal" and e.strict and e.value]
    places = [number - 1 if number > 0 else len(offers) + number for number in numbers]
    return named or [offers[at] for at in dict.fromkeys(places) if 0 <= at < len(offers)]


def _by_label(offers: Sequence[Offer], text: str) -> Offer | None:
    for number, offer in enumerate(offers, start=1):
        if text in (offer.label, offer.value, f"{number}. {offer.label}"):
            return offer
    return None


def _by_number(offers: Sequence[Offer], text: str, entities: list[Entity]) -> Offer | None:
    """第二个, 最后一个; a bare 2 only where choices are numbered: elsewhere it may be a value."""
    is_numbered = all(offer.row is not None or not offer.slot for offer in offers)
    for entity in entities:
        if entity.type != "ordinal" or entity.value is None:
            continue
        if not entity.strict and not (is_numbered and entity.text == text.strip("。，,. ")):
            continue
        position = int(entity.value)
        index = position - 1 if position > 0 else len(offers) + position
        if 0 <= index < len(offers):
            return offers[index]
    return None


def _by_content(offers: Sequence[Offer], entities: list[Entity]) -> list[Offer]:
    """Offers whose row holds a value that was said, each value narrowing further."""
    left, narrowed = list(offers), False
    for entity in entities:
        match = [offer for offer in left if _holds(offer, entity)]
        if not match and (other := _other_half(entity)):
            match = [offer for offer in left if _holds(offer, other)]
        if match and len(match) < len(offers):
            left, narrowed = match, True
    return left if narrowed else []


def _other_half(entity: Entity) -> Entity | None:
    """九点 is nine in the evening where nothing leaves at nine in the morning, and the reverse."""
    if entity.type != "time" or not entity.value or entity.text[0] not in _NUMERALS:
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


def at_daypart(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    """The offers that begin in the time of day that is named; none where none is."""
    for word, (start, end) in dayparts.items():
        if word in text:
            return [offer for offer in offers if any(start <= h < end for h in _hours(offer))]
    return []


def _hours(offer: Offer) -> list[int]:
    """The hour of the first time in the row: when it starts."""
    times = (_clock(cell) for cell in (offer.row or {}).values() if isinstance(cell, str))
    return [int(time[:2]) for time in times if time][:1]


def _clock(cell: str) -> str:
    """The time of a cell that is a time or a moment, as HH:MM; nothing of any other one."""
    found = _TIME.fullmatch(cell)
    return f"{int(found[1]):02}:{found[2]}" if found else ""
