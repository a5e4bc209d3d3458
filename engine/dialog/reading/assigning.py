"""Which slot of the running script a value is meant for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from engine.dialog.reading.pointed import without_pointing
from engine.dialog.reading.things import counted_in_any
from engine.dialog.reading.titles import called_by_name
from engine.dialog.reading.units import units_of
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import CONFIRM, Task
from engine.dialog.wording.lexicon import also_called, either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: What may stand between the name of a value and the value: 运单(号是)SF1234, 电话(：)138….
_LINKS, _LONGEST_LINK = "号码是为叫改成换到:：，, ", 4
#: What values of a kind are called by everybody.
_NAMED = {
    kind: re.compile(f"(?:{word})(?:号码|号)?(?:是|为|:|：|\\s)*$")
    for kind, word in {
        "phone": "手机|电话|号码|联系方式",
        "id_number": "身份证|证件",
        "order_no": "订单|单号|运单",
        "person": "名字|姓名",
    }.items()
}
#: What says that a bare number after it is money: 花了800, 报销 399.
_SPENT = re.compile("(?:花了?|花费|付了|垫了|共计|总计|一共|总共|报销?)[，,： ]*$")
#: Characters of what a slot is called that say whose it is: 收件 of 收件人电话.
_OF = 2
#: What counts on from the number of what it follows.
_COUNTS_ON = re.compile("(?:(?:再|多|少)?(?:加上?|加到|要|来|减到?)|多|少)$")
#: Digits of a day, which may be a number: 20221111.
_DAY = 8
#: What anything is counted in.
_ANYTHING = "个"
#: What stands between the name of a slot and the value that it should have.
_PUT_RIGHT = re.compile("(?:[写填说打看记报]?错了?|不对|有误)[，, ]*(?:应该)?[是为]?$")
#: What says that the last answer was wrong: 打错了，是…
_WRONG = re.compile(r"[^，,。]{0,4}(?:[打写说看输填报记][错反]|^错|^不对)了?[，, ]")
_CLAUSES = re.compile("[，,。；;]")
_HAN = re.compile("[\u4e00-\u9fff]{2}")
_NEVER = re.compile("(?!)")


@dataclass(frozen=True, slots=True)
class Assigning:
    """An utterance at the moment at which it was said.

    ``loose``: a value that is not strict may go anywhere, and not only where it is asked for.
    """

    text: str
    script: Script
    task: Task
    loose: bool

    @property
    def asked(self) -> tuple[str, ...]:
        """The slots that the open question is about."""
        slot = self.script.slots.get(self.task.asking)
        return (self.task.asking, *slot.also) if slot else ()

    def allowed(self, entity: Entity) -> tuple[str, ...] | None:
        """The slots that a value may fill; None: any."""
        return None if entity.strict or self.loose else (*self.asked, *self._cued(entity))

    def in_order(self, found: Iterable[Entity]) -> list[Entity]:
        """Without loose values inside ones that say more; what was asked for comes first."""
        slots = self.script.slots
        taken = {kind for slot in slots.values() for kind in slot.type}
        wanted = {kind for name in self.asked if name in slots for kind in slots[name].type}
        usable = self._without_days([entity for entity in found if entity.type in taken])
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
                # 「坐一天，10个小时」
                entity.type == "number" and not self._is_counted(entity),
                not entity.strict,
                entity.value is None,
                entity.start,
                entity.start - entity.end,
            ),
        )

    def _without_days(self, found: list[Entity]) -> list[Entity]:
        """The values without days that are digits of a number: 「学号20221111」."""
        slots = self.script.slots
        asked = any(n in slots and "number" in slots[n].type for n in self.asked)
        numbers = [slot for slot in slots.values() if "number" in slot.type]
        codes = {
            (e.start, e.end)
            for e in found
            if e.type == "number" and e.text.isdecimal() and len(e.text) >= _DAY
            if asked or any(list(cues(slot, self.text, e)) for slot in numbers)
        }
        left = without_pointing(found, self.text, self.script)
        return [e for e in left if e.type != "date" or (e.start, e.end) not in codes]

    def _is_counted(self, number: Entity) -> bool:
        """Whether the unit of what is asked for stands after a number."""
        slots, after = self.script.slots, self.text[number.end :].lstrip()
        return any(after.startswith(units_of(slots[n])) for n in self.asked if n in slots)

    def slot_for(self, entity: Entity, filled: Collection[str], refused: Collection[str]) -> str:
        """The slot a value is meant for; nothing where there is none.

        By the words around it, else asked, else empty, else any. ``filled`` have a value of this
        utterance already, ``refused`` take none.
        """
        slots, allowed = self.script.slots, self.allowed(entity)
        taking = [
            name
            for name, slot in slots.items()
            if entity.type in slot.type
            and (allowed is None or name in allowed)
            and (name in self.asked or not self._counts_else(entity, slot))
        ]
        counting = counted_in_any(self.text, entity, self.script)
        cued = [n for n in taking if n == counting or any(cues(slots[n], self.text, entity))]
        if not cued and self._is_any_number(entity, taking):
            return ""
        free = [
            name
            for name in cued or taking
            if name not in refused
            and (name not in filled or slots[name].is_list or entity.type in slots[name].join)
        ]
        ranked = sorted(
            free,
            key=lambda name: (
                not self._is_spoken_of(name, entity),
                -self._echoes(name, entity, free),
                name != self._put_right(),
                name not in self.asked,
                self._is_idle(name),
                name in self.task.slots,
                bool(slots[name].when),
                free.index(name),
            ),
        )
        return ranked[0] if ranked else ""

    def _counts_else(self, entity: Entity, slot: Slot) -> bool:
        """Whether a number counts what a slot does not: 「再加一台」 of a floor."""
        units, measure = units_of(slot), self.text[entity.end : entity.end + 1]
        is_number = entity.type == "number" and slot.type == ("number",)
        is_measure = measure in lexicon().measures and measure not in _ANYTHING
        is_else = is_number and bool(measure and units) and is_measure and measure not in units
        return is_else or (is_number and self._counts_a_thing(entity))

    def _counts_a_thing(self, entity: Entity) -> bool:
        """Whether a number stands right after the name of what is no number: 「压水器要两个」."""
        # In 「没有电梯，五楼」 it stands in a clause of its own.
        clause = _CLAUSES.split(fold(self.text[: entity.start]))[-1]
        before = _COUNTS_ON.sub("", clause.rstrip(_LINKS))
        return any(
            before.endswith(word)
            for slot in self.script.slots.values()
            if slot.if_yes or slot.choices or slot.options or "money" in slot.type
            for word in slot.called
            if "number" not in slot.type
        )

    def _put_right(self) -> str:
        """The slot of the last answer, where a message begins with saying that it was wrong."""
        before = [name for name in self.task.asked if name != self.task.asking]
        return before[-1] if before and _WRONG.match(self.text) else ""

    def _is_any_number(self, entity: Entity, taking: Collection[str]) -> bool:
        """Whether a bare number at the read-back may be any of several: 「43」."""
        told = [name for name in taking if name in self.task.slots]
        return entity.type == "number" and self.task.asking == CONFIRM and len(told) > 1

    def _is_idle(self, name: str) -> bool:
        """Whether a slot does not matter: at the read-back nothing that does is empty."""
        is_empty = name not in self.task.slots and bool(self.script.slots[name].when)
        return is_empty and self.task.asking == CONFIRM

    def _is_spoken_of(self, name: str, entity: Entity) -> bool:
        """Whether the words before a value speak of what this slot, too, belongs to.

        In 「收件人张伟，电话139…」 the number is the receiver's: its slot is called 收件人电话.
        """
        before, called = self.text[: entity.start], self.script.slots[name].called
        return any(len(word) > _OF and word[:_OF] in before for word in called)

    def _echoes(self, name: str, entity: Entity, others: Collection[str]) -> int:
        """How many words beside a value are those of a slot's own question, and of no other's.

        「周末想看房」 answers 「哪天看房？」 rather than 「什么时候入住？」.
        """
        if len(others) <= 1:
            return 0
        beside = f"{self.text[: entity.start]}\n{self.text[entity.end :]}"
        pairs = {beside[at : at + _OF] for at in range(len(beside) - 1)}
        asked = {n: _pairs(self.script.slots[n]) for n in others}
        return len((pairs & asked[name]).difference(*(asked[n] for n in others if n != name)))

    def _cued(self, entity: Entity) -> list[str]:
        """The slots that the words beside a loose value name: 「先交五十」."""
        is_spent = entity.type == "money" and _SPENT.search(self.text[: entity.start])
        counting = counted_in_any(self.text, entity, self.script)
        return [
            name
            for name, slot in self.script.slots.items()
            if entity.type in slot.type
            and (is_spent or name == counting or any(cues(slot, self.text, entity)))
        ]


def _pairs(slot: Slot) -> set[str]:
    """The pairs of characters in the questions and names of a slot."""
    said = (*slot.ask, *slot.called)
    found = {each[at : at + _OF] for each in said for at in range(len(each) - 1)}
    return {pair for pair in found if _HAN.fullmatch(pair)}


def cues(slot: Slot, text: str, entity: Entity) -> Iterator[Entity]:
    """The words right beside a value that say it is meant for this slot: 从, 出发, 运单号是."""
    before, after = fold(text[: entity.start]).rstrip(), fold(text[entity.end :]).lstrip()
    linked = before.rstrip(_LINKS)
    if entity.type == "number":
        # 「睡袋再加一个」
        before = _COUNTS_ON.sub("", before)
        linked = before.rstrip(_LINKS)
    if (wrong := _PUT_RIGHT.search(before)) and entity.type not in ("person", "text"):
        # 「金额错了，是860」
        linked = before[: wrong.start()]
        yield from _put_right(slot, before, linked)
    link = before[len(linked) :] if len(before) - len(linked) <= _LONGEST_LINK else ""
    for word in map(fold, slot.before):
        if before.endswith(word):
            yield Entity("cue", word, word, len(before) - len(word), len(before))
        elif link and linked.endswith(word):
            yield Entity("cue", word, word + link, len(linked) - len(word), len(before))
    for word in (*map(fold, slot.called), *(called_by_name(slot) if "叫" in link else ())):
        if (link and linked.endswith(word)) or before.endswith(word):
            yield Entity("cue", word, word, before.rindex(word), len(before))
    counted = units_of(slot) if entity.type == "number" else ()
    # 「一个钟头」
    lead = _ANYTHING if after.startswith(_ANYTHING) else ""
    found = (each for each in counted if after.removeprefix(lead).startswith(each))
    unit = next((lead + each for each in found), "")
    if entity.type == "number" and (thing := _thing_after(slot, after)):
        unit = thing
    for word in map(fold, (*slot.after, *filter(None, [unit]))):
        if after.startswith(word):
            start = len(text) - len(after)
            yield Entity("cue", word, word, start, start + len(word))


def _put_right(slot: Slot, before: str, linked: str) -> Iterator[Entity]:
    """The names of the slot that end ``linked``, with what stands after them before the value."""
    for word in map(fold, slot.called):
        if linked.endswith(word):
            start = len(linked) - len(word)
            yield Entity("cue", word, before[start:], start, len(before))


def _thing_after(slot: Slot, after: str) -> str:
    """What a slot counts, right after a number: 大人 of 「三个大人」."""
    called = either(map(fold, also_called(slot.called))) if "number" in slot.type else ""
    found = re.match(f"[个位名]?(?:{called})", after) if called else None
    return found[0] if found else ""


def names(text: str, entity: Entity) -> Iterator[Entity]:
    """The word for its kind right before a value, which belongs to it: 电话是13812345678."""
    found = _NAMED.get(entity.type, _NEVER).search(text[: entity.start])
    if found:
        yield Entity("name", None, found[0], *found.span())


def _says_more(strict: Entity, entity: Entity) -> bool:
    """Whether a value is a part of another reading: 138 元 of 「138 1234 5678」."""
    if {strict.type, entity.type} == {"date", "time"}:
        # 今晚六点 is both.
        return False
    is_longer = strict.end - strict.start > entity.end - entity.start
    return overlap(strict, entity) and (not entity.strict or is_longer)
