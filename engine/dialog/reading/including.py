"""Who is on a list after a message: who is named, who is added, who is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.dialog.reading.listing import NOT
from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.parse import Entity

#: Characters between a word that leaves somebody out and the name.
_NEAR = 2
#: Who does it so is left out, but for the customer: 「老婆自己办」, 「就给我自己办」.
_SELF, _THEMSELVES = "self", ("自己", "自个")
#: Before a word that drops whoever is named before it, with a reason between them; its characters.
_REASON, _LONGEST_REASON = "…", "{0,10}"
#: Between two names of whom the same is said, and between a name and what is said of it.
_JOINT = "和跟与及、 "
_OF_THEM = re.compile("(?:那[个份张]|[的就也先都 ，,])*")
#: Between who is left out and who comes instead: 「林晓梅改成周小宝」.
_REPLACED = re.compile("的?(?:改|换)(?:成|为|给)")
#: Before one of whom something is not said, and after that all the others of whom it is.
_BUT = ("除", "除了", "除去")
_THE_OTHERS = re.compile("(?:以外|之外|外)?[，, ]?(?:[我咱]们?)?(?:都|全|其[他余]|剩下)")
#: After one of whom alone it is said, as it is of nobody else: 「除了小宝都不办」.
_NOBODY_ELSE = re.compile(
    "(?:以外|之外|外)?[，, ]?"
    "(?:(?:其[他余]的?人?|别人|剩下的?人?)(?:都|全|就)?|[我咱]?们?(?:都|全)|谁[都也])"
    r"(?:先|暂时|暂)?[不别没](?:用|要|必)?(?:办|值机?|去|走|来|弄|管|飞)?了?(?:$|\W)"
)
#: With this a clause ends.
_ENDING = "算了"
_BREAK = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that add to a list, take from it, and put a value in place of the one before.

    ``several`` are the values of a list that may stand for more than one: 我和…, 我们俩.
    """

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    rather: tuple[str, ...] = ()
    several: frozenset[str] = frozenset()

    def of(self, slot: Slot) -> Cues:
        """The words as they are for a slot, of which some may leave nobody out."""
        drop = tuple(cue for cue in self.drop if cue not in slot.meant_by)
        return replace(self, drop=drop, several=frozenset(slot.words))


NO_CUES = Cues()


def merged(
    name: str,
    hits: Sequence[Entity],
    text: str,
    task: Task,
    words: Cues,
    wishes: Sequence[Entity] = (),
) -> tuple[list[str], list[Entity]]:
    """The values of a list after a message, and the words that add to it or take from it.

    A name replaces what was there, unless the message adds to it (还有李四) or leaves somebody
    out (李四不办了), or the question is who else there is. ``wishes`` are what is said for those on
    the list: 「李四不要中间的」 leaves nobody out.
    """
    filled = task.slots.get(name)
    before = list(filled.said) if filled and isinstance(filled.said, list) else []
    leaving = [
        (hit, said)
        for hit, cues in _leaving(text, hits, words)
        if (said := [cue for cue in cues if not _is_of(cue, wishes)])
        and not (text[: hit.start].endswith(_BUT) and _NOBODY_ELSE.match(text, hit.end))
        and not (wishes and _stays(filled) and spares(text, hit))
    ]
    cues = [cue for _, found in leaving for cue in found]
    dropped = [hit.value or "" for hit, _ in leaving]
    named = [hit.value or "" for hit in hits if hit.value and hit.value not in dropped]
    adding = [cue for cue in words.add if cue in text]
    cues += [Entity("cue", cue, cue, text.index(cue), text.index(cue) + len(cue)) for cue in adding]
    is_next = task.asking == name and filled is not None and filled.value is None
    base = before if dropped or adding or is_next else []
    return _without(dropped, [*base, *named], words.several), cues


