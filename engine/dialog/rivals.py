"""Two values where there is room for one: 「充50或者100」. Neither is taken; it is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from engine.dialog.script import Script
from engine.nlu.parse import Entity

#: The problem of a slot of which several values were said.
SEVERAL = "several"
#: Types of which the wrong one would cost money, or be somebody else's.
_KINDS = ("phone", "id_number", "money", "flight_no", "order_no")
#: Types of which two make a choice only with 或者 between them.
_CHOICES = ("date",)
_OR = re.compile(r"[\s,，的]*(?:或者?是?|还是|要么|/)[\s,，]*")
#: Between two values that are a choice or a list.
_BETWEEN = re.compile(r"(?:\s|[、,，/和跟与及或]|或者|还是|要么|元|块钱?)+")


def of(
    entity: Entity,
    text: str,
    script: Script,
    hits: Mapping[str, Sequence[Entity]],
    allowed: Collection[str] | None,
) -> str | None:
    """The slot that has another value of the message already, and no room for this one.

    ``hits`` are the values so far, ``allowed`` the slots that such a value may fill; beside the
    other one, with nothing but 或者 or a comma between them, it may always.
    """
    is_choice = entity.type in _CHOICES
    if not (is_choice or entity.type in _KINDS) or entity.value is None:
        return None
    taking = [name for name, slot in script.slots.items() if entity.type in slot.type]
    if len(taking) != 1 or script.slots[taking[0]].is_list:
        return None
    said = [hit for hit in hits.get(taking[0], ()) if hit.type == entity.type]
    if not said or any(_is_same(entity, hit) for hit in said):
        return None
    if is_choice:
        # Two days may be two facts (明天去，后天回): only what is said as a choice is one.
        return taking[0] if any(_are_beside(text, entity, hit, _OR) for hit in said) else None
    is_meant = allowed is None or taking[0] in allowed
    return taking[0] if is_meant or any(_are_beside(text, entity, hit) for hit in said) else None


def _is_same(one: Entity, other: Entity) -> bool:
    return one.value == other.value or (one.start < other.end and other.start < one.end)


def _are_beside(text: str, one: Entity, other: Entity, between: re.Pattern[str] = _BETWEEN) -> bool:
    first, second = sorted((one, other), key=lambda each: each.start)
    return between.fullmatch(text[first.end : second.start]) is not None
