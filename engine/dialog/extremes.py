"""The least or the most of what is offered, and the first or the last to begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.dialog.session import Offer

#: The least or the most, and nothing else.
_SIZE = re.compile(
    r"[那就要充来选办给我，, ]*最(?:(?P<first>[少低小]|便宜)|[多高大]|贵)的?"
    r"(?:[那这]?一?[个档种笔])?[的吧呢啊呗]*"
)
#: What begins first or last, and nothing else.
_ORDER = re.compile(
    r"[那就要办给我值选坐，, ]*(?:最(?:(?P<first>早|近|先|快)|晚|迟|后)|末)"
    r"(?:要?[飞走出发起坐]+)?的?"
    r"(?:[那这]?一?[个班趟段])?(?:航班|飞机|行程)?[的吧呢啊呗]*"
)
#: A cell that says when something begins.
_BEGINS = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?")
_AMOUNT = re.compile(r"\d{1,7}(?:\.\d+)?")


def outermost(offers: Sequence[Offer], text: str) -> Offer | None:
    """The one offer that a superlative alone means: 那就最少的那个, 就最近的那个航班."""
    said, key = _SIZE.fullmatch(text), _amount
    if said is None:
        said, key = _ORDER.fullmatch(text), _beginning
    keys = list(map(key, offers)) if said else []
    if said is None or not all(keys):
        return None
    known = list(filter(None, keys))
    return offers[keys.index(min(known) if said["first"] else max(known))] if known else None


def _amount(offer: Offer) -> tuple[float, str] | None:
    return (float(offer.value), "") if _AMOUNT.fullmatch(offer.value) else None


def _beginning(offer: Offer) -> tuple[float, str] | None:
    """The first moment or time in the row."""
    cells = (cell for cell in (offer.row or {}).values() if isinstance(cell, str))
    found = next((cell for cell in cells if _BEGINS.fullmatch(cell)), "")
    return (0.0, found) if found else None
