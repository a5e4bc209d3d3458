"""Choices by a word of their row among other words: 「不对，看流浪地球」, 我买的鞋开胶了."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from engine.dialog.choices.cells import codes_in, heads_in, in_digits, latin_in, words_in, words_of
from engine.dialog.choices.contents import at_daypart, by_content
from engine.dialog.choices.quantities import of_a_kind, with_number
from engine.dialog.reading.joined import are_joined
from engine.dialog.reading.titles import addressed
from engine.dialog.state.session import Offer, Value
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.parse import Entity

#: Right before the name of what is not wanted: 不要(看)张医生.
_DENIED = re.compile(r"(?:不是?|不要|别|除了)[^\W，。]?$")
#: What may stand before the name of what is taken, and after it: 那就2号场吧.
_TAKES = "那就还是只要选改换成订来做去看"
_PARTICLES = "的吧呢啊呀了。，! "
#: Digits of the number in a code, as a flight has.
_NUMBER = 4
#: Characters that make a part of a word.
_PART = 2
#: What the last character of a word stands between where it is one by itself: 那双鞋, 鞋开胶了.
#: A part of a number, or one with its unit, is another thing: 6个 of 剩6个座; so is a day: 周六.
_DIGIT = re.compile("[0-9]|周[一二三四五六日天末]|^[上下]午$|^每天$")
#: A number with its name, at the beginning of a label.
_HEAD = re.compile(r"[0-9]{1,4}\s?(?![0-9月日年点:.-])[\u4e00-\u9fff]{2,6}")
#: One character is all that is said of it: 来份素的.
_SINGLE = re.compile(
    r"(?:^|[来要换那就选][一]?[个份双件条只台部辆把张本套款]?)"
    r"(?!\d|[零一二两三四五六七八九十大小早晚快慢贵高低多少好别新老])([\u4e00-\u9fff])的"
    r"(?:那?一?[个份双件条只台部辆把张本套款种])?[吧呢啊]*$"
)
#: Characters that say nothing by themselves, and of a message that is no more than an answer.
_GRAMMAR = frozenset("的了我给是就要那这也都在把被让和跟吧呢啊呀你您他她它们个一")
_SHORT_ANSWER = 8
_UNCLEAR = re.compile("[不没别未无吗么哪谁几]|什么|怎|多少")
_ONE = re.compile("[\u4e00-\u9fff]")
#: Of fixed choices, which nothing compares, that may be any: 快的 of 快充 and 慢充.
_SINGLE_CHOICE = re.compile("^[要就选那]*([\u4e00-\u9fff])的?[吧呢啊]*$")
#: Characters that by themselves answer or ask any question.
_ANSWERS = frozenset("是对好不没要有嗯行可来会能成无否哦啊喂谁哪几办做用的")
_BEFORE_HEAD = "(?:^|[那这个双件条只台部辆把张本套买的退换修，,。 ])"
_AFTER_HEAD = "(?=子?(?:[^\u4e00-\u9fff]|[那这的开坏碎破裂掉小大有不要退换太吧也了]|$))"


def named_by(
    opener: str, offers: Sequence[Offer], dayparts: Mapping[str, tuple[int, int]]
) -> Sequence[Offer]:
    """Of several offers those that the words which began the task name: 明天上午那班, 手机话费那笔.

    All of them where the words tell nothing apart.
    """
    left = at_daypart(offers, opener, dayparts) or list(offers)
    named = [offer for offer in left if any(cell in opener for cell in words_in(offer))]
    named = named if len(named) == 1 else [offer for offer in left if _is_called(offer, opener)]
    named = named if len(named) == 1 else by_kind(left, opener)
    named = named if len(named) == 1 else by_own_part(left, opener)
    return named if len(named) == 1 else left


def _is_called(offer: Offer, text: str) -> bool:
    """Whether a code that the label shows is in a text: 「粤B12345那张」."""
    shown = [re.escape(code) for code in codes_in(offer) if code in offer.label]
    return any(re.search(rf"(?<![A-Z0-9]){code}(?![A-Z0-9])", text) for code in shown)


def by_name(offers: Sequence[Offer], text: str) -> Offer | None:
    """The one offer whose name, or a cell that its label shows, is all that is said: 2号场."""
    said = in_digits(text).rstrip(_PARTICLES)
    names = {said, said.lstrip(_TAKES)}
    named = [
        offer
        for offer in offers
        if any(cell in offer.label and in_digits(cell) in names for cell in words_of(offer))
    ]
    return named[0] if len(named) == 1 else None


def named_instead(text: str, offers: Sequence[Offer], value: Value) -> Offer | None:
    """The one offer that is named beside a word that means another: 宽带的全交 is not all bills."""
    named = by_own_part(offers, text)
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
    named = named or by_content(offers, times)
    return named[0] if len(named) == 1 and named[0].value != but else None


def _is_named_whole(
    offer: Offer, text: str, offers: Sequence[Offer], values: Collection[str | None]
) -> bool:
    own = [cell for cell in words_in(offer) if sum(cell in words_in(o) for o in offers) == 1]
    own += [part for cell in own if (part := _own_part(cell, offer, offers))]
    label = [] if len(offer.label) == 1 or offer.label.isdecimal() else [offer.label]
    others = {form for other in offers if other != offer for form in addressed(words_in(other))}
    forms = [form for form in addressed(words_in(offer)) if form not in others]
    codes = [
        rf"(?i:(?<![A-Z0-9]){code}(?![A-Z0-9]))" for code in codes_in(offer) if code not in values
    ]
    # 幺二三四那班: the number of a code without its letters.
    if any(code[-_NUMBER:].isdecimal() and code[-_NUMBER:] in values for code in codes_in(offer)):
        return True
    heads = [rf"(?<![0-9]){re.escape(head)}" for head in _head_of(offer, offers)]
    return any(
        not _DENIED.search(said[: found.start()])
        for said in {text, in_digits(text)}
        for name in {*map(re.escape, (*own, *label, *forms)), *codes, *heads}
        for found in re.finditer(name, said)
    )


def _own_part(cell: str, offer: Offer, offers: Sequence[Offer]) -> str:
    """A word of a row without the end that those of all rows have: 红烧肉 of 红烧肉套餐."""
    column = next(name for name, each in (offer.row or {}).items() if cell in str(each))
    cells = [str((other.row or {}).get(column, "")) for other in offers]
    shared = _shared_end(cells)
    part = cell.removesuffix(shared)
    return part if shared and len(part) >= _PART else ""


def _head_of(offer: Offer, offers: Sequence[Offer]) -> list[str]:
    """What a label begins with, where it is a number with its name and no time: 7号桩."""
    heads = [_HEAD.match(other.label) for other in offers]
    own = _HEAD.match(offer.label)
    said = [head[0] for head in heads if head]
    is_own = own and offer.row is not None and said.count(own[0]) == 1
    return [own[0]] if own and is_own else []


def _shared_end(words: Sequence[str]) -> str:
    length = 0
    while len({word[-length - 1 :] for word in words}) == 1 and length < len(words[0]):
        length += 1
    return words[0][len(words[0]) - length :]


def every_named(text: str, offers: Sequence[Offer]) -> list[Offer]:
    """All offers that are named in full, by a word that no other one has: 三体和百年孤独."""
    return [offer for offer in offers if _is_named_whole(offer, text, offers, ())]


def lists_several(text: str, offers: Sequence[Offer]) -> bool:
    """Whether more than one is named, with an and between them: 话费账单和宽带费."""
    places = [
        (at, at + len(part), number)
        for number, own in enumerate(_own_parts(offers))
        for part in own
        if (at := text.find(part)) >= 0
    ]
    return any(
        one != other and are_joined(text, end, start)
        for _, end, one in places
        for start, _, other in places
        if end <= start
    )


def by_characters(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The fixed choice whose words are said in another order: 「钱退给我了」 of 商家退了钱."""
    said = [char for char in dict.fromkeys(text) if _ONE.match(char) and char not in _GRAMMAR]
    if len(text) > _SHORT_ANSWER or _UNCLEAR.search(text) or any(o.row is not None for o in offers):
        return []
    shared = [[char for char in said if char in offer.label] for offer in offers]
    own = [each for each in shared if len(each) >= _PART and len(each) * 2 > len(said)]
    others = [char for each in shared if each not in own for char in each]
    is_one = len(own) == 1 and not set(own[0]) & set(others)
    return [offers[shared.index(own[0])]] if is_one else []


