"""Several of the businesses that one intent means, in one wish: 「余额提醒和航班提醒都开」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.wording import words


def wishes_of(text: str, script: Script, phrases: Phrases) -> list[str]:
    """The wish for each kind in words of its own; nothing where no two of them are wished for.

    Kinds are the choices of a slot by which the script hands over to another one.
    """
    if not any(cue in text for cue in (*phrases.and_cues, *phrases.all_cues)):
        return []
    for name, slot in script.slots.items():
        named = dict(_named(text, slot, set(_kinds(script, name))))
        if len(named) > 1:
            return [_without(text, named, kind) for kind in named]
    return []


def _kinds(script: Script, name: str) -> Iterator[str]:
    for slot in script.slots.values():
        if slot.task and slot.task.instead:
            yield from (value for other, value in words.values_in(slot.when) if other == name)


def _named(text: str, slot: Slot, kinds: set[str]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for choice in slot.choices:
        if choice.pattern and choice.value in kinds and re.search(choice.pattern, text):
            yield choice.value, re.compile(choice.pattern)


def _without(text: str, named: dict[str, re.Pattern[str]], kind: str) -> str:
    for other, pattern in named.items():
        text = text if other == kind else pattern.sub("", text)
    return text
