"""The parts in which a number is said: 前三位, 中间四位, 后四位."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from engine.dialog.scripts.phrases import NumberPart, Phrases
from engine.dialog.state.session import Gap
from engine.nlu.grammar import find_entities
from engine.nlu.grammar.digits import find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity, Parse


def placed(phrases: Phrases, kind: str) -> Iterator[tuple[NumberPart, int, int]]:
    """The parts of a kind of number, and where in it each begins and ends."""
    begin = 0
    for part in phrases.voice.parts.get(kind, ()):
        yield part, begin, begin + part.digits
        begin += part.digits


def name_of(gap: Gap, phrases: Phrases) -> str:
    """What people call the part that is missing."""
    return next(part.name for part, begin, _ in placed(phrases, gap.kind) if begin == gap.begin)


def only_unsure(
    text: str, number: Entity, phrases: Phrases, is_sure: Callable[[int, int], bool]
) -> Gap | None:
    """The one part of a number that may be wrong; None where several may, or it has no parts.

    ``is_sure`` says whether what stands at ``[start:end]`` of the text was heard surely.
    """
    places = _digits_of(text, number)
    parts = list(placed(phrases, number.type))
    if not parts or len(places) != parts[-1][2]:
        return None
    unsure = [
        Gap(number.type, number.start, begin, end)
        for _, begin, end in parts
        if not all(is_sure(*place) for place in places[begin:end])
    ]
    return unsure[0] if len(unsure) == 1 else None


def put(parse: Parse, number: Entity, piece: tuple[int, int, str], now: datetime) -> Parse | None:
    """What was said, with other digits at ``[begin:end]`` of its number; None where that makes no
    number of its kind.
    """
    begin, end, digits = piece
    value = number.value or ""
    value = value[:begin] + digits + value[end:]
    if not any(e.value == value for e in find_entities(value, now=now) if e.type == number.type):
        return None
    text = parse.text[: number.start] + value + parse.text[number.end :]
    moved = len(text) - len(parse.text)
    whole = replace(number, value=value, text=value, end=number.start + len(value))
    rest = (
        replace(each, start=each.start + moved, end=each.end + moved)
        if each.start >= number.end
        else each
        for each in parse.entities
        if each is not number and (each.end <= number.start or each.start >= number.end)
    )
    entities = sorted((whole, *rest), key=lambda each: each.start)
    return replace(parse, text=text, entities=tuple(entities))


def _digits_of(text: str, number: Entity) -> list[tuple[int, int]]:
    """Where each digit of a number stands; nothing where some of it is said otherwise."""
    value = number.value or ""
    for run in find_runs(fold(text)):
        spots = zip(run.digits, run.starts, run.ends, strict=True)
        within = [spot for spot in spots if number.start <= spot[1] and spot[2] <= number.end]
        if value and "".join(digit for digit, _, _ in within).endswith(value):
            return [(start, end) for _, start, end in within[-len(value) :]]
    return []
