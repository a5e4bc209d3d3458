"""Words that are a value only as the answer to the question that was asked."""

from __future__ import annotations

from engine.dialog.reading import codes, freely, spoken, titles, units, yesno
from engine.dialog.scripts.script import Slot
from engine.dialog.wording.lexicon import lexicon


def answer(said: str, slot: Slot) -> tuple[str, str] | None:
    """The value, and its kind, that words have only as an answer to the question of a slot."""
    if slot.many and (one := spoken.alone(said, slot)):
        return one, "word"
    if said and (slot.skip == said or freely.quoted_skip(said, slot)):
        return slot.skip, "word"
    if slot.skip and said.rstrip("的了吧呢啊") in lexicon().answers.none:
        return slot.skip, "word"
    if slot.skip and "text" in slot.type and freely.leaves_out(said, slot):
        return slot.skip, "word"
    if "person" in slot.type:
        return _somebody(said, slot)
    if code := codes.code_in(said, slot):
        return code, "order_no"
    if digits := codes.long_number_in(said, slot):
        return digits, "number"
    is_number = bool(slot.type) and {*slot.type} <= {"number", "ordinal"}
    if is_number and (number := units.number_in(said, slot)):
        return number, "number"
    value = yesno.answered(said, slot)
    return (value, "word") if value else None


def _somebody(said: str, slot: Slot) -> tuple[str, str] | None:
    if slot.skip and said.strip("的了吧呢啊，。") in lexicon().answers.alone:
        # 「有人一起吗？」
        return slot.skip, "word"
    names = (
        titles.called_oneself(said),
        titles.with_somebody(said),
        titles.beside_the_question(said, slot),
    )
    name = next(filter(None, names), "")
    return (name, "person") if name else None
