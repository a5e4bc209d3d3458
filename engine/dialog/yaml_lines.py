"""YAML that remembers its lines, so that an error can point at the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from engine.dialog.errors import Problem, ScriptError

#: A place inside a document: keys and list positions from the top.
Place = tuple[str | int, ...]


class Document:
    """One YAML file: its content and the line of every place in it."""

    def __init__(self, file: Path, content: Any, lines: dict[Place, int]) -> None:
        self.file = file
        self.content = content
        self._lines = lines

    @classmethod
    def read(cls, file: Path) -> Document:
        """Read a file. Raises `ScriptError` when it is not YAML or names a key twice."""
        try:
            node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise ScriptError([Problem(file, line, f"not YAML: {error.problem}")]) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ScriptError([Problem(file, 1, f"cannot be read: {error}")]) from error
        lines: dict[Place, int] = {}
        content = None if node is None else _build(node, (), lines, file)
        return cls(file, content, lines)

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place, or at the nearest place around it that has a line."""
        while place and place not in self._lines:
            place = place[:-1]
        return Problem(self.file, self._lines.get(place, 1), message)


def _build(node: yaml.Node, place: Place, lines: dict[Place, int], file: Path) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, file)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*place, i), lines, file) for i, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], file: Path
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in content:
            raise ScriptError([Problem(file, line, f"`{key}` stands twice")])
        lines[(*place, key)] = line
        content[key] = _build(value_node, (*place, key), lines, file)
    return content


def _scalar(node: yaml.Node) -> Any:
    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    finally:
        constructor.dispose()
