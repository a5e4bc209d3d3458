"""Which slots of a script an utterance speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.dialog.script import Script, Slot
from engine.dialog.session import Task
from engine.nlu.parse import Entity

#: Free words: a slot of this type takes the whole answer, and only when it is asked for.
FREE_TEXT = "text"
#: Several wishes in one breath (前排靠窗) make one value.
_JOINED = "seat_preference"


@dataclass(slots=True)
class Reading:
    """Values by slot, and by slot the entity that looked right but is not valid."""

    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Entity] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values or self.problems)


def read(
    text: str, entities: Iterable[Entity], script: Script, task: Task, *, loose: bool
) -> Reading:
    """Assign the entities of an utterance to the slots of the running script.

    Strict entities may go to any slot that takes their type. Loose ones go only to the slot being
    asked for and to those its question names in ``also``, or anywhere when ``loose`` (a correction
    with a cue word, or at the confirmation).
    """
    reading = Reading()
    found = list(entities)
    asked = _asked(script, task)
    for entity in _preferring_strict(found, script, asked):
        allowed = None if entity.strict or loose else asked
        slot = _slot_for(entity, text, script, task, reading, asked, allowed)
        if slot is None:
            continue
        reading.entities.append(entity)
        if entity.value is None:
            reading.problems[slot] = entity
        elif entity.type == _JOINED and slot in reading.values:
            reading.values[slot] += f"+{entity.value}"
        else:
            reading.values[slot] = entity.value
    if not reading and FREE_TEXT in _types(script, task.asking) and text.strip():
        reading.values[task.asking] = text.strip()
    return reading


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
        if entity.strict
        or not any(_overlap(entity, other) and other.type != entity.type for other in strict)
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


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _slot_for(
    entity: Entity,
    text: str,
    script: Script,
    task: Task,
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
    cued = [name for name in taking if _cued(script.slots[name], text, entity)]
    free = [
        name
        for name in cued or taking
        if name not in reading.values or (entity.type == _JOINED and name in reading.values)
    ]
    free = [name for name in free if name not in reading.problems]
    ranked = sorted(
        free, key=lambda name: (name not in asked, name in task.slots, free.index(name))
    )
    return ranked[0] if ranked else None


def _cued(slot: Slot, text: str, entity: Entity) -> bool:
    before, after = text[: entity.start].rstrip(), text[entity.end :].lstrip()
    return before.endswith(slot.before or ("\0",)) or after.startswith(slot.after or ("\0",))
