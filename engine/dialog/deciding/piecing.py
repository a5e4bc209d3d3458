"""A number in parts: which one was not heard surely, which one is said, and the whole with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engine.dialog.reading.coverage import beside
from engine.dialog.scripts.phrases import NumberPart, Phrases
from engine.dialog.state.session import Gap
from engine.nlu.grammar import find_entities
from engine.nlu.grammar.digits import Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity, Parse


@dataclass(frozen=True, slots=True)
class Piece:
    """Digits for the places ``[begin:end]`` of a number, said at ``[start:stop]`` of a text."""

    begin: int
    end: int
    digits: str
    start: int
    stop: int


def name_of(gap: Gap, phrases: Phrases) -> str:
    """What people call the part that is missing."""
    return next(part.name for part, begin, _ in _placed(phrases, gap.kind) if begin == gap.begin)


def only_unsure(
    text: str, number: Entity, phrases: Phrases, is_sure: Callable[[int, int], bool]
) -> Gap | None:
    """The one part of a number that may be wrong; None where several may, or it has no parts.

    ``is_sure`` says whether what stands at ``[start:end]`` of the text was heard surely.
    """
    places = _digits_of(text, number)
    parts = list(_placed(phrases, number.type))
    if not parts or len(places) != parts[-1][2]:
        return None
    unsure = [
        Gap(number.type, number.start, begin, end)
        for _, begin, end in parts
        if not all(is_sure(*place) for place in places[begin:end])
    ]
    return unsure[0] if len(unsure) == 1 else None


def gap_of(piece: Piece, number: Entity) -> Gap | None:
    """A part that was said, as one that may be wrong; None for the whole number."""
    if len(piece.digits) == len(number.value or ""):
        return None
    return Gap(number.type, number.start, piece.begin, piece.end)


def runs_alone(parse: Parse, number: Entity, phrases: Phrases) -> list[Run]:
    """The digits of an answer that says nothing else than digits for a number; none of another."""
    runs = find_runs(fold(parse.text))
    return runs if runs and not _says_more(parse, runs, number, phrases) else []


def said_for(parse: Parse, number: Entity, gap: Gap | None, phrases: Phrases) -> Piece | None:
    """The digits that an answer gives for a number: all of it, a named part, or the missing one.

    None where they are of another length, or where it is about something else as well.
    """
    runs = runs_alone(parse, number, phrases)
    if not 1 <= len(runs) <= 2:
        return None
    run, value = runs[-1], number.value or ""
    places = [(0, len(value)), *_named(fold(parse.text)[: run.start], number, phrases)]
    if runs[0] is not run:
        # 「不是5678，是5679」
        places += _same(runs[0].digits, number, phrases)
    if gap is not None:
        places.append((gap.begin, gap.end))
    piece = next(
        (_of(run, *place) for place in places if place[1] - place[0] == len(run.digits)), None
    )
    if gap and piece and len(piece.digits) == len(value):
        return _missing_of(run, value, gap) or piece
    return piece


def _of(run: Run, begin: int, end: int) -> Piece:
    return Piece(begin, end, run.digits, run.start, run.end)


def _missing_of(run: Run, value: str, gap: Gap) -> Piece | None:
    """What is missing, of a whole number that was said again and is the same in all the rest."""
    digits, begin, end = run.digits, gap.begin, gap.end
    if digits[:begin] + digits[end:] != value[:begin] + value[end:]:
        return None
    return Piece(begin, end, digits[begin:end], run.starts[begin], run.ends[end - 1])


def put(parse: Parse, number: Entity, piece: Piece, now: datetime) -> Parse | None:
    """What was said, with other digits in its number; None where that is no number of its kind."""
    value = number.value or ""
    value = value[: piece.begin] + piece.digits + value[piece.end :]
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


def _placed(phrases: Phrases, kind: str) -> Iterator[tuple[NumberPart, int, int]]:
    """The parts of a kind of number, and where each begins and ends."""
    begin = 0
    for part in phrases.voice.parts.get(kind, ()):
        yield part, begin, begin + part.digits
        begin += part.digits


def _digits_of(text: str, number: Entity) -> list[tuple[int, int]]:
    """Where each digit of a number stands; nothing where some of it is said otherwise."""
    value = number.value or ""
    for run in find_runs(fold(text)):
        spots = zip(run.digits, run.starts, run.ends, strict=True)
        within = [spot for spot in spots if number.start <= spot[1] and spot[2] <= number.end]
        if value and "".join(digit for digit, _, _ in within).endswith(value):
            return [(start, end) for _, start, end in within[-len(value) :]]
    return []


def _named(before: str, number: Entity, phrases: Phrases) -> Iterator[tuple[int, int]]:
    for part, begin, end in _placed(phrases, number.type):
        if any(name in before for name in (part.name, *part.also)):
            yield begin, end


def _same(digits: str, number: Entity, phrases: Phrases) -> Iterator[tuple[int, int]]:
    for _, begin, end in _placed(phrases, number.type):
        if (number.value or "")[begin:end] == digits:
            yield begin, end


def _says_more(parse: Parse, runs: Iterable[Run], number: Entity, phrases: Phrases) -> bool:
    """Whether there is more in an answer than digits, what they are called, and a yes or no."""
    names = [n for part, *_ in _placed(phrases, number.type) for n in (part.name, *part.also)]
    fillers = (*phrases.correction_cues, *phrases.rather_cues, *phrases.yes_cues)
    rest = fold(parse.text)
    named = [rest.find(name) for name in names if name in rest]
    others = (e for e in parse.entities if e.strict and e.type != number.type)
    if any(not any(e.start <= at < e.end for at in named) for e in others):
        return True
    for run in sorted(runs, key=lambda run: -run.start):
        rest = rest[: run.start] + rest[run.end :]
    for word in sorted((*names, *phrases.voice.kinds.values(), *fillers), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(beside(rest, ())) > max(len(run.digits) for run in runs) // 2
