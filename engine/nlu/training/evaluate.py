"""How well a model does on labelled rows: intents, rejection, entities, speed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from engine.nlu import dataset
from engine.nlu.example import Example
from engine.nlu.interpreter import Interpreter
from engine.nlu.parse import OUT_OF_SCOPE, Parse
from engine.nlu.training import metrics, slots
from engine.nlu.training.metrics import Array


@dataclass(frozen=True, slots=True)
class Evaluation:
    """``figures`` by name, and (right, guessed, how often) for every kind of mistake."""

    figures: dict[str, float]
    confusions: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class _Run:
    """What an interpreter said about examples; ``evidence`` is the log-odds of being in scope."""

    examples: Sequence[Example]
    parses: list[Parse]
    evidence: Array
    seconds: Array

    def where(self, *, foreign: bool) -> Array:
        return np.array([(e.intent == OUT_OF_SCOPE) == foreign for e in self.examples], bool)


def evaluate(
    interpreter: Interpreter, files: Sequence[Path], *, reject: Sequence[Path] = (), now: datetime
) -> Evaluation:
    """Measure on rows with intents; ``reject`` are rows that no intent should take.

    A row of the intent ``out_of_scope`` is right when it is rejected. `macro_f1` counts it as a
    class; `ece`, `best_intent_accuracy` and the rejection figures are about the best intent before
    rejection. `slot_f1` and `exact_match` (intent and all slots) are about slots marked in the
    rows: those of the tagger, or where the model has none, the entities of the marked types.
    """
    run = _run(interpreter, dataset.read(files), now)
    truth = [example.intent for example in run.examples]
    guess = [parse.intent.name for parse in run.parses]
    figures = metrics.of_guesses(truth, guess) | {"ece": _calibration_error(run)}
    figures |= _slots(run, tagging=interpreter.is_tagging)
    foreign = run.evidence[run.where(foreign=True)]
    if reject:
        beside = _run(interpreter, dataset.read(reject), now)
        foreign = np.hstack([foreign, beside.evidence])
    figures |= _rejection(run.evidence[run.where(foreign=False)], foreign)
    figures["p50_ms"] = float(np.quantile(run.seconds, 0.5) * 1e3)
    figures["p99_ms"] = float(np.quantile(run.seconds, 0.99) * 1e3)
    return Evaluation(figures, metrics.confusions(truth, guess))


def _run(interpreter: Interpreter, examples: Sequence[Example], now: datetime) -> _Run:
    parses, evidence, seconds = [], [], []
    for example in examples:
        started = time.perf_counter()
        parses.append(interpreter.parse(example.text, now=now))
        seconds.append(time.perf_counter() - started)
        evidence.append(interpreter.evidence(example.text, parses[-1].entities))
    return _Run(examples, parses, np.array(evidence), np.array(seconds))


def _slots(run: _Run, *, tagging: bool) -> dict[str, float]:
    rows = [
        (example, parse)
        for example, parse in zip(run.examples, run.parses, strict=True)
        if example.intent != OUT_OF_SCOPE
    ]
    if not rows:
        return {}
    truth = [set(slots.slots_of(example)) for example, _ in rows]
    types = {kind for own in truth for _, _, kind in own}
    found = [parse.slots if tagging else parse.entities for _, parse in rows]
    guess = [{(e.start, e.end, e.type) for e in own if tagging or e.type in types} for own in found]
    exact = [
        parse.intent.name == example.intent and mine == other
        for (example, parse), mine, other in zip(rows, truth, guess, strict=True)
    ]
    best = [parse.ranking[0].name == example.intent for example, parse in rows if parse.ranking]
    figures = {"best_intent_accuracy": sum(best) / len(rows), "exact_match": sum(exact) / len(rows)}
    return figures | ({"slot_f1": slots.f1(truth, guess)} if types or tagging else {})


def _calibration_error(run: _Run) -> float:
    rows = [
        (parse.ranking[0].confidence, parse.ranking[0].name == example.intent)
        for example, parse in zip(run.examples, run.parses, strict=True)
        if example.intent != OUT_OF_SCOPE and parse.ranking
    ]
    confidence, right = np.array(rows, dtype=float).reshape(-1, 2).T
    return metrics.expected_calibration_error(confidence, right)


def _rejection(inside: Array, foreign: Array) -> dict[str, float]:
    if not len(inside) or not len(foreign):
        return {}
    return {
        "reject_auroc": metrics.auroc(inside, foreign),
        "reject_fpr95": metrics.false_positive_rate(inside, foreign),
    }
