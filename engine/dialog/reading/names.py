"""Names that rows and lists hold, and where a text says them: as written, or by their sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.nlu.parse import Entity
from engine.nlu.syllables import SYLLABLES

#: A name in a row is short, and of Chinese characters.
_LONGEST_NAME = 6
#: A family name of one character and a given name of two.
_WITH_GIVEN = 3


def names_of(row: object) -> list[str]:
    """The short Chinese words of a row: names of people, places, things."""
    cells = row.values() if isinstance(row, dict) else ()
    return [
        cell
        for cell in cells
        if isinstance(cell, str) and 2 <= len(cell) <= _LONGEST_NAME and _is_chinese(cell)
    ]


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)


def known_in(text: str, names: Iterable[str], *, given: bool = False) -> Iterator[Entity]:
    """The names that a text holds, in its order; ``given``: also without the family name."""
    places = (
        (name, heard_in(text, name) or (_given_in(text, name) if given else None)) for name in names
    )
    found = [(at, name) for name, at in places if at is not None]
    for (start, end), name in sorted(found):
        yield Entity("known", name, text[start:end], start, end)


def given_in(text: str, names: Iterable[str]) -> Iterator[Entity]:
    """Where the given names alone stand in a text, each time."""
    for name in names:
        if len(name) == _WITH_GIVEN:
            for found in re.finditer(re.escape(name[1:]), text):
                yield Entity("known", name, found[0], *found.span())


def _given_in(text: str, name: str) -> tuple[int, int] | None:
    """Where the two characters of a given name stand: 小雨 of 赵小雨."""
    if len(name) != _WITH_GIVEN or (at := text.find(name[1:])) < 0:
        return None
    return at, at + len(name) - 1


def heard_in(text: str, name: str) -> tuple[int, int] | None:
    """Where a name stands in a text, as written or by its sound."""
    if (at := text.find(name)) >= 0:
        return at, at + len(name)
    if len(name) < 2 or not _is_chinese(name):
        return None
    sounds = [SYLLABLES[character] for character in name]
    for at in range(len(text) - len(name) + 1):
        if [SYLLABLES[character] for character in text[at : at + len(name)]] == sounds:
            return at, at + len(name)
    return None
