"""Finding the choice on the table that an utterance means: by number, label, content or time."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.dialog.choices.abbreviating import abbreviated, in_any_order
from engine.dialog.choices.bounds import within
from engine.dialog.choices.cells import as_shown, in_digits, words_in, words_of
from engine.dialog.choices.contents import at_daypart, by_content, in_month
from engine.dialog.choices.extremes import at_the_end, is_all, outermost
from engine.dialog.choices.hours import by_hours
from engine.dialog.choices.listed import listed
from engine.dialog.choices.naming import by_characters, by_kind, by_name, by_own_part
from engine.dialog.choices.quantities import MONEY, about, as_long, begun_with, counted_in
from engine.dialog.choices.sparing import spared
from engine.dialog.reading.names import heard_in, names_of
from engine.dialog.reading.titles import addressed
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: What may stand before the name of what is taken: 就洗澡.
_TAKES = "就只要做选来那"
#: The one of three that has one on either side.
_MIDDLE = re.compile(
    "[就要选那]*(?:最|正)?(?:中间|当中|居中)(?:的?那?[一]?[个档种款张份班趟间]?)的?[吧呢啊]*"
)
#: The last digits by which a long number is known.
_ENDS = re.compile(r"(?<![0-9])[0-9]{3,6}(?![0-9])")
_SAYS_ENDS = re.compile("尾|末|最后|后[几两三四五]|结尾")
_NUMBER = re.compile(r"[0-9]+")
#: Numbers this short are said whole.
_SHORT = 8
#: What begins words that choose nothing: 不要靠窗.
_NOT = ("不", "别", "没")
#: What begins words for the one that lacks something: 没逾期的.
_HAS_NOT = re.compile("(?:[就要选那先交缴付]|还(?!是))*(?:没有?|未|不是)(?:被)?")
#: The same among other words: 「把没逾期的交了」; 「有没有逾期的」 only asks.
_LACKS = re.compile("(?<!有)(?:没有?|未)(?:被)?(?P<what>[\u4e00-\u9fff]{2})")
#: What makes words that name a choice something else than taking it.
_OTHERWISE = re.compile(r"[不别吗么几谁]|多少|怎|什么|哪|为何|查")
#: Characters of a message that does nothing else than naming one choice.
_FEW = 10
#: What may stand beside a name that is only known by its sound: 就找小雨吧.
_BESIDE = 3


@functools.cache
def _pointer() -> re.Pattern[str]:
    """What points at one of several things, after its name: 那个, 的那笔吧."""
    any_of_them, some = lexicon().measures, "个笔张班份条项单"
    return re.compile(rf"的?(?:[那这]一?[{any_of_them}]|[那这]?一?[{some}]?)[的吧呢啊了]*$")


def meant(
    offers: Sequence[Offer],
    text: str,
    entities: Iterable[Entity],
    dayparts: Mapping[str, tuple[int, int]],
) -> list[Offer]:
    """The offers meant: one, or those that are left where an utterance only narrows them down."""
    found, text = list(_beside_shapes(entities, text)), as_shown(text, offers)
    if left := spared(offers, text, dayparts, found):
        return left
    if several_named := listed(offers, text, found):
        return several_named
    exact = _by_label(offers, text) or by_name(offers, text) or _by_number(offers, text, found)
    if exact:
        return [exact]
    if all_said := in_any_order(offers, text):
        return all_said
    if (bounded := within(offers, text, found)) is not None:
        return bounded
    if furthest := at_the_end(offers, text) or by_hours(offers, text):
        return furthest
    if furthest := _outermost(offers, text, dayparts):
        return furthest
    there = counted_in(offers, text) or begun_with(offers, text) or as_long(offers, text)
    there = there or in_month(offers, text) or about([o for o in offers if not is_all(o)], text)
    if 0 < len(there) < len(offers):
        return there
    alike = by_content(offers, [each for each in found if not _is_measure(each, text)])
    there = at_daypart(alike or offers, text, dayparts) or alike
    offers = [offer for offer in offers if not is_all(offer)] or offers
    named = there or by_words(offers, text) or by_end(offers, text) or _by_sound(offers, text)
    named = named or abbreviated(offers, _pointer().sub("", text).lstrip(_TAKES))
    named = named or by_characters(offers, text)
    return named or (meant(offers, fold(text), found, dayparts) if fold(text) != text else [])


def _beside_shapes(entities: Iterable[Entity], text: str) -> Iterator[Entity]:
    """The values outside of addresses and the like: 8 of 北京路8号 is no row with an 8."""
    spans = [found.span() for s in lexicon().shapes for found in re.finditer(s.pattern, text)]
    for entity in entities:
        if not any(start <= entity.start and entity.end <= end for start, end in spans):
            yield entity


def _is_measure(entity: Entity, text: str) -> bool:
    """Whether a number is a length or a weight: 2 of 「2个小时」 is not what is left of places."""
    units = (*lexicon().measured, *lexicon().long_counters)
    after = text[entity.end :].lstrip().removeprefix("个")
    return entity.type == "number" and after.startswith(units)


def _outermost(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    """The first, the least … of all, or of those at the time of day that is named: 早上最早的."""
    if said := outermost(offers, text):
        return said
    part = max(filter(text.startswith, dayparts), key=len, default="")
    there = at_daypart(offers, part, dayparts) if part else []
    return outermost(there, text.removeprefix(part).lstrip("的，, ")) if there else []


def by_words(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers that a part of their label names (宽带那个), or a word of their row (交宽带费)."""
    part = _pointer().sub("", text)
    said_not = _LACKS.search(text)
    if said_not and any(said_not["what"] in offer.label for offer in offers):
        return _others(offers, said_not["what"])
    lacks = _HAS_NOT.match(part)
    if lacks and not any(part in offer.label for offer in offers):
        return _others(offers, part[lacks.end() :])
    # A part of a number is another number.
    if len(part) > 1 and not part.isdecimal():
        # 2期 is no part of 12期.
        start = r"(?<!\d)" if part[0].isdecimal() else ""
        named = [o for o in offers if re.search(start + re.escape(part), o.label)]
        # 「主任」 of 主任医师 and 副主任医师.
        begun = [o for o in named if any(word.startswith(part) for word in words_of(o))]
        named = begun if len(begun) == 1 else named
        # 洗澡 is not 洗澡+剪毛.
        whole = [o for o in offers if part.lstrip(_TAKES) in words_of(o)]
        if len(whole) == 1 or named:
            return whole if len(whole) == 1 else named
    said = [
        offer
        for offer in offers
        if any(_is_most_of(name, text) for name in (*words_in(offer), *addressed(words_in(offer))))
    ]
    if 0 < len(said) < len(offers):
        return said
    return [] if _OTHERWISE.search(text) else _pointed(offers, text)


