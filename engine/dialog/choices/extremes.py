"""The least or the most of what is offered, and the first or the last to begin."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from engine.dialog.choices.quantities import compared, left_of
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import Comparative, either, lexicon

#: What may stand before a superlative: 那就要…, 给我换个….
_BEFORE = r"(?:[换改]成)?[那就要充来选办给我值坐看订约买换找挑个，, ]*"
#: What may stand after one, and says nothing more: 的那个, 的医生吧.
_AFTER = (
    r"(?:的|(?=[那这的吧呢啊]|$))(?:[那这]?一?[{measures}])?"
    r"(?:[^\W\d_不没几多哪吗么怎要，。？]{{1,3}}?)?[的吧呢啊呗]*"
)
_MORE = r"(?:一?[点些])"
_VERBS = "(?:要?(?:[飞走出发起坐开到]+|到期|过期|截止|开始|结束))?"
#: The last of all, by its name.
_LAST = "末"
#: Who takes places.
_PEOPLE = "人"
#: What only says that it is money which is compared.
_PRICE = ("价格", "价钱", "费用")
_BEGINS = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?")
#: The outermost by what choices are numbered with: 最后一排, 最靠前的那排.
_AT_THE_END = re.compile(
    r"[那就要坐选来]*(?P<end>最后|最末|最前|最靠前|最靠后|头)(?:面|边)?的?[那这]?一?(?P<unit>[\u4e00-\u9fff])"
    r"(?:的|的座位|的位子)?[吧呢啊]*"
)
#: What a superlative is said of, after it.
_SHARED = re.compile(r"最[\u4e00-\u9fff](?P<shared>[\u4e00-\u9fff]{2,4}?)(?=的|$)")
#: What has been: 「最近的一次」 is the last one.
_WAS = re.compile("最近的?[那这]?一?[次笔单]")
_LAST_WORDS = ("最后", "最末", "最靠后")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AMOUNT = re.compile(r"\d{1,7}(?:\.\d+)?")
#: What the row for all of them is called, or has.
_ALL = "all"


@functools.cache
def _superlative() -> re.Pattern[str]:
    """The least or the most, and nothing else."""
    table = lexicon().comparatives
    every = either(word for line in table for word in line.words)
    alone = either(word for line in table if line.alone is True for word in line.words)
    before_de = either(word for line in table if line.alone == "的" for word in line.words)
    measures = lexicon().measures
    after = _AFTER.format(measures=measures)
    return re.compile(
        rf"{_BEFORE}(?:(?P<of>[^\W\d_最]{{1,4}})?最(?P<most>{every})"
        rf"|(?P<thing>[^\W\d_最不太有]{{1,2}})(?P<much>[多少高低大小长短近远久])(?:一?[点些])?(?=的)"
        rf"|(?P<more>{every}){_MORE}|(?P<alone>{alone})(?:[{measures}](?=的))?|(?P<before_de>{before_de})(?=的|[吧呢啊]*$)"
        rf"|(?P<last>{_LAST})){_VERBS}{after}"
    )


@functools.cache
def _comparative() -> re.Pattern[str]:
    """More of something than what was chosen."""
    every = either(word for line in lexicon().comparatives for word in line.words)
    measures = lexicon().measures
    after = _AFTER.format(measures=measures)
    return re.compile(
        rf"(?:太[^\W\d_]{{1,2}}了?[，, ]*)?(?P<before>{_BEFORE})(?:有没有)?[{measures}]?"
        rf"(?P<word>{every})(?P<more>{_MORE})?{after}"
    )


def _further(text: str) -> re.Match[str] | None:
    """A wish for more or less of something: 换大一点的, 换个便宜的."""
    said = _comparative().fullmatch(text)
    return said if said and (said["more"] or "换" in said["before"]) else None


@functools.cache
def _asking() -> re.Pattern[str]:
    """A question for the least or the most of all: 哪个便宜, 哪一班最早."""
    every = either(word for line in lexicon().comparatives for word in line.words)
    return re.compile(
        rf"[^\W\d_]{{0,3}}哪[一些]?[{lexicon().measures}]?[^\W\d_]{{0,2}}?(?:最|更|比较)?"
        rf"(?P<word>{every}){_MORE}?[的吗呢啊呀？?]*"
    )


def outermost(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers that a superlative alone means: 那就最少的那个, 便宜点的, 最近的那个航班.

    Several where they are equal in it.
    """
    offers = [offer for offer in offers if not is_all(offer)]
    said = _superlative().fullmatch(text) or _superlative().fullmatch(_without_shared(offers, text))
    if said is None:
        return []
    word = (
        said["most"] or said["much"] or said["more"] or said["alone"] or said["before_de"] or "晚"
    )
    of = said["of"] or said["thing"] or ""
    of = "" if of in _PRICE else of
    keys, is_least = _compared(offers, word, of)
    if not keys:
        return []
    is_least = is_least and not _WAS.search(text)
    best = min(keys) if is_least else max(keys)
    return [offer for offer, key in zip(offers, keys, strict=True) if key == best]


