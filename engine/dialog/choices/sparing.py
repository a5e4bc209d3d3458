"""Choices that are left where the others are named only to be left out: 「宽带先不交」."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.dialog.choices.contents import at_daypart
from engine.dialog.choices.extremes import is_all
from engine.dialog.choices.naming import by_own_part
from engine.dialog.reading.denying import left_out, refused
from engine.dialog.state.session import Offer

#: With these none is wanted.
_NONE = ("都不", "全不", "都别", "全别", "也不")


def spared(
    offers: Sequence[Offer], text: str, dayparts: Mapping[str, tuple[int, int]]
) -> list[Offer]:
    """The choices that are not left out; none where nothing is, or everything."""
    if any(word in text for word in _NONE):
        return []
    single = [offer for offer in offers if not is_all(offer)]
    # 「不要糖」 may be the very name of a choice of a script.
    rows = single if all(offer.row is not None for offer in single) else []
    heads = [(single, head) for head in left_out(text)] + [(rows, head) for head in refused(text)]
    out = [
        offer
        for among, head in heads
        for offer in by_own_part(among, head) or at_daypart(among, head, dayparts)
    ]
    return [offer for offer in single if offer not in out] if out else []
