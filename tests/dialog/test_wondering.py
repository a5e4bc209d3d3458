"""What is said while the customer is asked which business is meant counts together."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from engine.dialog.rules.wondering import _together
from engine.nlu.grammar import find_entities
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def parse(text: str) -> Parse:
    return Parse(text, Intent(OUT_OF_SCOPE, 1.0), (), tuple(find_entities(text, now=NOW)))


def test_values_stand_where_they_were_said() -> None:
    both = _together(parse("我妈停机了"), parse("13900138000，50块"))
    assert [both.text[e.start : e.end] for e in both.entities] == [e.text for e in both.entities]
    assert {e.value for e in both.entities} == {"13900138000", "50"}
