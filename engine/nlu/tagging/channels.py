"""What the tagger sees at every character of an utterance, channel by channel.

A channel gives one symbol a character, and is looked at from neighbouring characters too, at
fixed offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.nlu.folding import is_content
from engine.nlu.parse import Entity

#: How far an offset may reach; so many symbols are put before and after an utterance.
REACH = 3

#: Symbols before and after the utterance.
BEFORE, AFTER = "\x02", "\x03"

#: Channel → the offsets that it is looked at from.
OFFSETS = {
    "character": (-3, -2, -1, 0, 1, 2, 3),
    "pair": (-3, -2, -1, 0, 1, 2),
    "triple": (-3, -2, -1, 0, 1),
    "shape": (-2, -1, 0, 1, 2),
    "word": (0,),
    "words_before": (0,),
    "words_after": (0,),
    "place": (-1, 0, 1),
    "value": (-1, 0, 1),
    "inner": (0,),
    "known": (-1, 0, 1),
    "known_text": (0,),
    "intent": (0,),
    "intent_character": (-1, 0, 1),
}


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text made ready: folded, with its words, typed entities, intent and known values.

    ``known`` are (start, end, types) of values that a slot is known to have, without overlap.
    """

    text: str
    words: Sequence[str]
    entities: Sequence[Entity]
    intent: str
    known: Sequence[tuple[int, int, str]]


def channels(utterance: Utterance) -> dict[str, list[str]]:
    """Symbols of every channel, `REACH` more than characters at either end; "" is none."""
    text = utterance.text
    size = len(text)
    padded = BEFORE * REACH + text + AFTER * REACH
    every = range(len(padded))
    places, words, before, after = _words(utterance.words)
    values, inner = _values(utterance.entities, size)
    known, known_texts = _known(utterance.known, text)
    intent = utterance.intent
    found = {
        "shape": [shape(character) for character in text],
        "word": words,
        "words_before": before,
        "words_after": after,
        "place": places,
        "value": values,
        "inner": inner,
        "known": known,
        "known_text": known_texts,
        "intent": [intent] * size,
        "intent_character": [f"{intent} {character}" for character in text],
    }
    edge = [""] * REACH
    return {
        "character": list(padded),
        "pair": [padded[at : at + 2] for at in every],
        "triple": [padded[at : at + 3] for at in every],
    } | {name: edge + symbols + edge for name, symbols in found.items()}


def shape(character: str) -> str:
    """What kind of character it is."""
    if character.isascii():
        if character.isdigit():
            return "9"
        if character.isalpha():
            return "a"
    if character in "零一二三四五六七八九十百千万两半":
        return "九"
    return "字" if is_content(character) else "."


def inside(start: int, end: int) -> Iterable[tuple[int, str]]:
    """Every position of a span with its place in it: single, begin, inner, end."""
    if end - start == 1:
        yield start, "S"
        return
    yield start, "B"
    for at in range(start + 1, end - 1):
        yield at, "I"
    yield end - 1, "E"


def _words(words: Sequence[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    places, own, before, after = [], [], [], []
    for index, word in enumerate(words):
        previous = words[index - 1] if index else BEFORE
        following = words[index + 1] if index + 1 < len(words) else AFTER
        for _, place in inside(0, len(word)):
            places.append(place)
            own.append(place + word)
            before.append(f"{place}{previous} {word}" if place in "SB" else place + previous)
            after.append(f"{place}{word} {following}" if place in "SE" else place + following)
    return places, own, before, after


def _values(entities: Sequence[Entity], size: int) -> tuple[list[str], list[str]]:
    """The longest entity at every character, and the longest of those inside of it."""
    outer, inner = [""] * size, [""] * size
    for entity in sorted(entities, key=lambda each: (each.start - each.end, each.start)):
        strict = "!" if entity.strict else "?"
        row = inner if any(outer[entity.start : entity.end]) else outer
        if any(row[entity.start : entity.end]):
            continue
        for at, place in inside(entity.start, entity.end):
            row[at] = f"{place}{strict}{entity.type}"
    return outer, inner


def _known(known: Sequence[tuple[int, int, str]], text: str) -> tuple[list[str], list[str]]:
    places, texts = [""] * len(text), [""] * len(text)
    for start, end, types in known:
        size = min(end - start, 4)
        for at, place in inside(start, end):
            places[at] = f"{place}{size}"
            texts[at] = f"{place}{types}"
    return places, texts
