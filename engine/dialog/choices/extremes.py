"""The least or the most of what is offered, and the first or the last to begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.dialog.choices.quantities import MONEY, compared
from engine.dialog.state.session import Offer

#: What may stand before a superlative: 那就要…, 给我换个….
_BEFORE = r"[那就要充来选办给我值坐看订约买换找挑个，, ]*"
#: What may stand after one, and says nothing more: 的那个, 的医生吧.
_AFTER = (
    r"(?:的|(?=[那这的吧]|$))(?:[那这]?一?[个档种笔班趟段位间家张款场套])?"
    r"(?:[^\W\d_不没几多哪吗么怎要，。？]{1,3}?)?[的吧呢啊呗]*"
)
_MORE = r"(?:一?[点些])"
#: The least or the most, and nothing else. 大 and 小 are no prices.
_SIZE = re.compile(
    rf"{_BEFORE}(?:(?:价格|价钱|费用|(?P<of>[^\W\d_最]{{2,4}}))?最(?P<most>[少低小多高大贵长短]|便宜)"
    rf"|(?P<more>便宜|贵|[大小]){_MORE}?){_AFTER}"
)
#: What begins first or last, and nothing else.
_ORDER = re.compile(
    rf"{_BEFORE}(?:最(?P<first>早|近|先|快)|最[晚迟后慢]|末"
    rf"|(?P<earlier>[早快]{_MORE}|快(?=的))|[晚慢]{_MORE}|慢(?=的))"
    r"(?:要?[飞走出发起坐开到]+)?"
    rf"{_AFTER}"
)
#: More of something than what was chosen.
_FURTHER = re.compile(
    rf"(?:太[^\W\d_]{{1,2}}了?[，, ]*)?{_BEFORE}(?:有没有)?"
    rf"(?P<word>便宜|贵|[大小早晚]){_MORE}{_AFTER}"
)
_LEAST = frozenset(("少", "低", "小", "短", "便宜"))
#: What is large or small counts places and the like.
_EXTENT = frozenset("位人座平寸升克斤")
#: What takes long or is quick is counted in these: 天, 小时, 分钟.
_SPANS = frozenset("天小分")
#: A cell that says when something begins.
_BEGINS = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?")
_AMOUNT = re.compile(r"\d{1,7}(?:\.\d+)?")


def outermost(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers that a superlative alone means: 那就最少的那个, 便宜点的, 最近的那个航班.

    Several where they are equal in it.
    """
    if said := _SIZE.fullmatch(text):
        word = said["most"] or said["more"]
        keys: list[Any] = (
            compared(offers, said["of"], ()) or [] if said["of"] else _amounts(offers, text, word)
        )
        is_least = word in _LEAST
    elif said := _ORDER.fullmatch(text):
        begins = list(filter(None, map(_beginning, offers)))
        keys = begins or compared(offers, text, _SPANS) or []
        is_least = bool(said["first"] or said["earlier"])
    else:
        return []
    if not keys or len(keys) != len(offers):
        return []
    best = min(keys) if is_least else max(keys)
    return [offer for offer, key in zip(offers, keys, strict=True) if key == best]


def compares(text: str) -> bool:
    """Whether words wish for more or less of something than there is: 「换大一点的」."""
    return _FURTHER.fullmatch(text) is not None


def further(offers: Sequence[Offer], text: str, value: str) -> Offer | None:
    """The next one in the direction of a comparative from what was chosen: 「换大一点的」."""
    said = _FURTHER.fullmatch(text)
    chosen = [at for at, offer in enumerate(offers) if offer.value == value]
    if said is None or len(chosen) != 1:
        return None
    word = said["word"]
    keys: list[Any] = (
        list(filter(None, map(_beginning, offers)))
        if word in "早晚"
        else _amounts(offers, text, word)
    )
    if len(keys) != len(offers):
        return None
    own, is_less = keys[chosen[0]], word in ("便宜", "小", "早")
    left = [key for key in keys if (key < own if is_less else key > own)]
    nearest = (max(left) if is_less else min(left)) if left else None
    found = [offer for offer, key in zip(offers, keys, strict=True) if left and key == nearest]
    return found[0] if len(found) == 1 else None


def _amounts(offers: Sequence[Offer], text: str, word: str) -> list[float]:
    """What the offers are compared by: what they are worth, or a quantity that they show."""
    if word not in ("便宜", "贵") and all(_AMOUNT.fullmatch(offer.value) for offer in offers):
        return [float(offer.value) for offer in offers]
    units = _EXTENT if word in ("大", "小") else MONEY
    shown = compared(offers, text, units)
    if shown is None and all(_AMOUNT.fullmatch(offer.value) for offer in offers):
        return [float(offer.value) for offer in offers]
    return shown or []


def _beginning(offer: Offer) -> str:
    """The first moment or time in the row."""
    cells = (cell for cell in (offer.row or {}).values() if isinstance(cell, str))
    return next((cell for cell in cells if _BEGINS.fullmatch(cell)), "")
