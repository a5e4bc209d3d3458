"""Choices that are left where the others are named only to be left out: 「宽带先不交」."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.dialog.choices.contents import at_daypart
from engine.dialog.choices.extremes import is_all
from engine.dialog.choices.naming import by_own_part
from engine.dialog.reading.denying import left_out, refused
from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import either, lexicon

#: With these none is wanted.
_NONE = ("都不", "全不", "都别", "全别", "也不")

#: How a business is called that puts another one in the place of what is not wanted.
_CHANGING = ("改", "换")
#: What is not wanted any more, and no 「先不管」, 「不是」.
_GIVEN_UP = re.compile("不(?:要|用|坐|飞|去|走|需要|想要)")


def spared(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    """The choices that are not left out; none where nothing is, or everything."""
    if any(word in text for word in _NONE):
        return []
    out = _named_to_leave_out(offers, text, dayparts)
    return [o for o in offers if not is_all(o) and o not in out] if out else []


def given_up(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]], title: str
) -> list[Offer]:
    """The choices that a business takes back or changes, as not wanted: 「早上那个不要了」.

    Nothing where the business, of that title, does neither.
    """
    takes_back = re.match(either((*lexicon().taking_back.titles, *_CHANGING)), title)
    if not takes_back or not _GIVEN_UP.search(text):
        return []
    return _named_to_leave_out(offers, text, dayparts)


def _named_to_leave_out(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    single = [offer for offer in offers if not is_all(offer)]
    # 「不要糖」 may be the very name of a choice of a script.
    rows = single if all(offer.row is not None for offer in single) else []
    heads = [(single, head) for head in left_out(text)] + [(rows, head) for head in refused(text)]
    return [
        offer
        for among, head in heads
        for offer in by_own_part(among, head) or at_daypart(among, head, dayparts)
    ]
