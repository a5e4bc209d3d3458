"""The tables of `data/speech/` that people may change: how letters and single characters sound."""

from __future__ import annotations

from functools import cache

from engine import assets
from engine.speech.errors import BadTable

#: The syllables of a word, toneless.
Reading = tuple[str, ...]


def rows(name: str) -> list[list[str]]:
    """The cells of a table without its header and remarks; raises `BadTable`."""
    path = assets.data() / "speech" / name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(path, 0, str(error)) from error
    numbered = [(at, line) for at, line in enumerate(lines, 1) if line and line[0] != "#"]
    width = len(numbered[0][1].split("\t")) if numbered else 0
    for at, line in numbered[1:]:
        if len(line.split("\t")) != width:
            raise BadTable(path, at, f"a line has {width} cells divided by tabs")
    return [line.split("\t") for _, line in numbered[1:]]


def _readings(cell: str) -> tuple[Reading, ...]:
    return tuple(tuple(reading.split()) for reading in cell.split("|"))


@cache
def letters() -> dict[str, tuple[Reading, ...]]:
    """A–Z as they are said in Mandarin, the commonest way first."""
    return {letter: _readings(cell) for letter, cell in rows("letters.tsv")}


@cache
def variants() -> dict[str, tuple[Reading, ...]]:
    """Characters that speakers say one way or another, in whatever word they stand."""
    return {character: _readings(cell) for character, cell in rows("variants.tsv")}


@cache
def words() -> dict[str, tuple[Reading, ...]]:
    """Words whose reading no dictionary has right."""
    return {word: _readings(cell) for word, cell in rows("pronunciations.tsv")}


@cache
def shares() -> dict[str, dict[str, float]]:
    """Characters of several readings → each reading's share of the running text."""
    return {
        character: {reading: float(part) for reading, part in map(_share, cell.split())}
        for character, cell in rows("polyphones.tsv")
    }


def _share(text: str) -> tuple[str, str]:
    reading, _, part = text.partition(":")
    return reading, part
