"""Several choices that are named together where one is taken: 「第二个和第一个」."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from engine.dialog.choices.extremes import is_all
from engine.dialog.choices.naming import by_own_part, lists_several
from engine.dialog.reading.joined import are_joined
from engine.dialog.state.session import Offer
from engine.nlu.parse import Entity


def listed(offers: Sequence[Offer], text: str, entities: Iterable[Entity]) -> list[Offer]:
    """The choices that are named, where several are; the one for all of them if these are all.

    Nothing where no two are named with an and between them.
    """
    single = [offer for offer in offers if not is_all(offer)]
    named = _by_number(single, text, entities)
    if not named and lists_several(text, single):
        named = by_own_part(single, text)
    if len(named) < len(single) or not named:
        return named
    return [offer for offer in offers if is_all(offer)] or named


def _by_number(single: Sequence[Offer], text: str, entities: Iterable[Entity]) -> list[Offer]:
    ordinals = [e for e in entities if e.type == "ordinal" and e.strict and e.value]
    in_order = sorted(ordinals, key=lambda each: each.start)
    is_list = len(in_order) > 1 and all(
        a.end == b.start or are_joined(text, a.end, b.start) for a, b in pairwise(in_order)
    )
    places = {int(each.value or 0) for each in in_order} if is_list else set()
    return [
        offer
        for at, offer in enumerate(single, start=1)
        if at in places or at - len(single) - 1 in places
    ]
