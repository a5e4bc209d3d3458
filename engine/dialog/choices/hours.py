"""The choice that begins or ends first or last by its hours: 最早开门的, 关门最晚的."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import either, lexicon

_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?(?P<time>\d\d:\d\d)")


@functools.cache
def _said() -> re.Pattern[str]:
    hours = lexicon().hours
    what = either((*hours.begins, *hours.ends))
    return re.compile(
        rf"[那就要选去给我]*(?:最(?P<a>[早晚])(?P<b>{what})|(?P<c>{what})最?(?P<d>[早晚]))"
        rf"的(?:那?一?[{lexicon().measures}])?[的吧呢啊]*"
    )


def by_hours(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The offers that are meant; none where not all of them show their hours."""
    said = _said().fullmatch(text)
    times = [_times(offer) for offer in offers]
    if said is None or not all(times):
        return []
    what = said["b"] or said["c"]
    keys = [each[-1 if what in lexicon().hours.ends else 0] for each in times]
    best = min(keys) if "早" in (said["a"], said["d"]) else max(keys)
    return [offer for offer, key in zip(offers, keys, strict=True) if key == best]


def _times(offer: Offer) -> list[str]:
    cells = (cell for cell in (offer.row or {}).values() if isinstance(cell, str))
    return [found["time"] for cell in cells if (found := _TIME.fullmatch(cell))]
