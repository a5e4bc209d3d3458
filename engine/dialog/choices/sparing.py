"""Choices that are left where the others are named only to be left out: 「宽带先不交」."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from engine.dialog.choices.contents import at_daypart
from engine.dialog.choices.extremes import is_all
from engine.dialog.choices.naming import by_own_part
from engine.dialog.reading.denying import left_out, refused, takes_back
from engine.dialog.state.session import Offer
from engine.nlu.parse import Entity

#: With these none is wanted.
_NONE = ("都不", "全不", "都别", "全别", "也不")
#: What is not wanted any more, and no 「先不管」, 「不是」; nor what is not taken back: 不退了.
_GIVEN_UP = re.compile(
    "不(?:要|用|坐|飞|去|走|需要|想要)|不(?![是管急对好行错取退撤停改换动])[^\\W\\d_]{1,2}了"
)


def spared(
    offers: Sequence[Offer],
    text: str,
    dayparts: Mapping[str, tuple[int, int]],
    entities: Iterable[Entity] = (),
) -> list[Offer]:
    """The choices that are not left out; none where nothing is, or everything."""
    if any(word in text for word in _NONE):
        return []
    out = _named_to_leave_out(offers, text, dayparts, entities)
    return [o for o in offers if not is_all(o) and o not in out] if out else []


def given_up(
    offers: Sequence[Offer],
    text: str,
    dayparts: Mapping[str, tuple[int, int]],
    entities: Iterable[Entity] = (),
    *,
    title: str,
) -> list[Offer]:
    """The choices that a business takes back or changes, as not wanted: 「早上那个不要了」.

    Nothing where the business, of that title, does neither.
    """
    if not takes_back(title) or not _GIVEN_UP.search(text):
        return []
    return _named_to_leave_out(offers, text, dayparts, entities)


def _named_to_leave_out(
    offers: Sequence[Offer],
    text: str,
    dayparts: Mapping[str, tuple[int, int]],
    entities: Iterable[Entity] = (),
) -> list[Offer]:
    single = [offer for offer in offers if not is_all(offer)]
    # 「不要糖」 may be the very name of a choice of a script.
    rows = single if all(offer.row is not None for offer in single) else []
    heads = [(single, head) for head in left_out(text)] + [(rows, head) for head in refused(text)]
    days = [(e.text, e.value) for e in entities if e.type == "date" and e.value]
    return [
        offer
        for among, head in heads
        for offer in _called(among, head, dayparts, [day for said, day in days if said in head])
    ]


def _called(
    offers: Sequence[Offer], said: str, dayparts: Mapping[str, tuple[int, int]], days: Sequence[str]
) -> Sequence[Offer]:
    """The choices that are called so: by a part of their words, an hour, a day (YYYY-MM-DD)."""
    of_day = [o for o in offers if any(_is_on(o, day) for day in days)]
    among = of_day or offers
    return by_own_part(among, said) or at_daypart(among, said, dayparts) or of_day


def _is_on(offer: Offer, day: str) -> bool:
    return any(isinstance(cell, str) and cell[:10] == day for cell in (offer.row or {}).values())
