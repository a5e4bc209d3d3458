"""The measuring stick: one utterance and one expected value a line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.nlu.grammar import find_entities

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "entities.jsonl").read_text("utf-8").splitlines()
]
TYPES = {
    "flight": ("flight_no",),
    "id": ("id_number",),
    "order": ("order_no",),
    "seat": ("seat", "seat_preference"),
}
#: Places are found by the lexicons, not by a grammar.
OURS = [row for row in ROWS if row["type"] != "place"]


@pytest.mark.parametrize("row", OURS, ids=lambda row: f"{row['type']}-{row['text']}")
def test_an_utterance_gives_exactly_its_value(row: dict[str, Any]) -> None:
    found = find_entities(row["text"], now=datetime.fromisoformat(row["now"]))
    types = TYPES.get(row["type"], (row["type"],))
    assert [entity.value for entity in found if entity.type in types] == expected(row)


def expected(row: dict[str, Any]) -> list[str | None]:
    value = row["value"]
    if value is None:
        return [None]
    if row["type"] == "datetime":
        return [value.replace(" ", "T")]
    return str(value).replace("+", "|").split("|")
