"""Who is named only to say beside whom, or with whom: 「坐小宝旁边」, 「跟我老婆坐一起」."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.dialog.reading import listing
from engine.dialog.reading.listing import TOGETHER
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity

_SELF = "self"
_BEFORE = re.compile("(?:挨着|挨到|靠着|紧挨|贴着|紧靠)(?:我家?)?$")
_AFTER = re.compile("的?(?:旁边|边上|身边|隔壁|旁邊|邊上)")
#: Of one who is not on the list: 「跟小宝坐一起」.
_WITH = re.compile("[跟和与同](?:我家?)?$")
_AS_ONE = re.compile("(?:一起|挨着|挨一起|靠着|近一?点)?坐?(?:一起|一块|挨着|一排|近一?点|近些)")
#: Before who is with the customer: 「跟我老婆一起」.
_MINE = re.compile("[要想]?[跟和与同](?:我家?)?")

#: A slot, and a word that was said for it.
Named = tuple[str, Entity]


def neighbours(text: str, script: Script, task: Task, named: Iterable[Named]) -> Iterator[Named]:
    """The wishes for a place beside those who are named, and the customer who is with them.

    They are of slots whose script has words for such a wish. It covers the name: who is
    named so is on no list.
    """
    for name, slot in script.slots.items():
        for owner, word in named if TOGETHER in slot.words else ():
            if owner != slot.each:
                continue
            is_told = _is_told(task, owner)
            is_other = is_told and listing.place_of(task.slots[owner], word.value or "") is None
            if span := _span(text, word, is_other=is_other):
                yield name, Entity("word", TOGETHER, text[slice(*span)], *span)
            elif not is_told and _MINE.fullmatch(text[: word.start]):
                yield owner, Entity("word", _SELF, text[0], 0, 1)


def besides(text: str, hits: Iterable[Entity]) -> list[Entity]:
    """Those of a message who are only named as somebody's neighbours."""
    return [hit for hit in hits if _span(text, hit, is_other=False)]


def _span(text: str, word: Entity, *, is_other: bool) -> tuple[int, int] | None:
    before, after = text[: word.start], word.end
    if near := _BEFORE.search(before):
        return near.start(), word.end
    if near := _AFTER.match(text, after):
        return word.start, near.end()
    start, end = _WITH.search(before), _AS_ONE.match(text, after)
    return (start.start(), end.end()) if start and end and is_other else None


def _is_told(task: Task, owner: str) -> bool:
    filled = task.slots.get(owner)
    return filled is not None and filled.value is not None
