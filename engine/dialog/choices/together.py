"""Several of the choices on the table, where more than one may be taken: 珍珠奶茶、拿铁."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.dialog.choices.choosing import by_words
from engine.dialog.choices.extremes import is_all
from engine.dialog.choices.naming import by_own_part, every_named
from engine.dialog.reading.names import heard_in, names_of
from engine.dialog.state.session import Offer
from engine.nlu.grammar.numerals import read
from engine.nlu.parse import Entity

#: Several at one end of what is on the table.
_IN_A_ROW = re.compile("(?P<end>前|头|后|末|最后)面?(?P<count>[2-9]|[两二三四五六])[个位项班段]")
_FIRST = ("前", "头")
#: What joins the names of things.
_AND = re.compile("[、，,和跟与及]|以及|还有|加上")


def several(offers: Sequence[Offer], text: str, entities: Iterable[Entity]) -> list[Offer]:
    """All the offers that are named, by label, name or number: 张三和李四, 第一个和第三个.

    后两个 are those at one end; of what is joined by an and each may be named by a part.
    """
    if row := _IN_A_ROW.search(text):
        count = int(read(row["count"]) or 0)
        return list(offers[:count] if row["end"] in _FIRST else offers[-count:])
    named = [
        offer
        for offer in offers
        if any(heard_in(text, word) for word in (offer.value, *names_of(offer.row)))
    ]
    numbers = [int(e.value) for e in entities if e.type == "ordinal" and e.strict and e.value]
    places = [number - 1 if number > 0 else len(offers) + number for number in numbers]
    named = named or [offers[at] for at in dict.fromkeys(places) if 0 <= at < len(offers)]
    return [*named, *(offer for offer in _piecemeal(offers, text) if offer not in named)]


def _piecemeal(offers: Sequence[Offer], text: str) -> list[Offer]:
    """What the pieces of a list name, each one; nothing where one of them names none."""
    pieces = [piece.strip() for piece in _AND.split(text) if piece.strip()]
    single = [offer for offer in offers if not is_all(offer)]
    found = [by_words(single, piece) for piece in pieces] if len(pieces) > 1 else []
    # 「我和晓梅」: who is no row is somebody else.
    is_all_known = all(len(left) == 1 for left in found)
    return [one for left in found for one in left] if is_all_known else []


def spoken_of(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The rows that are named in full, or else the one of which a part is: 拿铁 of 生椰拿铁."""
    single = [offer for offer in offers if not is_all(offer)]
    if named := every_named(text, single):
        return named
    parts = by_own_part(single, text)
    return parts if len(parts) == 1 else []
