"""The names of places, airlines and operators, read from tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.nlu.errors import LexiconError
from engine.nlu.folding import fold

#: Table → entity type, and the column that is the entity's value.
TABLES = {
    "cities.tsv": ("city", "name"),
    "airports.tsv": ("airport", "code"),
    "airlines.tsv": ("airline", "code"),
    "operators.tsv": ("operator", "code"),
}
HEADER = ["code", "name", "aliases"]

#: Words in which a character does not sound as it mostly does: 重庆 is chong qing.
POLYPHONES = "polyphones.txt"


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write something that the lexicon knows; ``text`` is folded."""

    text: str
    type: str
    value: str


class Lexicon:
    """What the tables say: names, and the syllables of words that mislead by their characters."""

    def __init__(self, names: list[Name], readings: Mapping[str, list[str]]) -> None:
        self.names = names
        self.readings = readings

    @classmethod
    def read(cls, folder: Path) -> Lexicon:
        """Read every table of a folder. Raises `LexiconError` with file and line."""
        names = [name for table in TABLES for name in read_table(folder / table)]
        return cls(names, dict(read_polyphones(folder / POLYPHONES)))

    @property
    def words(self) -> list[str]:
        """The names that a segmenter should keep whole; 成都航 would cut 航班 in 成都航班 apart."""
        return [n.text for n in self.names if not n.text.isascii() and not n.text.endswith("航")]


def read_table(path: Path) -> Iterator[Name]:
    """The names in one table: a header, then code, name and aliases divided by ``|``."""
    kind, column = TABLES[path.name]
    lines = _lines(path)
    if not lines or lines[0].split("\t") != HEADER:
        raise LexiconError(path, 1, f"the header must be {' TAB '.join(HEADER)}")
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(HEADER) or not cells[0] or not cells[1]:
            raise LexiconError(path, number, "a line is code TAB name TAB alias|alias")
        value = cells[HEADER.index(column)]
        codes = cells[:1] if kind == "airport" else []
        for text in (cells[1], *codes, *filter(None, cells[2].split("|"))):
            yield Name(fold(text), kind, value)


def read_polyphones(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The words of a table with their syllables: a header, then word and syllables."""
    for number, line in enumerate(_lines(path)[1:], 2):
        word, _, syllables = line.partition("\t")
        heard = syllables.split()
        if len(heard) != len(word):
            raise LexiconError(path, number, "a line is word TAB a syllable for each character")
        yield fold(word), heard


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(path, 0, f"the lexicon cannot be read: {error}") from error
