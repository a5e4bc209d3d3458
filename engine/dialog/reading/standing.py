"""Sums that say on which condition, or how things are, and not how much: 「才12块，充100吧」."""

from __future__ import annotations

import re

from engine.dialog.reading.rivals import BREAK
from engine.dialog.scripts.script import Script
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.parse import Entity

#: What a condition or a state is said in: 「余额不够五十」.
_SUMS = ("money", "number")


def without(text: str, found: list[Entity], script: Script) -> list[Entity]:
    """The entities but for such sums, so far as the script has no other use for their words."""
    asks = [
        each for each in found if not (each.type in _SUMS and _is_condition(text, each, script))
    ]
    return [e for e in asks if not (e.type in _SUMS and _stands(text, e, asks, script))]


def _is_condition(text: str, entity: Entity, script: Script) -> bool:
    """50 of 「不够50就充100」."""
    words = tuple(word for word in lexicon().conditions if word not in _taken(script))
    return text[: entity.start].endswith(words)


def _taken(script: Script) -> set[str]:
    return {word for slot in script.slots.values() for word in slot.before}


def is_state(text: str, entity: Entity) -> bool:
    """Whether a sum stands beside words of how things are: 才12块, 86块够用了."""
    return entity.type in _SUMS and (_is_led(text, entity) or _is_followed(text, entity))


def _is_led(text: str, entity: Entity) -> bool:
    return text[: entity.start].endswith(lexicon().standing.before)


def _is_followed(text: str, entity: Entity) -> bool:
    after = re.compile(rf"\s*(?:元|块钱?)?(?:{either(lexicon().standing.after)})")
    return after.match(text, entity.end) is not None


def _stands(text: str, entity: Entity, found: list[Entity], script: Script) -> bool:
    """12 of 「才12块，充100吧」, 86 of 「86块够用了，再充个50」: another one is done."""
    others = [each for each in found if each.type == entity.type and each.value != entity.value]
    if _is_followed(text, entity):
        return any(_is_done(text, each, script) for each in others)
    return _is_led(text, entity) and any(not _is_led(text, each) for each in others)


def _is_done(text: str, entity: Entity, script: Script) -> bool:
    """Whether a verb of the business leads to a sum, in its own clause."""
    clause = BREAK.split(text[: entity.start])[-1]
    return any(verb in clause for verb in script.verbs)
