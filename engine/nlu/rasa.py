"""Rasa's format of training phrases: https://rasa.com/docs/rasa/nlu-training-data/ (version 3.1).

A file of questions with answers (``intent`` and ``entries``) is read as examples of its intent.
Else intents with their examples are read, and synonym, lookup and regex sections as `Hints`;
stories and other sections are passed over. An entity is written ``[明天](date)``,
``[明儿](date:2026-11-24)`` or ``[明儿]{"entity": "date", "value": "2026-11-24"}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from engine.nlu.errors import DatasetError
from engine.nlu.example import Annotation, Example, example
from engine.nlu.tagging.hints import Hints
from engine.nlu.yaml_nodes import (
    items_of,
    keys_of,
    line_of,
    pairs_of,
    root_of,
    scalar_of,
    sequence_of,
)

#: Sections of the format that say nothing about intents.
_HINTS = {"synonym", "lookup", "regex"}
_HAS_HINTS = re.compile(rf"^\s*-?\s*['\"]?({'|'.join(sorted(_HINTS))})['\"]?\s*:", re.MULTILINE)
_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^()\s]+)\)|(\{[^{}]*\}))")


class _Described(msgspec.Struct):
    entity: str
    value: str | None = None


def examples_of(path: Path, text: str) -> Iterator[Example]:
    """The examples in a YAML text; ``path`` is named in the errors."""
    root = root_of(path, text)
    if root is None:
        return
    parts = keys_of(path, root)
    if "entries" in parts and "intent" in parts:
        yield from _questions(path, scalar_of(path, parts["intent"]), parts["entries"])
    for section in sequence_of(path, parts["nlu"]) if "nlu" in parts else ():
        keys = keys_of(path, section)
        if "intent" not in keys:
            if not _HINTS & keys.keys():
                fault = f"a section is an intent, synonym, lookup or regex, not {', '.join(keys)}"
                raise DatasetError(path, line_of(section), fault)
            continue
        intent = scalar_of(path, keys["intent"])
        if "examples" not in keys:
            raise DatasetError(path, line_of(section), f"intent {intent} has no examples")
        for line, item in items_of(path, keys["examples"]):
            plain, entities = annotated(path, line, item)
            yield example(plain, intent, entities, path, line)


def hints_of(path: Path, text: str) -> Hints:
    """The synonyms, lookup tables and patterns in a YAML text. Raises `DatasetError`."""
    synonyms: dict[str, str] = {}
    patterns: list[tuple[str, str]] = []
    lookups: list[tuple[str, str]] = []
    # Reading YAML twice costs seconds; most files have phrases only.
    root = root_of(path, text) if _HAS_HINTS.search(text) else None
    parts = keys_of(path, root) if root is not None else {}
    for section in sequence_of(path, parts["nlu"]) if "nlu" in parts else ():
        keys = keys_of(path, section)
        for kind in _HINTS & keys.keys():
            name = scalar_of(path, keys[kind])
            if "examples" not in keys:
                raise DatasetError(path, line_of(section), f"{kind} {name} has no examples")
            for line, item in items_of(path, keys["examples"]):
                if kind == "synonym":
                    synonyms[item] = name
                elif kind == "lookup":
                    lookups.append((item, name))
                else:
                    patterns.append((name, _pattern(path, line, item)))
    return Hints.of(synonyms, patterns, lookups)


def annotated(path: Path, line: int, item: str) -> tuple[str, tuple[Annotation, ...]]:
    """An example freed from its marks, and the entities that were marked."""
    plain, entities, end = "", [], 0
    for match in _ENTITY.finditer(item):
        plain += item[end : match.start()]
        kind, value = _kind(path, line, match)
        entities.append(Annotation(kind, len(plain), len(plain) + len(match[1]), value))
        plain += match[1]
        end = match.end()
    return plain + item[end:], tuple(entities)


def _kind(path: Path, line: int, match: re.Match[str]) -> tuple[str, str | None]:
    if match[2]:
        kind, _, value = match[2].partition(":")
        return kind, value or None
    try:
        described = msgspec.json.decode(match[3], type=_Described)
    except msgspec.DecodeError as error:
        raise DatasetError(path, line, f"the entity {match[0]} is not valid: {error}") from error
    return described.entity, described.value


def _pattern(path: Path, line: int, pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise DatasetError(path, line, f"the regex {pattern} is not valid: {error}") from error
    return pattern


def _questions(path: Path, intent: str, entries: yaml.Node) -> Iterator[Example]:
    for entry in sequence_of(path, entries):
        for key, value in pairs_of(path, entry):
            if scalar_of(path, key) == "questions":
                for item in sequence_of(path, value):
                    yield example(scalar_of(path, item), intent, (), path, line_of(item))
