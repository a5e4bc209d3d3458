"""The JSON Schema of scripts, by which editors complete and check them while they are written."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from engine.dialog.scripts.script import Script

#: Where the schema lies in a folder of scripts, so that their first line can name it.
FILE = "schema.json"

_Node = dict[str, Any]


def script_schema() -> str:
    """The schema of a script file as JSON text: draft 2020-12."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(Script)}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def keys_at(model: type[BaseModel], place: Sequence[str | int]) -> set[str]:
    """The keys that may stand at a place of a file of this model."""
    whole = _schema(model)
    nodes = list(_resolved(whole, whole))
    for part in place:
        nodes = [
            further
            for node in nodes
            for child in _below(node, part)
            for further in _resolved(child, whole)
        ]
    return {key for node in nodes for key in node.get("properties", ())}


def _below(node: _Node, part: str | int) -> Iterator[_Node]:
    below = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
    below = below or node.get("additionalProperties")
    if isinstance(below, dict):
        yield below


def _resolved(node: _Node, whole: _Node) -> Iterator[_Node]:
    """A node with its reference followed and its alternatives laid side by side."""
    if "$ref" in node:
        yield from _resolved(whole["$defs"][node["$ref"].rpartition("/")[2]], whole)
    for other in node.get("anyOf", ()):
        yield from _resolved(other, whole)
    yield node


@functools.cache
def _schema(model: type[BaseModel]) -> _Node:
    return model.model_json_schema(by_alias=True)
