"""YAML as nodes that know their line, with errors that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from engine.nlu.errors import DatasetError

_ITEM = re.compile(r"\s*-\s+(.*\S)\s*")


def root_of(path: Path, text: str) -> yaml.Node | None:
    """The topmost node of a YAML text; None where there is nothing in it."""
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise DatasetError(path, line, f"not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise DatasetError(path, 0, f"not valid YAML: {error}") from error
    return root


def items_of(path: Path, node: yaml.Node) -> Iterator[tuple[int, str]]:
    """The items of a list, or of a text whose lines begin with ``- ``, each with its line."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield line_of(item), _text_of(path, item)
        return
    # Only in a literal block do the lines of the value stand for lines of the file.
    first = line_of(node) + (1 if getattr(node, "style", None) == "|" else 0)
    for line, text in enumerate(scalar_of(path, node).split("\n"), first):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        match = _ITEM.fullmatch(text)
        if match is None:
            raise DatasetError(path, line, f"an example must start with '- ': {text.strip()}")
        yield line, match[1]


def line_of(node: yaml.Node) -> int:
    """The line that a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def keys_of(path: Path, node: yaml.Node) -> dict[str, yaml.Node]:
    """The nodes of a mapping by key."""
    return {scalar_of(path, key): value for key, value in pairs_of(path, node)}


def pairs_of(path: Path, node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        raise DatasetError(path, line_of(node), "a mapping is expected here")
    return list(node.value)


def sequence_of(path: Path, node: yaml.Node) -> list[yaml.Node]:
    """The nodes of a list."""
    if not isinstance(node, yaml.SequenceNode):
        raise DatasetError(path, line_of(node), "a list is expected here")
    return list(node.value)


def scalar_of(path: Path, node: yaml.Node) -> str:
    """The text of a scalar."""
    if not isinstance(node, yaml.ScalarNode):
        raise DatasetError(path, line_of(node), "plain text is expected here")
    return str(node.value)


def _text_of(path: Path, item: yaml.Node) -> str:
    if isinstance(item, yaml.MappingNode):
        for key, value in pairs_of(path, item):
            if scalar_of(path, key) == "text":
                return scalar_of(path, value).strip()
        raise DatasetError(path, line_of(item), "an example has no text")
    return scalar_of(path, item).strip()
