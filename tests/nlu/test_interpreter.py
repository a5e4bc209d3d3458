"""The shipped model understands what customers say, and knows when it does not."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import assets
from engine.nlu import dataset
from engine.nlu import model as models
from engine.nlu.interpreter import LIMIT, Interpreter
from engine.nlu.parse import OUT_OF_SCOPE

HELD_OUT = Path(__file__).parent / "heldout" / "intents.jsonl"


def test_the_main_job_is_understood(interpreter: Interpreter, now: datetime) -> None:
    parse = interpreter.parse("帮我办明天国航1234的值机", now=now)
    assert parse.intent.name == "checkin"
    values = {entity.type: entity.value for entity in parse.entities}
    assert values == {"date": "2026-11-24", "flight_no": "CA1234", "airline": "CA"}


def test_every_training_phrase_has_its_intent(interpreter: Interpreter, now: datetime) -> None:
    examples = dataset.read([assets.data() / "nlu", assets.data() / "faq"])
    wrong = [
        example.text
        for example in examples
        if interpreter.parse(f" {example.text}！", now=now).intent.name != example.intent
    ]
    assert wrong == []


def test_utterances_written_by_others_are_understood(
    interpreter: Interpreter, now: datetime
) -> None:
    examples = dataset.read([HELD_OUT])
    right = [interpreter.parse(e.text, now=now).intent.name == e.intent for e in examples]
    assert sum(right) / len(right) >= 0.93


@pytest.mark.parametrize(
    "text",
    [
        "CA1234",
        "是CA1234",
        "13812345678",
        "靠窗的",
        "张三",
        "李小龙",
        "12A",
        "十二排A吧",
        "明天",
        "五十块",
        "户主是张三",
        "联系人叫赵小六",
    ],
)
def test_a_bare_value_is_no_intent(interpreter: Interpreter, now: datetime, text: str) -> None:
    assert interpreter.parse(text, now=now).intent.name == OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "　"])
def test_an_empty_utterance_is_no_intent(
    interpreter: Interpreter, now: datetime, text: str
) -> None:
    parse = interpreter.parse(text, now=now)
    assert (parse.intent.name, parse.ranking, parse.entities) == (OUT_OF_SCOPE, (), ())


def test_a_paste_is_looked_at_up_to_its_limit(interpreter: Interpreter, now: datetime) -> None:
    text = "好" * LIMIT + "CA1234"
    parse = interpreter.parse(text, now=now)
    assert parse.text == text
    assert all(entity.end <= LIMIT for entity in parse.entities)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_is_taken(interpreter: Interpreter, now: datetime, text: str) -> None:
    parse = interpreter.parse(text, now=now)
    assert parse == interpreter.parse(text, now=now)
    assert 0 <= parse.intent.confidence <= 1
    ranked = [intent.confidence for intent in parse.ranking]
    assert ranked == sorted(ranked, reverse=True)
    assert OUT_OF_SCOPE not in {intent.name for intent in parse.ranking}
    for entity in parse.entities:
        assert text[entity.start : entity.end] == entity.text
    starts = [entity.start for entity in parse.entities]
    assert starts == sorted(starts)


def test_the_shipped_model_holds_what_it_promises() -> None:
    card = models.load_card(assets.models() / "nlu")
    assert len(card.examples) == 23
    assert card.figures["cv_accuracy"] >= 0.95
    assert card.figures["cv_macro_f1"] >= 0.95
    assert card.figures["cv_reject_auroc"] >= 0.95


def test_the_shipped_model_is_trained_on_the_shipped_phrases() -> None:
    from engine.nlu.training.train import hashes

    card = models.load_card(assets.models() / "nlu")
    assert card.data == hashes([assets.data() / "nlu", assets.data() / "faq"])


def test_the_shipped_model_is_small() -> None:
    files = (assets.models() / "nlu").iterdir()
    assert sum(file.stat().st_size for file in files) < 10_000_000


def test_serving_needs_no_learning_library() -> None:
    code = """
import json, sys
from datetime import UTC, datetime
from engine import assets
from engine.nlu.interpreter import Interpreter
interpreter = Interpreter.load(assets.models() / "nlu", lexicons=assets.data() / "lexicons")
interpreter.parse("充话费", now=datetime(2026, 1, 1, tzinfo=UTC))
unwanted = {"sklearn", "scipy", "yaml", "requests"}
print(json.dumps(sorted(unwanted & set(sys.modules))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == []
