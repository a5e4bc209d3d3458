"""Which slots of a script an utterance speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.dialog import lengths, listing, rivals, vocabulary
from engine.dialog.listing import NO_CUES, Cues
from engine.dialog.script import Script, Slot
from engine.dialog.session import Task, Value
from engine.dialog.vocabulary import FREE_TEXT, PATTERN, overlap
from engine.nlu.parse import Entity

#: An utterance with at least this share of values is about them.
_MOSTLY_VALUES = 0.5
#: Words that say nothing beside a value: 两百吧, 是CA1234的.
_PARTICLES = frozenset("的吧呢啊哦嗯呀嘛哈了就是那要")
_UNIT = re.compile(r"[A-Za-z0-9]+|[^\W_]")
_NO_NAMES: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Reading:
    """Values by slot, and by slot the entity that looked right but is not valid.

    ``problems`` also hold a slot with room for one value of which several were said.
    """

    values: dict[str, Value] = field(default_factory=dict)
    problems: dict[str, Entity] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values or self.problems)


def read(
    text: str,
    entities: Iterable[Entity],
    script: Script,
    task: Task,
    *,
    loose: bool,
    known: Mapping[str, Iterable[str]] = MappingProxyType({}),
    cues: Cues = NO_CUES,
    names: Mapping[str, Any] = _NO_NAMES,
) -> Reading:
    """Assign the entities of an utterance to the slots of the running script.

    Strict entities may go to any slot that takes their type. Loose ones go only to the slot being
    asked for and to those its question names in ``also``, or anywhere when ``loose`` (a correction
    with a cue word, or at the confirmation). The labels of fixed choices are the vocabulary of
    their slot, where it has no type that says more; ``known`` are values that a slot knows by
    name, ``names`` those of the script's expressions, for words that stand for a value, and
    ``cues`` the words that add to a list or take from it.
    """
    reading = Reading()
    hits: dict[str, list[Entity]] = {}
    known_words = list(vocabulary.known_words(text, script, known))
    found = _beside(known_words, entities, script)
    asked = _asked(script, task)
    for name, word in known_words:
        hits.setdefault(name, []).append(word)
        reading.entities.append(word)
    for name, row in vocabulary.bare_numbers(text, found, script, names):
        hits.setdefault(name, []).append(row)
        reading.entities.append(row)
    labels = dict(vocabulary.labels(text, script, task))
    patterned = {name for name, label in labels.items() if label.type == PATTERN}
    for entity in _preferring_strict(found, script, asked):
        allowed = None if entity.strict or loose else (*asked, *_cued(text, entity, script))
        slot = _slot_for(entity, text, script, task, hits, reading, asked, allowed)
        if slot is None or slot in patterned:
            reading.entities += [entity] if _is_repeated(entity, hits) else []
            if rival := rivals.of(entity, text, script, hits, allowed):
                reading.problems[rival] = replace(entity, value=None, problem=rivals.SEVERAL)
                reading.entities.append(entity)
            continue
        reading.entities += [entity, *_cues(script.slots[slot], text, entity)]
        if entity.value is None:
            reading.problems[slot] = entity
        else:
            hits.setdefault(slot, []).append(entity)
    for name, label in labels.items():
        if name not in hits and name not in reading.problems:
            hits[name] = [label]
            reading.entities.append(label)
    for name, said_of_it in hits.items():
        if name in reading.problems:
            continue
        slot_, named = script.slots[name], hits.get(script.slots[name].each, [])
        value, more = _value(slot_, name, said_of_it, text, task, cues, named)
        reading.values[name] = value
        reading.entities += more
    for name, meant in vocabulary.meanings(text, script, task, names):
        if name in reading.values and reading.values[name] != meant.value and name in hits:
            # 「我跟我老婆13312345678都要充」: the own number and another one.
            reading.problems[name] = replace(meant, value=None, problem=rivals.SEVERAL)
            reading.values.pop(name)
        elif name not in reading.values and name not in reading.problems:
            reading.values[name] = meant.value or ""
            reading.entities.append(meant)
    _leave_owners(reading, script, task, cues, text)
    said = text.strip()
    if not reading and (wrong := lengths.wrong(said, script.slots.get(task.asking))):
        reading.problems[task.asking] = wrong
    takes_all = FREE_TEXT in _types(script, task.asking) and task.asking not in reading.values
    # More values than words are about other slots: 「13812345678」, 「改成CA1235」.
    if takes_all and said and coverage(text, reading) < _MOSTLY_VALUES:
        return Reading({task.asking: said})
    return reading


def _is_repeated(entity: Entity, hits: Mapping[str, list[Entity]]) -> bool:
    """Whether a value was said before in the same breath: 「明天的呢，明天的先办」."""
    return entity.value is not None and any(
        (entity.type, entity.value) == (hit.type, hit.value)
        for said in hits.values()
        for hit in said
    )


def _leave_owners(reading: Reading, script: Script, task: Task, cues: Cues, text: str) -> None:
    """Names that say whom a value is for (李四换到12B) do not say who is on the list."""
    if any(cue in text for cue in (*cues.add, *cues.drop)):
        return
    for name in list(reading.values):
        owner = script.slots[name].each
        filled = task.slots.get(owner)
        named = reading.values.get(owner)
        there = {*filled.value, *filled.said} if filled and filled.value else set()
        if there and set(named or ()) <= there:
            reading.values.pop(owner, None)


def _value(
    slot: Slot,
    name: str,
    hits: list[Entity],
    text: str,
    task: Task,
    cues: Cues,
    named: list[Entity],
) -> tuple[Value, list[Entity]]:
    """What the parts of a message that are meant for a slot say, and words that belong to them."""
    if slot.each:
        return listing.placed(slot, name, hits, text, task, named), []
    if slot.many:
        in_order = sorted(hits, key=lambda hit: hit.start)
        return listing.merged(name, in_order, text, task, cues)
    return listing.joined(slot, hits) if slot.join else hits[0].value or "", []


def _beside(
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


def coverage(text: str, reading: Reading) -> float:
    """How much of an utterance is values: 1 for 「CA1234」, 0.2 for 「CA1234几点起飞」.

    A run of letters and digits counts as one character, as it is one word to a reader;
    particles outside of values do not count. The words that tell which slot a value is meant for
    are a part of it: 1 for 「从广州飞」.
    """
    outside = len(beside(text, reading.entities))
    inside = sum(_is_in(unit, reading.entities) for unit in _UNIT.finditer(text))
    return inside / (inside + outside) if inside else 0.0


def beside(text: str, entities: Iterable[Entity]) -> list[str]:
    """The characters of an utterance, and its runs of letters and digits, outside of values."""
    known = list(entities)
    units = [unit[0] for unit in _UNIT.finditer(text) if not _is_in(unit, known)]
    return [unit for unit in units if unit not in _PARTICLES]


def _is_in(unit: re.Match[str], entities: Iterable[Entity]) -> bool:
    return any(entity.start <= unit.start() < entity.end for entity in entities)


def _cued(text: str, entity: Entity, script: Script) -> list[str]:
    """The slots that the words beside a loose entity name: 「先交五十」."""
    return [
        name
        for name, slot in script.slots.items()
        if entity.type in slot.type and any(_cues(slot, text, entity))
    ]


def _asked(script: Script, task: Task) -> tuple[str, ...]:
    slot = script.slots.get(task.asking)
    return (task.asking, *slot.also) if slot else ()


def _types(script: Script, name: str) -> tuple[str, ...]:
    slot = script.slots.get(name)
    return slot.type if slot else ()


def _preferring_strict(found: list[Entity], script: Script, asked: tuple[str, ...]) -> list[Entity]:
    """Leave out loose entities inside ones that say more; what was asked for comes first."""
    taken = {kind for slot in script.slots.values() for kind in slot.type}
    wanted = {kind for name in asked for kind in _types(script, name)}
    usable = [entity for entity in found if entity.type in taken]
    strict = [entity for entity in usable if entity.strict]
    kept = [
        entity
        for entity in usable
        if not any(_says_more(other, entity) for other in strict if other.type != entity.type)
    ]
    return sorted(
        kept,
        key=lambda entity: (
            entity.type not in wanted,
            not entity.strict,
            entity.value is None,
            entity.start,
            entity.start - entity.end,
        ),
    )


def _says_more(strict: Entity, entity: Entity) -> bool:
    """Whether an entity is a part of another reading: 138 元 of 「138 1234 5678」."""
    is_longer = strict.end - strict.start > entity.end - entity.start
    return overlap(strict, entity) and (not entity.strict or is_longer)


def _slot_for(
    entity: Entity,
    text: str,
    script: Script,
    task: Task,
    hits: Mapping[str, list[Entity]],
    reading: Reading,
    asked: tuple[str, ...],
    allowed: tuple[str, ...] | None,
) -> str | None:
    """The slot an entity is meant for: by the words around it, else asked, else empty, else any."""
    taking = [
        name
        for name, slot in script.slots.items()
        if entity.type in slot.type and (allowed is None or name in allowed)
    ]
    cued = [name for name in taking if any(_cues(script.slots[name], text, entity))]
    free = [
        name
        for name in cued or taking
        if name not in hits
        or script.slots[name].is_list
        or (entity.type in script.slots[name].join and name in hits)
    ]
    free = [name for name in free if name not in reading.problems]
    ranked = sorted(
        free, key=lambda name: (name not in asked, name in task.slots, free.index(name))
    )
    return ranked[0] if ranked else None


def _cues(slot: Slot, text: str, entity: Entity) -> Iterator[Entity]:
    """The words right beside a value that say it is meant for this slot: 从, 出发."""
    before, after = text[: entity.start].rstrip(), text[entity.end :].lstrip()
    for word in slot.before:
        if before.endswith(word):
            yield Entity("cue", word, word, len(before) - len(word), len(before))
    for word in slot.after:
        if after.startswith(word):
            start = len(text) - len(after)
            yield Entity("cue", word, word, start, start + len(word))
