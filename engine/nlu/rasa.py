"""Rasa's format of training phrases: https://rasa.com/docs/rasa/nlu-training-data/ (version 3.1).

A file of questions with answers (``intent`` and ``entries``) is read as examples of its intent.
Else intents with their examples are read; synonym, lookup, regex, stories and other sections are
passed over. An entity is written ``[明天](date)``, ``[明儿](date:2026-11-24)`` or
``[明儿]{"entity": "date", "value": "2026-11-24"}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from engine.nlu.errors import DatasetError
from engine.nlu.example import Annotation, Example, example

#: Sections of the format that say nothing about intents.
_PASSED_OVER = {"synonym", "lookup", "regex"}
_ITEM = re.compile(r"\s*-\s+(.*\S)\s*")
_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^()\s]+)\)|(\{[^{}]*\}))")


class _Described(msgspec.Struct):
    entity: str
    value: str | None = None


def examples_of(path: Path, text: str) -> Iterator[Example]:
    """The examples in a YAML text; ``path`` is named in the errors."""
    root = _root(path, text)
    if root is None:
        return
    parts = {_scalar(path, key): value for key, value in _pairs(path, root)}
    if "entries" in parts and "intent" in parts:
        yield from _questions(path, _scalar(path, parts["intent"]), parts["entries"])
    for section in _sequence(path, parts["nlu"]) if "nlu" in parts else ():
        keys = {_scalar(path, key): value for key, value in _pairs(path, section)}
        if "intent" not in keys:
            if not _PASSED_OVER & keys.keys():
                fault = f"a section is an intent, synonym, lookup or regex, not {', '.join(keys)}"
                raise DatasetError(path, _line(section), fault)
            continue
        intent = _scalar(path, keys["intent"])
        if "examples" not in keys:
            raise DatasetError(path, _line(section), f"intent {intent} has no examples")
        for line, item in _items(path, keys["examples"]):
            plain, entities = annotated(path, line, item)
            yield example(plain, intent, entities, path, line)


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


def _questions(path: Path, intent: str, entries: yaml.Node) -> Iterator[Example]:
    for entry in _sequence(path, entries):
        for key, value in _pairs(path, entry):
            if _scalar(path, key) == "questions":
                for item in _sequence(path, value):
                    yield example(_scalar(path, item), intent, (), path, _line(item))


def _root(path: Path, text: str) -> yaml.Node | None:
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise DatasetError(path, line, f"not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise DatasetError(path, 0, f"not valid YAML: {error}") from error
    return root


def _items(path: Path, node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield _line(item), _text_of(path, item)
        return
    # Only in a literal block do the lines of the value stand for lines of the file.
    first = _line(node) + (1 if getattr(node, "style", None) == "|" else 0)
    for line, text in enumerate(_scalar(path, node).split("\n"), first):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        match = _ITEM.fullmatch(text)
        if match is None:
            raise DatasetError(path, line, f"an example must start with '- ': {text.strip()}")
        yield line, match[1]


def _text_of(path: Path, item: yaml.Node) -> str:
    if isinstance(item, yaml.MappingNode):
        for key, value in _pairs(path, item):
            if _scalar(path, key) == "text":
                return _scalar(path, value).strip()
        raise DatasetError(path, _line(item), "an example has no text")
    return _scalar(path, item).strip()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _pairs(path: Path, node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise DatasetError(path, _line(node), "a mapping is expected here")
    return list(node.value)


def _sequence(path: Path, node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise DatasetError(path, _line(node), "a list is expected here")
    return list(node.value)


def _scalar(path: Path, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise DatasetError(path, _line(node), "plain text is expected here")
    return str(node.value)
