"""Which slots of a script an utterance speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.dialog.reading import (
    answering,
    denying,
    freely,
    including,
    lengths,
    listing,
    owners,
    rivals,
    spoken,
    ticking,
    titles,
    units,
    vocabulary,
    yesno,
)
from engine.dialog.reading.assigning import Assigning, cues, names
from engine.dialog.reading.including import NO_CUES, Cues
from engine.dialog.reading.labels import PATTERN, labels, outside
from engine.dialog.reading.named import named
from engine.dialog.reading.refining import put_right
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task, Value
from engine.nlu.parse import Entity

#: Readings of one number, of which one is meant.
_COUNTS = ("number", "money", "ordinal")
_NO_NAMES: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Reading:
    """Values by slot, and by slot the entity that looked right but is not valid.

    ``problems`` also hold a slot with room for one value of which several were said: these are
    its ``rivals``.
    """

    values: dict[str, Value] = field(default_factory=dict)
    problems: dict[str, Entity] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    rivals: dict[str, list[Entity]] = field(default_factory=dict)

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
    ``cues`` the words that add to a list, take from it, or take a value back.
    """
    reader = _Reader(Assigning(text, script, task, loose), cues, names)
    given = denying.wanted(entities, text, script.title)
    by_name = named(text, script, task, given, rather=cues.rather)
    labelled = list(outside(by_name, labels(text, script, task), script))
    chosen = dict(labelled)
    left = [e for e in given if not any(overlap(e, value) for _, value in by_name)]
    found = put_right(text, left, script, task, names)
    reader.take_values(reader.take_words(known, found), chosen)
    reader.take_labels(labelled)
    reader.settle()
    reader.take_meanings()
    reader.take_named(by_name)
    reader.leave_owners()
    return reader.with_the_rest()