def _others(offers: Sequence[Offer], part: str) -> list[Offer]:
    """The one offer that is not what its label does not have: 没逾期的那个."""
    left = [offer for offer in offers if part not in offer.label]
    return left if len(part) > 1 and len(left) == 1 < len(offers) else []


def _pointed(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offer of which a part is all that a few words name: 手机那笔先付掉."""
    named = by_own_part(offers, text)
    are_rows = all(offer.row is not None for offer in offers)
    if not named and are_rows and "除" not in text:
        labels = [Offer(o.slot, o.value, o.label, {"label": o.label}) for o in offers]
        named = [offers[labels.index(each)] for each in by_own_part(labels, text)]
    named = named or by_kind(offers, text)
    return named if len(named) == 1 and len(text) <= _FEW else []


def by_end(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers that are long numbers, by the last digits of one of them: 尾号8000的.

    Where it is said that they are the last, of anything that the label shows: 粤A88888.
    """
    said = _ENDS.findall(text)
    ends = said[0] if len(said) == 1 else ""
    named = [o for o in offers if ends and _is_long(o.value) and o.value.endswith(ends)]
    if named or not ends or not _SAYS_ENDS.search(text):
        return named
    return [o for o in offers if any(cell.endswith(ends) for cell in _shown(o))]


def _shown(offer: Offer) -> list[str]:
    return [cell for cell in map(str, (offer.row or {}).values()) if cell in offer.label]


def _is_long(value: str) -> bool:
    return value.isdecimal() and len(value) > _SHORT


def _is_most_of(cell: str, text: str) -> bool:
    return cell in text and len(text) - len(cell) <= _BESIDE


def _by_sound(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers whose label, or a name in their row, sounds like what was said; not all of them."""
    part = _pointer().sub("", text).removesuffix("的")
    is_part = len(part) > 1 and not part[0].isdecimal() and not text.startswith(_NOT)
    alike = [
        offer
        for offer in offers
        if (is_part and (heard_in(offer.label, part) or _is_heard(offer.label, text)))
        or any(_is_heard(name, text) for name in names_of(offer.row))
    ]
    return alike if len(alike) < len(offers) else []


def _is_heard(name: str, text: str) -> bool:
    # 6寸 is no part of 16寸.
    is_other = bool(_NUMBER.search(text)) and _NUMBER.findall(name) != _NUMBER.findall(text)
    return not is_other and heard_in(text, name) is not None and len(text) <= len(name) + _BESIDE


def _by_label(offers: Sequence[Offer], text: str) -> Offer | None:
    digits = in_digits(text).rstrip("的吧呢啊")
    written = [o for o in offers if o.row is None and in_digits(o.label) == digits]
    if len(written) == 1:
        # 「3年级」 of 三年级
        return written[0]
    # A sum is read as one.
    counted = [o for o in offers if o.row is None and MONEY.isdisjoint(o.label)]
    valued = [o for o in counted if o.value == digits and digits in o.label]
    if len(valued) == 1 and not text.isascii():
        # 「三百」 of 300毫升
        return valued[0]
    for number, offer in enumerate(offers, start=1):
        if text in (offer.label, offer.value, f"{number}. {offer.label}"):
            return offer
    return None


def _by_number(offers: Sequence[Offer], text: str, entities: list[Entity]) -> Offer | None:
    """第二个, 最后一个; a bare 2 only where choices are numbered: elsewhere it may be a value."""
    if len(offers) % 2 and _MIDDLE.fullmatch(text):
        return offers[len(offers) // 2]
    is_numbered = all(offer.row is not None or not offer.slot for offer in offers)
    for entity in entities:
        if entity.type != "ordinal" or entity.value is None:
            continue
        if not entity.strict and not (is_numbered and entity.text == text.strip("。，,. ")):
            continue
        position = int(entity.value)
        # What stands for all of them is the last on the list, and not the later one of them.
        is_list = "最后" in entity.text
        singly = [offer for offer in offers if is_list or not is_all(offer)]
        index = position - 1 if position > 0 else len(singly) + position
        if 0 <= index < len(offers):
            return offers[index]
    return None
