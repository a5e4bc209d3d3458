"""How values that were not asked for are told back: 「好的，靠窗。」 before the open question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.dialog.scripts.script import Slot
from engine.dialog.state.session import each_of
from engine.dialog.state.sheet import Sheet
from engine.dialog.wording.picked import listed


def acknowledged(sheet: Sheet, slots: Iterable[str], told: Mapping[str, str]) -> list[str]:
    """What the slots hold now, each as customers say it; nothing for one that cannot be shown.

    ``told`` has the words for a type where the slot has none of its own (`noted`).
    """
    every = (_of_slot(sheet, name, told) for name in slots if name in sheet.task.slots)
    return [text for text in every if text]


def _of_slot(sheet: Sheet, name: str, told: Mapping[str, str]) -> str:
    filled, slot = sheet.task.slots[name], sheet.script.slots[name]
    value = filled.said if filled.value is None else filled.value
    shown = (_of_value(sheet, slot, each, told) for each in each_of(value) if each)
    return listed(list(dict.fromkeys(text for text in shown if text)))


def _of_value(sheet: Sheet, slot: Slot, value: str, told: Mapping[str, str]) -> str:
    if slot.noted:
        return sheet.say(slot.noted, said=value)
    if label := slot.label_of(value):
        return label
    words = next((told[kind] for kind in slot.type if kind in told), "")
    # What a word stands for is the business's own name for it: `wife`, `all`.
    is_own = value in slot.words or any(f"'{value}'" in meant.value for meant in slot.means)
    return "" if is_own or not words else sheet.say(words, said=value)
