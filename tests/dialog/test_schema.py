"""The schema for editors says what the loader accepts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine import assets
from engine.dialog.scripts.schema import FILE, keys_at, script_schema
from engine.dialog.scripts.script import Script

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
    if isinstance(value, bool) and node["type"] in ("number", "integer"):
        return [place]
    if not _within(value, node):
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


def _within(value: Any, node: dict[str, Any]) -> bool:
    """Whether a value keeps the bounds of its type."""
    if isinstance(value, str):
        return re.search(node.get("pattern", ""), value) is not None
    if isinstance(value, dict):
        return len(value) >= node.get("minProperties", 0)
    if isinstance(value, list):
        return len(value) >= node.get("minItems", 0)
    bounds = (
        value is not None and value < node.get("minimum", value),
        value is not None and value > node.get("maximum", value),
        "exclusiveMinimum" in node and value <= node["exclusiveMinimum"],
    )
    return not any(bounds)


#: What writers put in a wrong place.
_WILD = (None, True, 0, 3, -1, 2.5, "", "x", "http://x", [], ["x"], [3], {}, {"say": "x"}, {"x": 1})


@st.composite
def values(draw: st.DrawFn, node: dict[str, Any], depth: int = 0) -> Any:
    """What fits a place of the schema, and now and then something else."""
    if draw(st.integers(0, 30)) == 0:
        return draw(st.sampled_from(_WILD))
    if "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        return draw(values(draw(st.sampled_from(node["anyOf"])), depth))
    if "enum" in node:
        return draw(st.sampled_from(node["enum"]))
    match node["type"]:
        case "array":
            return [draw(values(node["items"], depth + 1)) for _ in range(draw(st.integers(0, 2)))]
        case "object":
            return draw(_objects(node, depth))
        case "string":
            return "http://x" if "pattern" in node else draw(st.sampled_from(["a", "b", "c d"]))
    return draw(st.sampled_from({"boolean": [True, False], "null": [None]}.get(node["type"], [1])))


@st.composite
def _objects(draw: st.DrawFn, node: dict[str, Any], depth: int) -> dict[str, Any]:
    known, other = node.get("properties", {}), node.get("additionalProperties")
    needed = [key for key in node.get("required", ()) if draw(st.integers(0, 40))]
    more = draw(st.lists(st.sampled_from([*known] or ["a"]), max_size=2 if depth < 4 else 0))
    keys = {*needed, *more} if known else {*more, "b"}
    made = {key: draw(values(known.get(key, other), depth + 1)) for key in sorted(keys)}
    return made if draw(st.integers(0, 40)) else {**made, "unheard_of": 1}


@settings(max_examples=400)
@given(values(SCHEMA))
def test_the_loader_takes_what_the_schema_takes(script: Any) -> None:
    """As far as a schema can say: what keys demand of each other it cannot."""
    try:
        Script.model_validate(script)
        refused = []
    except ValidationError as error:
        refused = [each for each in error.errors() if each["type"] != "value_error"]
    assert bool(faults(script, SCHEMA)) == bool(refused), refused
