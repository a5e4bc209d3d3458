"""Training phrases: Rasa NLU YAML and JSON lines, read into examples that know where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from engine.nlu.errors import DatasetError
from engine.nlu.example import Annotation, Example, example
from engine.nlu.folding import fold
from engine.nlu.rasa import examples_of, hints_of
from engine.nlu.tagging.hints import Hints

SUFFIXES = (".yml", ".yaml", ".jsonl")


class _Entity(msgspec.Struct):
    type: str
    start: int
    end: int
    value: str | None = None


class _Row(msgspec.Struct):
    text: str
    intent: str
    entities: list[_Entity] = []


def read(paths: Iterable[Path]) -> list[Example]:
    """Every example of the files, and of the phrase files in the folders, in a fixed order.

    Raises `DatasetError` for a missing or empty path and for the first line that is wrong.
    """
    given = list(paths)
    examples = [example for path in files(given) for example in read_file(path)]
    if not examples:
        raise DatasetError(given[0] if given else Path(), 0, "there are no examples here")
    return examples


def files(paths: Iterable[Path]) -> list[Path]:
    """The phrase files that the paths name; a folder stands for all phrase files below it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        elif path.is_file():
            found.append(path)
        else:
            raise DatasetError(path, 0, "no such file or folder")
    return found


def hints(paths: Iterable[Path], examples: Iterable[Example]) -> Hints:
    """The synonyms, lookup tables and patterns of the files, in the order of `files`.

    An entity of the examples that is marked with a value is a synonym of it, too.
    Raises `DatasetError`.
    """
    found = [hints_of(path, _text(path)) for path in files(paths) if path.suffix != ".jsonl"]
    synonyms = {
        fold(each.text[entity.start : entity.end]): entity.value
        for each in examples
        for entity in each.entities
        if entity.value is not None
    }
    for each in found:
        synonyms |= each.synonyms
    return Hints(
        synonyms,
        [pattern for each in found for pattern in each.patterns],
        [lookup for each in found for lookup in each.lookups],
    )


def read_file(path: Path) -> list[Example]:
    """The examples of one file, JSON lines or YAML by its suffix."""
    text = _text(path)
    if path.suffix == ".jsonl":
        return list(_rows(path, text))
    if path.suffix in SUFFIXES:
        return list(examples_of(path, text))
    raise DatasetError(path, 0, f"unknown kind of file; known are {', '.join(SUFFIXES)}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(path, 0, f"cannot be read as UTF-8 text: {error}") from error


def _rows(path: Path, text: str) -> Iterator[Example]:
    decoder = msgspec.json.Decoder(_Row)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            raise DatasetError(path, number, str(error)) from error
        yield example(row.text, row.intent, _annotations(row), path, number)


def _annotations(row: _Row) -> tuple[Annotation, ...]:
    return tuple(Annotation(e.type, e.start, e.end, e.value) for e in row.entities)
