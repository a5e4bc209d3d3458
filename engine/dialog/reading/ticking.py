"""Which of the fixed choices of a list are named: 「打蜡和消毒」, 「打蜡不要了，换消毒」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.dialog.reading.including import Cues
from engine.dialog.reading.listing import NOT
from engine.dialog.scripts.parts import Choice
from engine.dialog.scripts.script import Slot
from engine.nlu.parse import Entity

#: The kind of a choice that is named for a list.
TICKED = "ticked"
#: Characters of the shortest part of a label that says which one it is: 消毒 of 车内消毒.
_PART = 2
#: Between a choice and the one that takes its place.
_INSTEAD = re.compile(r"的?(?:都|就|也)?(?:换成?|改成?|改为|换为|变成)")
#: After a choice that is to be there beside those before.
_TOO = re.compile("也(?:要|做|加|来|选|算|一起)")


def is_ticked(slot: Slot) -> bool:
    """Whether a slot takes any number of its fixed choices."""
    return slot.many and bool(slot.choices) and not slot.type


def ticked(text: str, name: str, slot: Slot, *, in_parts: bool) -> Iterator[tuple[str, Entity]]:
    """All the choices that are named; ``in_parts``: also by a part of their labels."""
    taken: list[tuple[int, int]] = []
    found = [(at, c) for c in slot.choices for at in _places(text, c, slot, in_parts=in_parts)]
    for (start, end), choice in sorted(found, key=lambda each: each[0][0] - each[0][1]):
        if not any(start < other_end and other < end for other, other_end in taken):
            taken.append((start, end))
            yield name, Entity(TICKED, choice.value, text[start:end], start, end)


def _places(text: str, choice: Choice, slot: Slot, *, in_parts: bool) -> Iterator[tuple[int, int]]:
    forms = [re.escape(choice.label), *([choice.pattern] if choice.pattern else [])]
    found = [match.span() for form in forms for match in re.finditer(form, text)]
    yield from found
    if in_parts and not found and (part := _part(text, choice, slot)):
        yield text.index(part), text.index(part) + len(part)


def _part(text: str, choice: Choice, slot: Slot) -> str:
    """The longest beginning or end of a label that is said, and in no other one."""
    label, others = choice.label, [c.label for c in slot.choices if c is not choice]
    for size in range(len(label) - 1, _PART - 1, -1):
        for part in (label[:size], label[-size:]):
            if part in text and not any(part in other for other in others):
                return part
    return ""


def cues_for(text: str, hits: Sequence[Entity], words: Cues) -> Cues:
    """The words that change the list, with those that do only beside a choice."""
    beside = (
        found[0]
        for hit in hits
        if hit.type == TICKED
        and (found := _TOO.match(text, hit.end) or _INSTEAD.match(text, hit.end))
    )
    return replace(words, add=(*words.add, *beside))


def kept(text: str, slot: Slot, hits: Sequence[Entity], values: list[str]) -> list[str]:
    """The values of a list without those that were left out or replaced.

    The value for none goes where there is another one, and comes where none is left.
    """
    if not is_ticked(slot):
        return values
    in_order = sorted(hits, key=lambda hit: hit.start)
    gone = {hit.value for hit in in_order[:-1] if _INSTEAD.match(text, hit.end)} | {slot.skip}
    left = [value for value in values if not value.startswith(NOT) and value not in gone]
    return left or ([slot.skip] if slot.skip else [])
