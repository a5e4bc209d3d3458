"""How much of an utterance is values, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.nlu.parse import Entity

#: Words that say nothing beside a value: 两百吧, 是CA1234的.
_PARTICLES = frozenset("的吧呢啊哦嗯呀嘛哈了就是那要")
_CLAUSE = re.compile(r"[^\w.]+")
_UNIT = re.compile(r"[A-Za-z0-9]+|[^\W_]")


def coverage(text: str, values: Iterable[Entity]) -> float:
    """How much of an utterance is values: 1 for 「CA1234」, 0.2 for 「CA1234几点起飞」.

    A run of letters and digits counts as one character, as it is one word to a reader;
    particles outside of values do not count. The words that tell which slot a value is meant for
    are a part of it: 1 for 「从广州飞」.
    """
    known = list(values)
    outside = len(beside(text, known))
    inside = sum(_is_in(unit, known) for unit in _UNIT.finditer(text))
    return inside / (inside + outside) if inside else 0.0


def beside(text: str, values: Iterable[Entity]) -> list[str]:
    """The characters of an utterance, and its runs of letters and digits, outside of values."""
    known = list(values)
    units = [unit[0] for unit in _UNIT.finditer(text) if not _is_in(unit, known)]
    return [unit for unit in units if unit not in _PARTICLES]


#: What says nothing beside an amount: 就100的吧, 30就够了.
_BESIDE_AMOUNT = "就要来个的滴吧啊哈呗嘛噻咯了够行成好 "


def amounts_alone(text: str, values: Iterable[Entity]) -> tuple[Entity, ...]:
    """The amounts that are a clause of their own: 五十 of 「帮我充一下话费 五十」."""
    clauses = {clause.strip(_BESIDE_AMOUNT) for clause in _CLAUSE.split(text)}
    return tuple(each for each in values if each.type == "money" and each.text in clauses)


def _is_in(unit: re.Match[str], values: Iterable[Entity]) -> bool:
    return any(value.start <= unit.start() < value.end for value in values)