def _without_shared(offers: Sequence[Offer], text: str) -> str:
    """A superlative without what all labels show: 「最快接单的」 of 20分钟接单 and 5分钟接单."""
    found = _SHARED.search(text)
    if found is None or not all(found["shared"] in offer.label for offer in offers):
        return text
    return text[: found.start("shared")] + text[found.end("shared") :]


def at_the_end(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers with the last, or first, of what all labels number: 「最后一排」 of 5排6座."""
    said = _AT_THE_END.fullmatch(text)
    if said is None:
        return []
    numbers = compared(offers, "", frozenset(said["unit"]))
    if not numbers:
        return []
    best = max(numbers) if said["end"].startswith(_LAST_WORDS) else min(numbers)
    return [offer for offer, number in zip(offers, numbers, strict=True) if number == best]


def asked_for(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers that a question asks for: 「哪个便宜」. Several where they are equal in it."""
    said = _asking().fullmatch(text)
    return outermost(offers, f"最{said['word']}") if said else []


def compares(text: str) -> bool:
    """Whether words wish for more or less of something than there is: 「换大一点的」."""
    return _further(text) is not None


def further(offers: Sequence[Offer], text: str, value: str) -> Offer | None:
    """The next one in the direction of a comparative from what was chosen: 「换大一点的」."""
    said = _further(text)
    chosen = [at for at, offer in enumerate(offers) if offer.value == value]
    if said is None or len(chosen) != 1:
        return None
    keys, is_less = _compared(offers, said["word"], "")
    if not keys:
        return None
    own = keys[chosen[0]]
    left = [key for key in keys if (key < own if is_less else key > own)]
    nearest = (max(left) if is_less else min(left)) if left else None
    found = [offer for offer, key in zip(offers, keys, strict=True) if left and key == nearest]
    return found[0] if len(found) == 1 else None


def _compared(offers: Sequence[Offer], word: str, of: str) -> tuple[list[Any], bool]:
    """What the offers are compared by, and whether the small ones are meant.

    By what is named in their labels (评分最高), else by the first line of the table for the word
    whose numbers they all show.
    """
    lines = [line for line in lexicon().comparatives if word in line.words]
    units = lexicon().compared_by.get(of, of)
    named = compared(offers, of, frozenset(units)) if of else None
    left = left_of(offers) if of else None
    if left and named in (None, left):
        # 「人少的」 is the one with the most places left.
        return left, lines[0].least != (_PEOPLE in of)
    if named:
        return named, lines[0].least
    for line in lines:
        if keys := _keys(offers, line, word):
            return keys, line.least
    return [], False


def _keys(offers: Sequence[Offer], line: Comparative, word: str) -> list[Any]:
    values = [float(offer.value) for offer in offers if _AMOUNT.fullmatch(offer.value)]
    are_amounts = len(values) == len(offers) and not line.begins
    if line.bare and are_amounts:
        return values
    if line.begins:
        begins = list(filter(None, map(_beginning, offers)))
        if len(begins) == len(offers):
            return begins
    shown = compared(offers, word, line.units) if line.units else None
    return shown or (values if are_amounts else [])


def is_all(offer: Offer) -> bool:
    """Whether an offer stands for all the others together, which is no extreme of them."""
    return offer.value == _ALL or bool((offer.row or {}).get(_ALL))


def _beginning(offer: Offer) -> str:
    """The first moment or time in the row, else its first day."""
    cells = [cell for cell in (offer.row or {}).values() if isinstance(cell, str)]
    times = [cell for cell in cells if _BEGINS.fullmatch(cell)]
    return next(iter(times or filter(_DAY.fullmatch, cells)), "")