def _without(dropped: Sequence[str], said: Sequence[str], several: frozenset[str]) -> list[str]:
    """Who is left of those who were said, the last word on each of them counting.

    Who is dropped is named as well where another word could bring him back.
    """
    back = {NOT + value for value in said if value not in dropped}
    result = [v for v in dict.fromkeys(said) if v not in dropped and v not in back]
    is_meant = not several.isdisjoint(result)
    gone = [NOT + value for value in dropped if is_meant or value not in said]
    return [*result, *(each for each in gone if each not in result)]


def _leaving(text: str, hits: Sequence[Entity], words: Cues) -> list[tuple[Entity, list[Entity]]]:
    """Those who are left out, each with the words that say so; 老婆孩子先不办 is said of both."""
    in_order = sorted(hits, key=lambda hit: hit.start)
    ends = [0, *(hit.end for hit in in_order)]
    starts = [*(hit.start for hit in in_order[1:]), len(text)]
    found = [
        [*_dropping(text, hit, words, since=end), *_gone(text[: max(start, hit.end)], hit, words)]
        for hit, end, start in zip(in_order, ends, starts, strict=False)
    ]
    for at in reversed(range(len(in_order) - 1)):
        after, end = in_order[at + 1], in_order[at].end
        if instead := _REPLACED.fullmatch(text[end : after.start]):
            found[at] = [Entity("cue", instead[0], instead[0], end, after.start)]
            continue
        shared = [cue for cue in found[at + 1] if cue.start >= after.end]
        if not found[at] and not text[in_order[at].end : after.start].strip(_JOINT):
            found[at] = shared
    return [(hit, cues) for hit, cues in zip(in_order, found, strict=True) if cues]


def spares(text: str, hit: Entity) -> bool:
    """Whether what is said is said of all but this one: 「除小宝外都靠过道」."""
    return the_others(text, hit) is not None


def the_others(text: str, hit: Entity) -> range | None:
    """Where all others are named of whom it is said, and not of this one: 外都, 以外，我们都."""
    found = _THE_OTHERS.match(text, hit.end) if text[: hit.start].endswith(_BUT) else None
    return range(*found.span()) if found else None


def _stays(filled: Filled | None) -> bool:
    """Whether a list is settled, so that one who is left out of a wish stays on it."""
    return filled is not None and filled.value is not None


def _is_of(cue: Entity, wishes: Sequence[Entity]) -> bool:
    return any(0 <= wish.start - cue.end < _NEAR for wish in wishes)


def _dropping(text: str, hit: Entity, words: Cues, *, since: int) -> Iterator[Entity]:
    before, after = text[since : hit.start], text[hit.end :]
    between_them = _OF_THEM.match(after)
    ends = range(between_them.end() + 1) if between_them else ()
    for cue in words.drop:
        if hit.value == _SELF and cue.startswith(_THEMSELVES):
            continue
        at = before.rfind(cue)
        between = before[at + len(cue) :] if at >= 0 else ""
        # 「算了，孩子办」 drops nobody, and a clause ends at a blank.
        reaches = not cue.endswith(_ENDING) and not _BREAK.search(between)
        if at >= 0 and reaches and len(between) <= _NEAR:
            yield Entity("cue", cue, cue, since + at, since + at + len(cue))
        elif any(after.startswith(cue, end) for end in ends):
            start = hit.end + after.index(cue)
            yield Entity("cue", cue, cue, start, start + len(cue))


def _gone(text: str, hit: Entity, words: Cues) -> Iterator[Entity]:
    """What says that somebody does not travel, with the reason before it: 孩子发烧不去了."""
    for cue in words.drop:
        if not cue.startswith(_REASON):
            continue
        said = re.match(
            rf"\w{_LONGEST_REASON}?[\s，,]?(?P<cue>{re.escape(cue[1:])})", text[hit.end :]
        )
        if said:
            yield Entity("cue", cue, said["cue"], hit.end + said.start("cue"), hit.end + said.end())
