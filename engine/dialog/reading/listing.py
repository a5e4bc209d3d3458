"""Slots that have a value for each of a list: which value is meant for which place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Filled, Task, Value
from engine.nlu.parse import Entity

#: The pronoun of all who are not named: 「孩子靠窗，我们挨着他」; and its place.
REST, _REST = "rest", -1
#: The pronoun of all but the customer: 「她俩挨着」.
OTHERS = "others"
#: Before a value that is not meant.
NOT = "not:"
#: The wish for places beside each other, which nobody has alone.
TOGETHER = "together"
#: Wishes of which the later one leaves the first as it is; 「更想要前排」 after a window does not.
_BOTH = {*product(("front", "rear"), ("window", "aisle", "middle"))}
#: The kinds of fixed choices and numbers, and what says that one is for all: 都要大杯, 各两盒.
_FIXED = frozenset({"choice", "pattern", "number", "cue"})
_FOR_ALL = re.compile("都|全部|一样|统一|全要|各|每[种个人样份位]")
#: What ends a clause.
_BREAK = re.compile(r"[，,。；;]")
#: Between several wishes that make one value.
AND = "+"


def placed(
    slot: Slot,
    name: str,
    hits: Sequence[Entity],
    text: str,
    task: Task,
    named: Sequence[Entity] = (),
) -> Value:
    """What a message says for a slot that has a value for each value of another one.

    A list has a value, or nothing yet, for each place; a text is a wish for all of them.
    ``named`` are the values of the other slot that the message names.
    """
    owners = owners_in(slot, named, name, task)
    if owners and (own := _by_owner(slot, owners, hits, text, name, task)):
        return own
    single, wish = _told(slot, hits)
    places = size(slot, task)
    if not single:
        return _open_places(wish, name, task, places)
    filled = task.slots.get(name)
    known = so_far(filled, places)
    instead_of = [value for value in known if value and value in text and value != single[-1]]
    if len(instead_of) == 1 and len(set(single) - {instead_of[0]}) == 1:
        return [single[-1] if value == instead_of[0] else value for value in known]
    if not places or len(single) >= places:
        return single
    if all(known):
        known = [""] * places
    for value in single:
        if "" in known:
            known[known.index("")] = value
    if len(single) == 1 and _FOR_ALL.search(text) and {hit.type for hit in hits} <= _FIXED:
        wish = single[0]
    return [value or wish for value in known]


def joined(slot: Slot, hits: Sequence[Entity]) -> str:
    """The one value of several wishes; a value of another type says more than a wish."""
    single, wish = _told(slot, hits)
    return single[0] if single else wish


def _told(slot: Slot, hits: Sequence[Entity]) -> tuple[list[str], str]:
    in_order = sorted(hits, key=lambda hit: hit.start)
    wishes = [hit.value or "" for hit in in_order if _is_wish(slot, hit)]
    single = [hit.value or "" for hit in in_order if not _is_wish(slot, hit)]
    return list(dict.fromkeys(single)), AND.join(dict.fromkeys(wishes))


def are_single(slot: Slot, hits: Sequence[Entity]) -> bool:
    """Whether nobody shares a value with others: 「我坐12A」, and not 「我要靠窗」."""
    return bool(slot.join) and not any(_is_wish(slot, hit) for hit in hits)


def _is_wish(slot: Slot, hit: Entity) -> bool:
    return hit.type in slot.join or (hit.type in ("word", "choice") and bool(slot.join))


def _open_places(wish: str, name: str, task: Task, places: int) -> Value:
    """A wish is for all who have nothing yet, or for everybody."""
    filled = task.slots.get(name)
    known = so_far(filled, places)
    if any(known) and not all(known):
        return [value or wish for value in known]
    before = spread(filled.said, places)[:1] if filled else []
    # 「最后一排」, and then 「靠窗」: both.
    both = places == 1 and [(each, wish) for each in before if (each, wish) in _BOTH]
    return AND.join(both[0]) if both else wish


def so_far(filled: Filled | None, places: int) -> list[str]:
    """What each place has by now."""
    values = filled.value if filled and filled.value is not None else filled and filled.said
    known = list(values) if isinstance(values, list) else []
    return [*known, *[""] * places][:places]


def size(slot: Slot, task: Task) -> int:
    """How many values a slot of this kind has; 0 where that is not known yet."""
    other = task.slots.get(slot.each)
    return len(other.value) if other and isinstance(other.value, list) else 0


def spread(said: Value, places: int) -> list[str]:
    """What was said, place by place."""
    if isinstance(said, str):
        return [said] * places
    return [*said, *[""] * (places - len(said))]


def owners_in(slot: Slot, named: Sequence[Entity], name: str, task: Task) -> list[tuple[int, int]]:
    """Where the values of the other slot are named in the text: place and position, in order."""
    other = task.slots.get(slot.each)
    named = [*named, *_but_me(named, other)]
    places = ((place_of(other, hit.value or ""), hit.start) for hit in named)
    known = [(place, at) for place, at in places if place is not None]
    left = _nobody_s(slot, known, name, task)
    rest = [
        (_REST, hit.start)
        for hit in named
        if hit.value == REST or (hit.value or "").isdecimal() or (left and _is_open(hit, other))
    ]
    rest = rest if known else []
    return sorted([*known, *rest], key=lambda each: each[1])


def _but_me(named: Sequence[Entity], other: Filled | None) -> list[Entity]:
    """All but the customer, for 「她俩」 of a party; those who are named themselves left out."""
    said = next((hit for hit in named if hit.value == OTHERS), None)
    mine = place_of(other, "self")
    if said is None or mine is None or other is None:
        return []
    taken = {mine, *(place_of(other, hit.value or "") for hit in named)}
    left = [who for at, who in enumerate(other.value or ()) if at not in taken]
    return [replace(said, value=who) for who in left]


def _nobody_s(slot: Slot, named: Sequence[tuple[int, int]], name: str, task: Task) -> bool:
    """Whether one place alone is neither named nor filled: 「我12A，孩子12B，她12C」."""
    known = so_far(task.slots.get(name), size(slot, task))
    places = {place for place, _ in named}
    is_open = [place for place, value in enumerate(known) if place not in places and not value]
    return len(is_open) == 1


def _is_open(hit: Entity, other: Filled | None) -> bool:
    return hit.type == "word" and place_of(other, hit.value or "") is None


def place_of(filled: Filled | None, word: str) -> int | None:
    """The place on a settled list that a word means; None where it means none of them.

    By its value, by what was said for it, or by a word in a list of its row: the `wife` of a party.
    """
    if filled is None or not isinstance(filled.value, list):
        return None
    if (place := _place_in(filled.value, filled, word)) is not None:
        return place
    said = filled.said
    if not isinstance(said, list) or len(said) != len(filled.value) or word not in said:
        return None
    # 「全家，儿子要靠窗」: what was said are not the people one by one.
    places = (_place_in(filled.value, filled, each) for each in said)
    is_in_order = all(place in (None, at) for at, place in enumerate(places))
    return said.index(word) if is_in_order else None


def _place_in(values: list[str], filled: Filled, word: str) -> int | None:
    if word in values:
        return values.index(word)
    fits = [place for place, row in enumerate(filled.rows) if word in _lists_of(row)]
    return fits[0] if len(fits) == 1 else None


def _lists_of(row: Mapping[str, object]) -> Iterator[object]:
    return (word for cell in row.values() if isinstance(cell, list) for word in cell)


def _by_owner(
    slot: Slot,
    owners: list[tuple[int, int]],
    hits: Sequence[Entity],
    text: str,
    name: str,
    task: Task,
) -> list[str]:
    """Values that stand after the names of those they are for: 张三12A，李四12B."""
    places = size(slot, task)
    known = so_far(task.slots.get(name), places)
    mine: dict[int, list[Entity]] = {}
    of_all = beside_all(hits, [at for _, at in owners], text)
    for hit in (each for each in hits if each not in of_all):
        before = [place for place, at in owners if at < hit.start]
        if before:
            mine.setdefault(before[-1], []).append(hit)
    if any(len(own) > 1 and not any(_is_wish(slot, hit) for hit in own) for own in mine.values()):
        # 「我和我媳妇 31D 31F」 tells them in the order of the people.
        return []
    mine |= _shared(slot, owners, mine, text)
    if not any(known) and all(joined(slot, own) == TOGETHER for own in mine.values()):
        # 「跟我老婆坐一起」 is said of both.
        return []
    # 张三和李四都要靠窗 is one wish for all, where there is nobody else.
    is_for_all = len(mine) == places > 1 and len({tuple(own) for own in mine.values()}) == 1
    if not mine or is_for_all:
        return []
    rest = mine.pop(_REST, [])
    is_full = all(known)
    for place in range(places) if rest else ():
        known[place] = joined(slot, rest) if is_full or not known[place] else known[place]
    for place, own in mine.items():
        value = joined(slot, own)
        if value in known and are_single(slot, own) and known.index(value) not in mine:
            # 「我要12C」 of who has 12A: who had 12C has that now.
            known[known.index(value)] = known[place]
        known[place] = value
    return _all_beside(known) if of_all and not is_full else known


def beside_all(hits: Sequence[Entity], named_at: Sequence[int], text: str) -> list[Entity]:
    """The wish to sit together, in a clause that names nobody: 「坐一起，孩子靠窗」."""
    ends = [0, *(found.end() for found in _BREAK.finditer(text)), len(text) + 1]
    clauses = [*pairwise(ends)]
    return [
        hit
        for hit in hits
        if hit.value == TOGETHER
        and not any(a <= at < b for a, b in clauses if a <= hit.start < b for at in named_at)
    ]


def _all_beside(known: Sequence[str]) -> list[str]:
    """The wishes of each, with that of all for places beside each other."""
    if all(known):
        return [f"{value}{AND}{TOGETHER}" for value in known]
    return [value or TOGETHER for value in known]


def _shared(
    slot: Slot, owners: list[tuple[int, int]], mine: Mapping[int, list[Entity]], text: str
) -> dict[int, list[Entity]]:
    """The wish that those share who are named right before it: 老婆和孩子靠窗，我靠过道."""
    shared: dict[int, list[Entity]] = {}
    in_order = owners[::-1]
    for (place, at), (after, then) in zip(in_order[1:], in_order, strict=False):
        if _REST in (place, after) or _BREAK.search(text[at:then]):
            continue
        wish = mine.get(after) or shared.get(after, [])
        if place not in mine and wish and all(_is_wish(slot, hit) for hit in wish):
            shared[place] = wish
    return shared