class _Reader:
    """Takes what an utterance holds, one kind after the other."""

    def __init__(self, assigning: Assigning, cues: Cues, names: Mapping[str, Any]) -> None:
        self._assigning = assigning
        self._text, self._script, self._task = assigning.text, assigning.script, assigning.task
        self._cues = cues
        self._names = names
        self._hits: dict[str, list[Entity]] = {}
        self._reading = Reading()

    def _take(self, name: str, *said: Entity) -> None:
        self._hits.setdefault(name, []).append(said[0])
        self._reading.entities += said

    def take_words(
        self, known: Mapping[str, Iterable[str]], found: list[Entity]
    ) -> Sequence[Entity]:
        """Words and numbers that a slot knows; returns the entities that say something else."""
        text, script = self._text, self._script
        by_name = list(spoken.known_words(text, script, known, self._task, found))
        left = spoken.beside(by_name, found, script)
        for name, word in (
            *by_name,
            *vocabulary.bare_numbers(text, left, script, self._names),
        ):
            self._take(name, word)
        return left

    def take_values(self, found: Sequence[Entity], chosen: Mapping[str, Entity]) -> None:
        """Give every entity to its slot, unless the slot's own pattern says more."""
        problems = self._reading.problems
        in_order = self._assigning.in_order(found)
        taken_back = rivals.taken_back(
            in_order, self._text, self._script, self._task, self._cues.rather
        )
        self._reading.entities += taken_back
        for entity in in_order:
            if entity in taken_back or self._is_label(entity, chosen) or self._is_taken(entity):
                continue
            slot = self._assigning.slot_for(entity, self._hits, problems)
            if not slot or (slot in chosen and chosen[slot].type == PATTERN):
                self._take_none(entity)
                continue
            beside = (
                *cues(self._script.slots[slot], self._text, entity),
                *names(self._text, entity),
            )
            entity = freely.about(entity, self._script.slots[slot])
            if entity.value is None:
                problems[slot] = entity
                self._reading.entities += [entity, *beside]
            else:
                self._take(slot, entity, *beside)

    def _is_label(self, entity: Entity, chosen: Mapping[str, Entity]) -> bool:
        """Whether a value is in a choice: 衣物 is nobody, 一个半小时 no 1.

        周六 is no day where 周末 is asked for.
        """
        asked = self._script.slots.get(self._task.asking)
        return any(
            label.start <= entity.start and entity.end <= label.end
            for name, label in chosen.items()
            if entity.type == "person"
            or not entity.strict
            or (asked and name == self._task.asking and entity.type not in asked.type)
        )

    def _is_taken(self, entity: Entity) -> bool:
        """Whether a number is a value already, and no other one beside it: 「10扇」 is no 10 元."""
        return entity.type in _COUNTS and any(
            hit.type in _COUNTS and hit.type != entity.type and overlap(hit, entity)
            for hits in self._hits.values()
            for hit in hits
        )

    def _take_none(self, entity: Entity) -> None:
        """A value without a place was said before in the same breath, or is one too many."""
        if self._is_repeated(entity):
            self._reading.entities.append(entity)
        allowed = self._assigning.allowed(entity)
        if rival := rivals.of(entity, self._text, self._script, self._hits, allowed):
            self._refuse(rival, *self._hits[rival], entity)

    def _is_repeated(self, entity: Entity) -> bool:
        """「明天的呢，明天的先办」."""
        said = (hit for hits in self._hits.values() for hit in hits)
        return entity.value is not None and any(
            (entity.type, entity.value) == (hit.type, hit.value) for hit in said
        )

    def _refuse(self, name: str, *said: Entity) -> None:
        """Several values where there is room for one."""
        reading, last = self._reading, said[-1]
        reading.problems[name] = replace(last, value=None, problem=rivals.SEVERAL)
        known = reading.rivals.setdefault(name, [])
        known += [each for each in said if each.value not in {other.value for other in known}]
        known.sort(key=lambda each: each.start)
        reading.entities.append(last)

    def take_labels(self, chosen: Iterable[tuple[str, Entity]]) -> None:
        """The choices that were named, where nothing said more."""
        more = {*self._hits, *self._reading.problems}
        for name, label in chosen:
            if name not in more:
                self._take(name, label)

    def settle(self) -> None:
        """Make a value of all that was said for a slot."""
        for name in self._hits:
            if name not in self._reading.problems:
                value, more = self._value(name)
                self._reading.values[name] = value
                self._reading.entities += more

    def _value(self, name: str) -> tuple[Value, list[Entity]]:
        """What the parts for a slot say together, and words that belong to them."""
        slot, hits, task = self._script.slots[name], self._hits[name], self._task
        if slot.each:
            named = owners.named(self._text, self._script, task, name, self._hits)
            return listing.placed(slot, name, hits, self._text, task, named), named
        if slot.many:
            also = owners.listed(self._text, self._script, task, name, self._hits)
            in_order = sorted([*hits, *also], key=lambda hit: hit.start)
            wishes = owners.wishes(self._script, name, self._hits)
            words = ticking.cues_for(self._text, hits, self._cues.of(slot))
            values, more = including.merged(name, in_order, self._text, task, words, wishes)
            return ticking.kept(self._text, slot, hits, values), more
        if slot.join:
            return listing.joined(slot, hits), []
        value = hits[0].value or ""
        filled = task.slots.get(name)
        if slot.type in units.COUNTED and filled and filled.value and name != task.asking:
            value = units.counted_on(self._text, hits[0], str(filled.value))
        return titles.without_verb(value, slot) if hits[0].type == "person" else value, []

    def take_meanings(self) -> None:
        """Words that stand for a value; beside another one it is one too many."""
        reading = self._reading
        told = (self._names, reading.values)
        meanings = vocabulary.meanings(self._text, self._script, self._task, *told)
        for name, meant in meanings:
            if name in reading.values and reading.values[name] != meant.value:
                # 「我跟我老婆13312345678都要充」: the own number and another one.
                if name in self._hits:
                    self._refuse(name, *self._hits[name], meant)
                    reading.values.pop(name)
            elif name not in reading.values and name not in reading.problems:
                reading.values[name] = meant.value or ""
                reading.entities.append(meant)

    def take_named(self, named: Iterable[tuple[str, Entity]]) -> None:
        """Free words that are said by the name of their slot: 「地址改成北街2号」."""
        for name, said in named:
            self._reading.values[name] = said.value or ""
            self._reading.entities.append(said)

    def leave_owners(self) -> None:
        """Names that say whom a value is for (李四换到12B) do not say who is on the list."""
        lists = {*self._cues.add, *self._cues.drop}
        if any(e.type == "cue" and e.value in lists for e in self._reading.entities):
            return
        values, told = self._reading.values, (self._text, self._script, self._task)
        for name, value in owners.swaps(*told, self._hits, dict(values)):
            values[name] = value
            if isinstance(value, list):
                values.pop(self._script.slots[name].each, None)
        for owner in owners.only_owners(*told, self._hits, dict(values)):
            values.pop(owner, None)

    def _is_new(self, reading: Reading) -> bool:
        """Whether a value is another than its slot has, or is what was asked for."""
        filled = self._task.slots
        return any(
            name == self._task.asking
            or name not in filled
            or value not in (filled[name].said, filled[name].value)
            for name, value in reading.values.items()
        )

    def with_the_rest(self) -> Reading:
        """The reading; where the question takes free text and little was a value, all of it."""
        reading, asking, said = self._reading, self._task.asking, self._text.strip()
        slot = self._script.slots.get(asking)
        says_nothing = not reading.problems and not self._is_new(reading)
        if says_nothing and slot is not None and (answer := answering.answer(said, slot)):
            # 「陈老师」 is a name, though 老师 says once more whom it is for.
            value, kind = answer
            taken: Value = [value] if slot.many else value
            return Reading({asking: taken}, entities=[Entity(kind, value, said, 0, len(said))])
        if not reading and (wrong := lengths.wrong(said, slot)):
            reading.problems[asking] = wrong
        if asking not in reading.values and (told := yesno.in_a_clause(said, slot)):
            reading.values[asking] = told
        is_free = slot is not None and freely.whole(self._text, slot, reading.entities)
        if slot is not None and is_free and asking not in reading.values:
            chosen = [e for e in reading.entities if e.type in ("choice", PATTERN)]
            # 「封面要彩色」 changes no choice that was made.
            beside = {
                n: v
                for n, v in reading.values.items()
                if n not in self._task.slots and v in [e.value for e in chosen]
            }
            return Reading({**beside, asking: freely.told(said, slot)}, entities=chosen)
        return reading
