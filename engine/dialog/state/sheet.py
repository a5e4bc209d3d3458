"""What a running task knows: its slots, what depends on what, and the names in its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.business.provider import Row
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task, Value, each_of
from engine.dialog.wording import words
from engine.dialog.wording.picked import picked

#: A condition that one value of another slot fulfils.
_NEEDED = re.compile(r"(?P<name>\w+)\s*==\s*([\"'])(?P<value>[^\"']+)\2")


class Sheet:
    """The slots of one task under its script, for the length of one turn."""

    def __init__(
        self,
        script: Script,
        task: Task,
        *,
        member: Row | None,
        now: datetime,
        carried: Mapping[str, str] | None = None,
    ) -> None:
        self.script = script
        self.task = task
        self._member = member
        self._now = now
        self._carried = carried or {}
        #: What was said in this turn.
        self.fresh: set[str] = set()

    def names(self, /, **more: Any) -> dict[str, Any]:
        """What words and expressions of the script may use now."""
        filled = {
            name: picked(filled.value, filled.row, filled.rows, self._labels(name))
            for name, filled in self.task.slots.items()
            if filled.value is not None
        }
        heard = {name: filled.said for name, filled in self.task.slots.items()}
        given = {"member": self._member, "now": self._now, "carried": self._carried}
        return {**filled, "heard": heard, "declined": self.task.declined, **given, **more}

    def _labels(self, name: str) -> dict[str, str]:
        """The labels of fixed choices by value, where nothing but a choice can be the value.

        Of a number that has a few choices, 2 and 「2 张」, the number is meant.
        """
        slot = self.script.slots.get(name)
        if slot is None or slot.type:
            return {}
        return {choice.value: choice.label for choice in slot.choices}

    def arguments(self, expressions: Mapping[str, str], /, **more: Any) -> dict[str, Any]:
        """The values of a call's expressions."""
        names = self.names(**more)
        return {key: words.evaluate(text, names) for key, text in expressions.items()}

    def say(self, text: str, /, **more: Any) -> str:
        """The words of a template of the script."""
        return words.say(text, self.names(**more))

    def is_true(self, condition: str, name: str) -> bool:
        """Whether a condition of slot ``name`` holds; what was said for it counts already."""
        filled = self.task.slots.get(name)
        said = {}
        if filled is not None and filled.value is None:
            said = {name: picked(filled.said)}
        return bool(words.evaluate(condition, self.names(**said)))

    def fill(self, name: str, said: str, value: str, row: Row | None = None) -> None:
        """Settle a slot: the business has accepted what was said."""
        self.task.slots[name] = Filled(said, value, dict(row) if row else None)

    def fill_list(self, name: str, said: Value, values: list[str], rows: Sequence[Row]) -> None:
        """Settle a slot that holds a list."""
        kept = [dict(row) for row in rows]
        self.task.slots[name] = Filled(said, values, rows=kept, enough=True)
        for other in self._each_of(name):
            aside = self.task.aside.pop(other, {})
            again = [aside.get(value, "") for value in values]
            if any(again) and other not in self.task.slots:
                self.task.slots[other] = Filled(again)

    def hold(self, name: str, said: Value) -> None:
        """Keep what was said for a slot which is not settled by it yet."""
        self.task.slots[name] = Filled(said)

    def decline(self, name: str) -> None:
        """Note that what was found for a slot is not wanted, whatever is said for it now."""
        self.task.declined.setdefault(name, []).extend(each_of(self.task.slots[name].value))

    def _is_declined(self, name: str) -> bool:
        found = each_of(self.task.slots[name].value)
        return bool(found) and set(found) <= set(self.task.declined.get(name, ()))

    def put(self, said: Mapping[str, Value]) -> list[str]:
        """Take what the customer said for slots; forget what depended on the old values.

        Returns the slots that had another value before: the corrected ones.
        """
        corrected = []
        before = {
            name: filled.value if filled.value and self._is_declined(name) else filled.said
            for name, filled in self.task.slots.items()
            if name in said
        }
        for name, value in said.items():
            old = self.task.slots.get(name)
            is_same = old is not None and value in (old.said, old.value)
            if is_same and not self._is_declined(name):
                continue
            if old is not None and old.value is not None:
                corrected.append(name)
            if name in corrected or self._unsettles(name):
                self.task.corrected.append(name)
            aside = self._by_owner(name, old, but=said)
            # A list that nobody was to be added to stays closed when somebody leaves it.
            is_closed = old is not None and old.enough and isinstance(value, list)
            self.task.slots[name] = Filled(said=value, enough=is_closed)
            if name not in self.task.given:
                self.task.given.append(name)
            self.fresh.add(name)
            self._forget_dependents(name, keep=said, is_new=old is None)
            self._imply(name)
            self.task.aside |= aside
        for name in said:
            self._bring_back(name)
        if corrected:
            self.task.before = {name: before[name] for name in corrected}
        return corrected

    def _unsettles(self, name: str) -> bool:
        """Whether something was settled without a value that is told now for it."""
        slots, filled = self.script.slots, self.task.slots
        return any(
            filled[other].value is not None and name in needs(slot) - {other}
            for other, slot in slots.items()
            if other in filled
        )

    def _bring_back(self, changed: str) -> None:
        """Take a value that was refused because of another one, now that the other has changed."""
        self.task.refused.pop(changed, None)
        for name in list(self.task.refused):
            if name not in self.task.slots and changed in weighed_with(self.script, name):
                self.task.slots[name] = Filled(said=self.task.refused.pop(name))

    def _each_of(self, name: str) -> list[str]:
        """The slots that have a value for each value of this one."""
        return [other for other, slot in self.script.slots.items() if slot.each == name]

    def _by_owner(
        self, name: str, old: Filled | None, *, but: Collection[str]
    ) -> dict[str, dict[str, str]]:
        """What each of a list has: who stays on it when others go or come keeps that."""
        owners = old.value if old is not None else None
        filled = {o: self.task.slots.get(o) for o in self._each_of(name) if o not in but}
        return {
            other: dict(zip(owners, each.value, strict=False))
            for other, each in filled.items()
            if each and isinstance(owners, list) and isinstance(each.value, list)
        }

    def _imply(self, name: str) -> None:
        """Take for granted what one of a slot's own choices needs: 大型犬 is said of a dog.

        So does free text that was told unasked, where a yes is needed: 「芒果过敏」.
        """
        slot, slots = self.script.slots[name], self.script.slots
        needed = _NEEDED.fullmatch(slot.when.strip())
        if needed is None or needed["name"] not in slots:
            return
        other, value = needed["name"], needed["value"]
        gate = slots[other]
        is_detail = slot.type == ("text",) and value == gate.if_yes
        if not is_detail and (not slot.choices or slot.type):
            return
        is_choice = value in (*(each.value for each in gate.choices), gate.if_yes, gate.if_no)
        if is_choice and other not in self.task.slots:
            self.task.slots[other] = Filled(said=value)

    def said(self, name: str) -> Value:
        """What was said for a slot, or nothing."""
        filled = self.task.slots.get(name)
        return filled.said if filled else ""

    def clear(self, name: str) -> None:
        """Forget a slot and what depended on it."""
        self.task.slots.pop(name, None)
        if name in self.task.given:
            self.task.given.remove(name)
        for other in self._each_of(name):
            self.task.aside.pop(other, None)
        self.task.left.pop(name, None)
        self._forget_dependents(name)

    def forget(self, name: str, value: str | None) -> None:
        """Forget a slot; of one that holds a list only ``value``, where it is one of several."""
        filled = self.task.slots.get(name)
        slot = self.script.slots[name]
        known = (filled.value if filled.value is not None else filled.said) if filled else ""
        left: list[str] = []
        if isinstance(known, list) and value in known:
            left = [each if each != value else "" for each in known]
            if known.count(value) > 1:
                # Two who want the same: the first one may have it.
                left[known.index(value)] = value
        if not any(left):
            self.clear(name)
            return
        self.clear(name)
        self.task.slots[name] = Filled(left if slot.each else [each for each in left if each])

    def look_up_again(self, name: str) -> None:
        """Let a slot be settled anew with what was said for it."""
        if name in self.task.slots:
            self.task.slots[name] = Filled(self.task.slots[name].said)

    def matters(self, name: str) -> bool:
        """Whether a slot's condition holds, where it has one."""
        condition = self.script.slots[name].when
        return not condition or self.is_true(condition, name)

    def next_open(self) -> str | None:
        """The first slot that matters and is neither settled nor left to be mentioned."""
        for name, slot in self.script.slots.items():
            if not self.matters(name):
                self.task.slots.pop(name, None)
                continue
            if name not in self.task.slots and self._has_default(name, slot):
                default = words.evaluate(slot.default, self.names())
                if default:
                    self.task.slots[name] = Filled(said=str(default))
            filled = self.task.slots.get(name)
            if filled is None and (slot.options or slot.ask or slot.does or slot.task):
                return name
            if filled is not None and filled.value is None:
                return name
        return None

    def _has_default(self, name: str, slot: Slot) -> bool:
        # Once the customer has been asked, silence is no consent to the default.
        is_open = bool(slot.default) and name not in self.task.asked
        name = str((self._member or {}).get("name", ""))
        return is_open and not slot.is_for_another(self.task.opener, name=name)

    def gives(self, /, **more: Any) -> dict[str, str]:
        """What later tasks may use, as the script declares it."""
        return _told(self.arguments(self.script.answer.gives, **more))

    def shares(self) -> dict[str, str]:
        """What a task may use that is begun in the middle of this one."""
        return _told(self.arguments(self.script.shares))

    def _forget_dependents(
        self, name: str, *, keep: Collection[str] = (), is_new: bool = False
    ) -> None:
        for other, slot in self.script.slots.items():
            filled = self.task.slots.get(other)
            if filled is None or other in keep or name not in needs(slot) - {other}:
                continue
            # What was only said, and never looked up, holds whatever it is looked up with.
            # 「31D」 before anybody was named is for whoever is.
            if filled.value is None and (slot.each != name or is_new):
                continue
            if slot.keep and other in self.task.given:
                self.task.slots[other] = Filled(filled.said)
                self._forget_dependents(other, keep=keep)
            else:
                self.clear(other)
                self.task.left[other] = filled


def _told(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in found.items() if value is not None}


def needs(slot: Slot) -> set[str]:
    """The names that a slot's queries are asked with, or its notice is recognised by."""
    calls = [call for call in (slot.options, slot.resolve, slot.does) if call is not None]
    texts = [text for call in calls for text in call.arguments.values()]
    texts += [slot.awaits.when] if slot.awaits and slot.awaits.when else []
    used = {name for text in texts for name in words.names_in(text, expression=True)}
    return used | ({slot.each} if slot.each else set())


def weighed_with(script: Script, name: str) -> set[str]:
    """The other slots because of which the rules of this one may refuse a value."""
    rules = [rule for rule in script.slots[name].check if name in (rule.clear or (name,))]
    found = {other for rule in rules for other in words.names_in(rule.when, expression=True)}
    return (found & script.slots.keys()) - {name}