def by_own_part(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers of which a part is named that no other one has: 宽带 of 宽带费, beside 手机话费."""
    return [
        offer
        for offer, own in zip(offers, _own_parts(offers), strict=True)
        if any(part in text for part in own)
    ]


def _own_parts(offers: Sequence[Offer]) -> list[list[str]]:
    """For each offer the parts of its words that no other one has."""
    parts = [
        {
            part
            for cell in words_in(offer)
            for at in range(len(cell) - 1)
            if not _DIGIT.search(part := cell[at : at + _PART])
        }
        for offer in offers
    ]
    return [[part for part in own if sum(part in each for each in parts) == 1] for own in parts]


def _stands_in(text: str, word: str) -> bool:
    """Whether a word of letters stands in a text by itself: CA in 「CA那班」, and not in CA9999."""
    part = rf"(?i:(?<![A-Z0-9]){re.escape(word)}(?![A-Z0-9]))"
    return re.search(part, text) is not None


def _by_attribute(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers with a cell of one character that stands before what they are: 女教练, 男的."""
    after = f"(?:的|性|{either(lexicon().at_work)})"
    singles = [
        {c for c in (offer.row or {}).values() if isinstance(c, str) and _ONE.fullmatch(c)}
        for offer in offers
    ]
    return [
        offer
        for offer, own in zip(offers, singles, strict=True)
        if any(re.search(f"(?<![不非没]){cell}{after}", text) for cell in own)
    ]


def by_kind(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Offers of what is named only by its kind, which the others are not: SUV, 七座的, 那双鞋."""
    alike = [[word for word in latin_in(o) if _stands_in(text, word)] for o in offers]
    named = [offer for offer, own in zip(offers, alike, strict=True) if own]
    named = named or _by_attribute(offers, text)
    if named := named or of_a_kind(offers, text) or with_number(offers, text):
        return named if len(named) < len(offers) else []
    are_rows = all(offer.row is not None for offer in offers)
    if (
        (single := (_SINGLE if are_rows else _SINGLE_CHOICE).search(text))
        and single[1] not in _ANSWERS
        and (found := [offer for offer in offers if single[1] in offer.label])
    ):
        return found if len(found) < len(offers) else []
    heads = [heads_in(offer) for offer in offers]
    return [
        offer
        for offer, own in zip(offers, heads, strict=True)
        if any(
            sum(head in each for each in heads) == 1
            and re.search(_BEFORE_HEAD + head + _AFTER_HEAD, text)
            for head in own
        )
    ]
