"""The lexicon file: a line is word TAB syllables TAB share, one line for each reading.

The share says how often the word is said that way; a line without it counts like the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.speech.errors import BadTable, Unspeakable
from engine.speech.spoken.readings import weighted
from engine.speech.spoken.tables import Reading
from engine.speech.units import spell

#: Word → its readings, each with its share.
Lexicon = dict[str, dict[Reading, float]]


def pronounced(words: Iterable[str]) -> tuple[Lexicon, list[str]]:
    """A lexicon of the words that can be said, and the words that cannot."""
    lexicon: Lexicon = {}
    silent = []
    for word in words:
        try:
            readings = weighted(word)
            for reading in readings:
                spell(reading)
        except Unspeakable:
            readings = {}
        if readings and all(readings):
            lexicon[word] = readings
        else:
            silent.append(word)
    return lexicon, silent


def write(lexicon: Lexicon, path: Path) -> None:
    """Write a lexicon, sorted by word."""
    with path.open("w", encoding="utf-8") as file:
        for word in sorted(lexicon):
            for reading, share in lexicon[word].items():
                file.write(f"{word}\t{' '.join(reading)}\t{share:.4f}\n")


def read(path: Path) -> Lexicon:
    """Read a lexicon; raises `BadTable` with the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(path, 0, str(error)) from error
    lexicon: Lexicon = {}
    for at, line in enumerate(lines, 1):
        word, _, rest = line.partition("\t")
        said, _, share = rest.partition("\t")
        try:
            spell(said.split())
            lexicon.setdefault(word, {})[tuple(said.split())] = float(share or 1)
        except (Unspeakable, ValueError) as error:
            raise BadTable(path, at, str(error)) from error
        if not word or not said:
            raise BadTable(path, at, "a line is word TAB syllables TAB share")
    return lexicon
