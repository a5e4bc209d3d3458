"""Words that are a value only as the answer to the question that was asked."""

from __future__ import annotations

import re

from engine.dialog.reading import freely, spoken, titles, yesno
from engine.dialog.scripts.script import Slot

#: Any letters and digits are an order's number where nothing but one is asked for: N001.
_ORDER = re.compile(r"(?=[A-Za-z-]*\d)[A-Za-z0-9-]{3,24}")


def answer(said: str, slot: Slot) -> tuple[str, str] | None:
    """The value, and its kind, that words have only as an answer to the question of a slot."""
    if slot.many and (one := spoken.alone(said, slot)):
        return one, "word"
    if said and (slot.skip == said or freely.quoted_skip(said, slot)):
        return slot.skip, "word"
    if "person" in slot.type:
        name = titles.called_oneself(said) or titles.beside_the_question(said, slot)
        return (name, "person") if name else None
    if slot.type == ("order_no",) and _ORDER.fullmatch(said):
        return said.upper(), "order_no"
    value = yesno.answered(said, slot)
    return (value, "word") if value else None
