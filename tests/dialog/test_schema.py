"""The schema for editors says what the loader accepts."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from engine import assets
from engine.dialog.schema import FILE, keys_at, script_schema
from engine.dialog.script import Script

SCHEMA = json.loads(script_schema())
SCRIPTS = sorted(file for file in assets.dialogs().glob("*.yaml") if file.name != "phrases.yaml")


def test_the_schema_beside_the_scripts_is_up_to_date() -> None:
    kept = (assets.dialogs() / FILE).read_text(encoding="utf-8")
    assert kept == script_schema(), "run: banli dialogs schema > dialogs/schema.json"


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_a_shipped_script_names_the_schema_and_fits_it(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={FILE}\n")
    assert faults(yaml.safe_load(text), SCHEMA) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"titel": "x"}, "titel"),
        ({"title": 3}, "title"),
        ({"slots": {"a": {"aks": "x"}}}, "slots.a.aks"),
        ({"slots": {"a": {"check": {"when": "x"}}}}, "slots.a.check"),
        ({"slots": {"a": {"resolve": {"query": "q", "value": "v", "pick": "last"}}}}, "slots"),
        ({"answer": {}}, "answer"),
    ],
)
def test_a_slip_does_not_fit_the_schema(change: dict[str, Any], place: str) -> None:
    fitting = {"intent": "a", "title": "b", "example": "c", "answer": {"say": "d"}}
    assert faults(fitting, SCHEMA) == []
    found = faults({**fitting, **change}, SCHEMA)
    assert found
    assert all(fault.startswith(place) for fault in found)


def test_what_the_loader_sets_is_not_for_writers() -> None:
    assert "version" not in SCHEMA["properties"]


def test_a_single_word_may_stand_for_a_list_and_words_for_a_refusal() -> None:
    slot = {"type": "city", "ask": "哪里？", "also": ["b"], "choices": ["北京", 3]}
    resolve = {"query": "q", "value": "v", "refused": {"none": "没有"}}
    script = {
        "intent": "a",
        "title": "b",
        "example": "c",
        "slots": {"a": {**slot, "resolve": resolve}},
        "answer": {"say": "d"},
    }
    assert faults(script, SCHEMA) == []


def test_the_keys_of_every_place_are_known() -> None:
    refusal = {"say", "offer", "clear", "recheck", "end", "next", "carry"}
    assert refusal == keys_at(Script, ("slots", "a", "options", "none"))
    assert "when" in keys_at(Script, ("slots", "a", "check", 0))
    assert "with" in keys_at(Script, ("answer",))
    assert keys_at(Script, ("nowhere", "at", "all")) == set()


def faults(value: Any, node: dict[str, Any], place: str = "") -> list[str]:
    """Where a value does not fit: the part of JSON Schema that the schema of scripts uses."""
    if "$ref" in node:
        return faults(value, SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], place)
    if "anyOf" in node:
        tried = [faults(value, option, place) for option in node["anyOf"]]
        return [] if [] in tried else max(tried, key=lambda found: max(map(len, found)))
    if "enum" in node and value not in node["enum"]:
        return [place]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    kinds |= {"number": (int, float), "integer": int}
    if not isinstance(value, kinds[node["type"]]):
        return [place]
    if isinstance(value, list):
        return [
            f for n, item in enumerate(value) for f in faults(item, node["items"], f"{place}.{n}")
        ]
    return _of_object(value, node, place) if isinstance(value, dict) else []


def _of_object(value: dict[str, Any], node: dict[str, Any], place: str) -> list[str]:
    known, other = node.get("properties", {}), node.get("additionalProperties")
    found = [place or "." for key in node.get("required", ()) if key not in value]
    for key, below in value.items():
        at = f"{place}.{key}".lstrip(".")
        if key not in known and other is False:
            found.append(at)
        else:
            found += faults(below, known.get(key, other), at)
    return found
