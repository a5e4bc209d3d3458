"""The training phrases cover every intent, in enough wordings, and no phrase pulls two ways."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

PHRASES = Path(__file__).parents[2] / "data" / "nlu"
TASKS = [
    "checkin",
    "topup",
    "query_flight",
    "query_balance",
    "query_order",
    "bind_member",
    "pay_bill",
    "subscribe_notice",
    "consult",
]
ACTS = [
    "affirm",
    "deny",
    "cancel",
    "back",
    "restart",
    "repeat",
    "skip",
    "help",
    "handoff",
    "greet",
    "thanks",
    "goodbye",
    "chitchat",
]
FILES = {
    **{name: PHRASES / "tasks" / f"{name}.yml" for name in TASKS},
    **{name: PHRASES / "acts" / f"{name}.yml" for name in ACTS},
    "out_of_scope": PHRASES / "out_of_scope.yml",
}
FEWEST = {**dict.fromkeys(TASKS, 150), **dict.fromkeys(ACTS, 70), "out_of_scope": 350}
LONGEST = 60


def entries(path: Path) -> list[dict[str, str]]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert document["version"] == "3.1"
    found: list[dict[str, str]] = document["nlu"]
    return found


def lines(intent: str) -> list[str]:
    return [line for entry in entries(FILES[intent]) for line in entry["examples"].splitlines()]


def phrases(intent: str) -> list[str]:
    """The phrases as a customer types them, without the entity marks of the training format."""
    return [
        re.sub(r"\[([^]]+)]\([^)]+\)", r"\1", line.removeprefix("- ")) for line in lines(intent)
    ]


def folded(phrase: str) -> str:
    """The phrase without case, width and punctuation; what is nothing but punctuation stays."""
    text = unicodedata.normalize("NFKC", phrase).casefold()
    return "".join(char for char in text if unicodedata.category(char)[0] not in "PZCM") or text


def test_every_file_of_phrases_belongs_to_an_intent() -> None:
    assert {path.resolve() for path in PHRASES.rglob("*.yml")} == set(FILES.values())


@pytest.mark.parametrize("intent", FILES)
def test_a_file_holds_the_phrases_of_its_own_intent_only(intent: str) -> None:
    assert [entry["intent"] for entry in entries(FILES[intent])] == [intent]


@pytest.mark.parametrize("intent", FILES)
def test_a_file_says_in_its_first_line_what_the_intent_takes_in(intent: str) -> None:
    head = FILES[intent].read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith(f"# {intent}: ")


@pytest.mark.parametrize("intent", FILES)
def test_an_intent_has_enough_phrases(intent: str) -> None:
    assert len(phrases(intent)) >= FEWEST[intent]


@pytest.mark.parametrize("intent", FILES)
def test_every_line_is_a_listed_phrase_of_bounded_length(intent: str) -> None:
    wrong = [line for line in lines(intent) if not re.fullmatch(r"- \S(.*\S)?", line)]
    too_long = [phrase for phrase in phrases(intent) if len(phrase) > LONGEST]
    assert (wrong, too_long) == ([], [])


@pytest.mark.parametrize("intent", FILES)
def test_no_phrase_is_written_twice_in_one_intent(intent: str) -> None:
    counts = Counter(map(folded, phrases(intent)))
    assert [phrase for phrase, count in counts.items() if count > 1] == []


def test_no_phrase_belongs_to_two_intents() -> None:
    owners: dict[str, set[str]] = {}
    for intent in FILES:
        for phrase in phrases(intent):
            owners.setdefault(folded(phrase), set()).add(intent)
    assert {phrase: names for phrase, names in owners.items() if len(names) > 1} == {}
