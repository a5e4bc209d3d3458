"""The words by which a slot knows its values: of its script, names, and pronouns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.dialog.reading import names
from engine.dialog.reading.among import of_a_list
from engine.dialog.reading.assigning import cues
from engine.dialog.reading.neighbours import neighbours
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording import words
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: What may stand between 我 and the seat that I want.
_BETWEEN = re.compile("[要想就还是坐在选个自己的一来喜欢得给定两三都俩仨则改换到成 ]*")
#: What may stand beside the pronoun that answers who is meant.
_BESIDE_ONE = re.compile(
    "[给帮替就先只单光仅办弄换退撤取消值机的一个人自己吧好行了来啊呀嘛呗哈啦噻要 ，,。]*"
)
#: Before a word that is meant only where it is asked for and all that is said.
_WHOLE = "="
#: After a word that is meant only where its clause ends with it; and what may stand there.
_LAST, _END = "$", "[的吧呗啊呀嘛哈了。！!]*"
#: Before the label of a choice: not this one.
_NOT_SO = ("不", "不用", "不要", "不想", "不必", "不需要", "无需", "别", "甭", "没", "不是")


def known_words(
    text: str,
    script: Script,
    known: Mapping[str, Iterable[str]],
    task: Task,
    people: Iterable[Entity] = (),
) -> Iterator[tuple[str, Entity]]:
    """The words of slots that are said, the longest of each place: 抱着孩子, and not 孩子.

    ``people`` are names that were found without knowing who there is.
    """
    asking = task.asking
    found = [
        (name, word)
        for name, slot in script.slots.items()
        for word in (
            *_words(text, slot, is_asked=name == asking, there=_how_many(name, task)),
            *names.known_in(text, known.get(name, ()), given="person" in slot.type),
        )
    ]
    named = [
        (name, person)
        for name, slot in script.slots.items()
        for person in people
        if slot.many and person.type in slot.type
    ]
    found += neighbours(text, script, task, [*found, *named])
    taken: list[tuple[str, Entity]] = []
    found = _of_others(script, _by_cue(text, script, found, asking))
    found = of_a_list(text, script, found, asking)
    for name, word in sorted(found, key=lambda each: each[1].start - each[1].end):
        same_place = [(n, other) for n, other in taken if overlap(word, other)]
        if all(n != name and len(o.text) == len(word.text) for n, o in same_place):
            taken.append((name, word))
            yield name, word


def _of_others(script: Script, found: list[tuple[str, Entity]]) -> list[tuple[str, Entity]]:
    """The words without 只办我 of 「只办我爱人的」: its 我 only says whose the other one is."""
    starts = {(name, word.start) for name, word in found}
    return [
        (name, word)
        for name, word in found
        if (name, word.end) not in starts or not _ends_with_one(script.slots[name], word)
    ]


def _ends_with_one(slot: Slot, word: Entity) -> bool:
    return word.text.endswith(tuple(each for said in slot.pronouns.values() for each in said))


def _by_cue(
    text: str, script: Script, found: list[tuple[str, Entity]], asking: str
) -> list[tuple[str, Entity]]:
    """A name is meant for the slot whose cue stands beside it, and for no other one: 苏婷抱."""
    cued = {(name, word.start) for name, word in found if any(cues(script.slots[name], text, word))}
    starts = {start for _, start in cued}
    return [
        (name, word)
        for name, word in found
        if (name, word.start) in cued
        or (word.start not in starts and (name == asking or not script.slots[name].after))
    ]


def _how_many(name: str, task: Task) -> str:
    """How many are on a list that is complete."""
    filled = task.slots.get(name)
    is_there = filled is not None and isinstance(filled.value, list) and name != task.asking
    return str(len(filled.value)) if filled and filled.value and is_there else ""


def _words(text: str, slot: Slot, *, is_asked: bool, there: str) -> Iterator[Entity]:
    for value, said in slot.words.items():
        if value == there:
            # 「两个都靠过道」 of two names nobody anew.
            continue
        for word in said:
            if word.startswith(_WHOLE) and not is_asked:
                continue
            for match in _said_in(text, word):
                # 「不用坐一起」; who is left out is on a list of another kind.
                is_denied = text[: match.start()].endswith(_NOT_SO)
                if slot.join and is_denied:
                    continue
                # 「不带宝宝」 where the question is whether it comes along.
                is_no = is_denied and slot.if_yes == value
                yield Entity("word", slot.if_no if is_no else value, match[0], *match.span())


def _said_in(text: str, word: str) -> Iterator[re.Match[str]]:
    """Where a word is said, in whichever characters."""
    if word.startswith(_WHOLE):
        cue = re.compile(rf"^{re.escape(word.removeprefix(_WHOLE))}{_END}$")
    elif word.endswith(_LAST):
        said = words.cue(word.removesuffix(_LAST)).pattern
        cue = re.compile(rf"{said}(?={_END}(?:$|[\s，,。!！]))")
    else:
        cue = words.cue(word)
    return cue.finditer(text if cue.search(text) else fold(text))


def pronouns(text: str, slot: Slot, taken: Iterable[Entity]) -> Iterator[Entity]:
    """The words that only say whose a value is, right before one: the 我 of 「我要靠窗」.

    ``taken`` are the values that were found: the 我 of 我爱人 is a part of one.
    """
    found = list(taken)
    for value, said in slot.pronouns.items():
        for match in words.either(said).finditer(text):
            word = Entity("word", value, match[0], *match.span())
            after = [hit.start for hit in found if hit.start >= word.end]
            between = text[word.end : min(after, default=word.end)]
            is_part = any(overlap(word, hit) for hit in found)
            if after and not is_part and _BETWEEN.fullmatch(between):
                yield word


def plain_pronouns(text: str, slot: Slot) -> Iterator[Entity]:
    """Every pronoun of a list, wherever it stands."""
    for value, said in slot.pronouns.items():
        for match in words.either(said).finditer(text):
            yield Entity("word", value, match[0], *match.span())


def alone(text: str, slot: Slot) -> str | None:
    """The value of a pronoun that is all there is to an answer: 「就我」, 「先给我办」."""
    for value, said in slot.pronouns.items():
        left = words.either(said).sub("", text)
        if left != text and _BESIDE_ONE.fullmatch(left):
            return value
    return None


def beside(
    known_words: list[tuple[str, Entity]], entities: Iterable[Entity], script: Script
) -> list[Entity]:
    """The entities, without those that a slot already knows better by name."""
    return [
        entity
        for entity in entities
        if not any(
            overlap(entity, word) and (entity.type in script.slots[name].type or not entity.strict)
            for name, word in known_words
        )
    ]
