"""YAML that remembers its lines, so that an error can point at the place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from engine.dialog.errors import Problem, ScriptError

#: libyaml where PyYAML was built with it: the same nodes and lines, ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COLON = re.compile(r"\s*(?:- )?[A-Za-z_]+(?:：|:[^\s:/])")
_TAB = re.compile(r" *\t")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
#: What YAML 1.1 takes for numbers and days, 10:00 for 600 and 010 for 8. Scripts mean the words.
_NUMBERS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp"))
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
#: Deeper than any script: an alias that contains itself would have no end.
_DEEPEST = 20
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
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ScriptError([Problem(file, 1, "there is no such file")]) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ScriptError([Problem(file, 1, f"cannot be read: {error}")]) from error
        return cls.of(file, text)

    @classmethod
    def of(cls, file: Path, text: str) -> Document:
        """The document that a file with this text is. Raises as `read`."""
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = _slip(text, mark.line + 1 if mark else 1)
            said = f"not YAML: {error.problem}{_hint(text, line)}"
            raise ScriptError([Problem(file, line, said)]) from error
        except yaml.YAMLError as error:
            raise ScriptError([Problem(file, 1, f"not YAML: {error}")]) from error
        lines: dict[Place, int] = {}
        content = None if node is None else _build(node, (), lines, file)
        return cls(file, content, lines)

    def problem(self, place: Place, message: str, *, is_warning: bool = False) -> Problem:
        """A problem at a place, or at the nearest place around it that has a line."""
        while place and place not in self._lines:
            place = place[:-1]
        return Problem(self.file, self._lines.get(place, 1), message, is_warning)


def _slip(text: str, line: int) -> int:
    """The line that is wrong: the parser may notice a Chinese colon only in the next one."""
    lines = text.split("\n")
    near = range(max(line - 2, 1), line)
    return next((n for n in near if _COLON.match(lines[n - 1])), line)


def _hint(text: str, line: int) -> str:
    """What the writer of a line most likely did, where it is one of the usual slips."""
    lines = text.split("\n")
    near = lines[max(line - 2, 0) : line]
    if any(_COLON.match(each) for each in near):
        return "; a key ends with `:` and a space, not with ： or without the space"
    if any(_TAB.match(each) for each in near):
        return "; indent with spaces, there is a tab here"
    if any("{{" in _QUOTED.sub("", each) or "{%" in _QUOTED.sub("", each) for each in near):
        return "; text with {{ … }} or {% … %} must be in quotes"
    if any(": " in _QUOTED.sub("", each).partition(": ")[2] for each in near):
        return "; text that holds a colon, or [ ] , between braces, must be in quotes"
    if any(each.count("“") or each.count("”") for each in near):
        return "; these “quotes” are Chinese, YAML knows only \" and '"
    return "; is the indentation right? Keys of one level begin in one column"


def _build(node: yaml.Node, place: Place, lines: dict[Place, int], file: Path) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if len(place) > _DEEPEST:
        raise ScriptError([Problem(file, node.start_mark.line + 1, "is nested too deeply")])
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, file)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*place, i), lines, file) for i, item in enumerate(node.value)]
    return _scalar(node, file)


def _mapping(
    node: yaml.MappingNode, place: Place, lines: dict[Place, int], file: Path
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise ScriptError([Problem(file, line, "text that begins with { must be in quotes")])
        key = str(key_node.value)
        if key in content:
            raise ScriptError([Problem(file, line, f"`{key}` stands twice")])
        lines[(*place, key)] = line
        content[key] = _build(value_node, (*place, key), lines, file)
    return content


def _scalar(node: yaml.Node, file: Path) -> Any:
    if node.tag in _NUMBERS and not _NUMBER.fullmatch(node.value):
        return node.value
    try:
        return SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        line = node.start_mark.line + 1
        raise ScriptError([Problem(file, line, f"cannot be read: {node.value!r}")]) from error
