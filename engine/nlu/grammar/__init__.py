"""Grammars of the typed values that customers write and say, on the raw string.

Every module here finds one type in an `Utterance`; `docs/entities.md` describes the values.
"""

from __future__ import annotations

from datetime import datetime

from engine.nlu.grammar.clock import find_clocks
from engine.nlu.grammar.date import find_dates
from engine.nlu.grammar.flight import find_flights
from engine.nlu.grammar.id_number import find_id_numbers
from engine.nlu.grammar.moment import find_moments, find_times
from engine.nlu.grammar.money import find_money
from engine.nlu.grammar.number import find_numbers
from engine.nlu.grammar.order import find_orders
from engine.nlu.grammar.ordinal import find_ordinals
from engine.nlu.grammar.person import find_people
from engine.nlu.grammar.phone import find_phones
from engine.nlu.grammar.preference import find_preferences
from engine.nlu.grammar.seat import find_seats
from engine.nlu.grammar.settle import settle
from engine.nlu.grammar.spacing import closed_up, spread
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

__all__ = ["TYPES", "find_entities"]

#: The types that grammars find.
TYPES = frozenset(
    {
        "airline",
        "date",
        "datetime",
        "flight_no",
        "id_number",
        "money",
        "number",
        "order_no",
        "ordinal",
        "person",
        "phone",
        "seat",
        "seat_preference",
        "time",
    }
)


def find_entities(text: str, *, now: datetime) -> list[Entity]:
    """Every typed value in a text, by position; ``now`` is aware and relative words count from it.

    Entities of one type do not overlap; those of different types may (三号: date and ordinal).

    >>> from datetime import datetime, timezone
    >>> now = datetime(2026, 11, 23, 2, tzinfo=timezone.utc)
    >>> [(found.type, found.value) for found in find_entities("充五十块", now=now)]
    [('money', '50')]
    """
    closed = closed_up(text) if " " in text else text
    found = _read(Utterance.of(closed, now=now))
    return found if closed == text else spread(found, text)


def _read(utterance: Utterance) -> list[Entity]:
    codes = find_id_numbers(utterance)
    codes += find_phones(utterance, codes)
    codes += find_flights(utterance)
    codes += find_orders(utterance, codes)
    dates = find_dates(utterance)
    clocks = find_clocks(utterance)
    found = [
        *codes,
        *dates,
        *find_times(utterance, clocks, dates),
        *find_moments(utterance, clocks, dates),
        *find_seats(utterance),
        *find_preferences(utterance),
        *find_money(utterance),
        *find_numbers(utterance),
        *find_ordinals(utterance),
        *find_people(utterance),
    ]
    return settle(utterance, found)
