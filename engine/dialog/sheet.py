"""What a running task knows: its slots, what depends on what, and the names in its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from engine.business.provider import Row
from engine.dialog import words
from engine.dialog.script import Script, Slot
from engine.dialog.session import Filled, Task


class Sheet:
    """The slots of one task under its script, for the length of one turn."""

    def __init__(self, script: Script, task: Task, *, member: Row | None, now: datetime) -> None:
        self.script = script
        self.task = task
        self._member = member
        self._now = now

    def names(self, **more: Any) -> dict[str, Any]:
        """What words and expressions of the script may use now."""
        filled = {
            name: words.Picked(filled.value, filled.row)
            for name, filled in self.task.slots.items()
            if filled.value is not None
        }
        return {**filled, "member": self._member, "now": self._now, **more}

    def arguments(self, expressions: Mapping[str, str], **more: Any) -> dict[str, Any]:
        """The values of a call's expressions."""
        names = self.names(**more)
        return {key: words.evaluate(text, names) for key, text in expressions.items()}

    def say(self, text: str, **more: Any) -> str:
        """The words of a template of the script."""
        return words.say(text, self.names(**more))

    def is_true(self, condition: str, name: str) -> bool:
        """Whether a condition of slot ``name`` holds; what was said for it counts already."""
        filled = self.task.slots.get(name)
        said = {}
        if filled is not None and filled.value is None:
            said = {name: words.Picked(filled.said, None)}
        return bool(words.evaluate(condition, self.names(**said)))

    def fill(self, name: str, said: str, value: str, row: Row | None = None) -> None:
        """Settle a slot: the business has accepted what was said."""
        self.task.slots[name] = Filled(said, value, dict(row) if row else None)

    def put(self, said: Mapping[str, str]) -> list[str]:
        """Take what the customer said for slots; forget what depended on the old values.

        Returns the slots that had another value before: the corrected ones.
        """
        corrected = []
        for name, value in said.items():
            old = self.task.slots.get(name)
            if old is not None and value in (old.said, old.value):
                continue
            if old is not None and old.value is not None:
                corrected.append(name)
            self.task.slots[name] = Filled(said=value)
            self._forget_dependents(name, keep=said)
        return corrected

    def said(self, name: str) -> str:
        """What was said for a slot, or nothing."""
        filled = self.task.slots.get(name)
        return filled.said if filled else ""

    def clear(self, name: str) -> None:
        """Forget a slot and what depended on it."""
        self.task.slots.pop(name, None)
        self._forget_dependents(name)

    def _forget_dependents(self, name: str, *, keep: Collection[str] = ()) -> None:
        for other, slot in self.script.slots.items():
            filled = self.task.slots.get(other)
            if filled is None or other in keep or name not in needs(slot) - {other}:
                continue
            if slot.keep:
                self.task.slots[other] = Filled(filled.said)
            else:
                self.clear(other)


def needs(slot: Slot) -> set[str]:
    """The names that a slot's queries are asked with, or its notice is recognised by."""
    calls = [call for call in (slot.options, slot.resolve, slot.does) if call is not None]
    texts = [text for call in calls for text in call.arguments.values()]
    texts += [slot.awaits.when] if slot.awaits and slot.awaits.when else []
    return {name for text in texts for name in words.names_in(text, expression=True)}
