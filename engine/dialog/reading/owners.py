"""Who is named beside values that each of a list has: 「我16A，老婆16B」, 「李四换到12B」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.dialog.reading import including, listing, names, spoken, swapping
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Filled, Task, Value
from engine.nlu.parse import Entity

#: What two of a list wish for who take each other's, where a script has words for it.
_SWAP = "swap"
_SELF = "self"
#: Wishes that one of a party has for himself, and what makes 我 the one who is served.
_PLACES = {"window", "aisle", "middle", "not:window", "not:aisle", "not:middle", "any"}
#: After a name: what this one has becomes another one.
_CHANGES = re.compile("的?(?:座位?|位子|位置)?(?:改|换|调)(?:成|为|到|去)")
_FOR = ("给", "帮", "替", "为", "麻烦")
#: What was found for each slot.
Hits = Mapping[str, Sequence[Entity]]


def listed(text: str, script: Script, task: Task, name: str, hits: Hits) -> list[Entity]:
    """Those of a list still to be told who are called by a pronoun: 「我16A，老婆16B」."""
    slot, filled = script.slots[name], task.slots.get(name)
    each = [(other, hits.get(n, ())) for n, other in script.slots.items()]
    told = [(o, h) for o, h in each if h and o.each == name]
    found = list(spoken.pronouns(text, slot, _taken(hits)))
    # 「老婆和儿子靠窗，我过道」 wishes for each, and 我 is one of them.
    is_told = any(
        listing.are_single(o, h) or (len(h) > 1 and hits.get(name) and _is_mine(text, found, h))
        for o, h in told
    )
    if not is_told or (filled is not None and filled.value is not None):
        return []
    # The 我 of 我媳妇 only says whose she is.
    whose = {hit.start for hit in hits.get(name, ())}
    not_one = (listing.REST, "other")
    return [hit for hit in found if hit.value not in not_one and hit.end not in whose]


def named(text: str, script: Script, task: Task, name: str, hits: Hits) -> list[Entity]:
    """Those whom the message names beside values of slot ``name``, one for each of a list.

    我 is one of them beside somebody else.
    """
    slot = script.slots[name]
    filled = task.slots.get(slot.each)
    known = filled.value if filled and isinstance(filled.value, list) else ()
    whole = hits.get(slot.each, ())
    given = [
        each
        for each in names.given_in(text, known)
        if not any(hit.start <= each.start < hit.end for hit in whole)
    ]
    others = [place for hit in (*whole, *given) if (place := including.the_others(text, hit))]
    found = [
        each
        for hit in (*whole, *given)
        if not any(hit.start in place for place in others)
        for each in _all_but(hit, text, filled)
    ]
    also = list(spoken.pronouns(text, script.slots[slot.each], _taken(hits)))
    if others:
        also = [each for each in also if each.value != listing.REST]
    is_one = bool(also) and listing.are_single(slot, hits[name])
    is_one = is_one or any(hit.value == listing.OTHERS for hit in also)
    is_one = is_one or _is_mine(text, also, hits[name])
    return [*found, *also] if found or is_one or len({hit.value for hit in also}) > 1 else []


def _all_but(hit: Entity, text: str, filled: Filled | None) -> list[Entity]:
    """Who is named; all the others of a list where this one is left out: 「除小宝外都靠窗」."""
    place = listing.place_of(filled, hit.value or "")
    if filled is None or place is None or not including.spares(text, hit):
        return [hit]
    return [replace(hit, value=who) for at, who in enumerate(filled.value or ()) if at != place]


def _is_mine(text: str, pronouns: Sequence[Entity], said: Sequence[Entity]) -> bool:
    """Whether the customer wishes for one place alone: 「我要靠窗」, and not 「给我靠窗的」."""
    mine = [each for each in pronouns if each.value == _SELF]
    of_all = listing.beside_all(said, [each.start for each in mine], text)
    own = [set((hit.value or "").split(listing.AND)) for hit in said if hit not in of_all]
    is_one = bool(own) and all(places <= _PLACES for places in own)
    return is_one and any(not text[: each.start].endswith(_FOR) for each in mine)


def wishes(script: Script, name: str, hits: Hits) -> list[Entity]:
    """What is said for each of a list."""
    each = [hits.get(other, ()) for other, slot in script.slots.items() if slot.each == name]
    return [hit for found in each for hit in found]


def _taken(hits: Hits) -> list[Entity]:
    return [hit for found in hits.values() for hit in found]


def swaps(
    text: str, script: Script, task: Task, hits: Hits, read: Mapping[str, Value]
) -> Iterator[tuple[str, Value]]:
    """The slots in which two of a list take each other's values: 「我跟孩子换一下」."""
    for name, slot in script.slots.items():
        if not slot.each or name in read:
            continue
        said = spoken.plain_pronouns(text, script.slots[slot.each])
        if value := swapping.swapped(text, slot, name, [*hits.get(slot.each, ()), *said], task):
            yield name, value
        elif _SWAP in slot.words and swapping.is_swap(text, hits.get(slot.each, ())):
            yield name, _SWAP


def only_owners(
    text: str, script: Script, task: Task, hits: Hits, read: Mapping[str, Value]
) -> Iterator[str]:
    """The lists whose values were named only to say whom another value is for.

    「周小宝改为…」 leaves nobody else out, whatever it is that was not understood after it.
    """
    for name in read:
        if any(slot.each == name for slot in script.slots.values()) and _are_changed(
            text, task, name, hits
        ):
            yield name
        owner = script.slots[name].each
        filled = task.slots.get(owner)
        there = {*filled.value, *filled.said} if filled and filled.value else set()
        said = read.get(owner) or ()
        here = [who in there or listing.place_of(filled, who) is not None for who in said]
        # Somebody else among them (他妈妈) is whom another one is called by.
        if there and (all(here) or (any(here) and task.asking == name)):
            yield owner


def _are_changed(text: str, task: Task, name: str, hits: Hits) -> bool:
    """Whether those who are named on a list that is settled are to have something else."""
    filled, named = task.slots.get(name), hits.get(name, ())
    is_settled = filled is not None and filled.value is not None
    is_each = bool(named) and all(_CHANGES.match(text, hit.end) for hit in named)
    # Who take each other's stay on it, though what they have is not known yet.
    return is_settled and (is_each or swapping.is_swap(text, named))
