"""Understanding measured on any set of phrases, beside simpler ways and another framework."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.bench.phrase_sets import PhraseSet
from engine.bench.rivals import Rival
from engine.nlu import dataset, model
from engine.nlu.example import Example
from engine.nlu.features import Settings
from engine.nlu.interpreter import Interpreter
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import metrics
from engine.nlu.training.evaluate import evaluate
from engine.nlu.training.train import Order, train

#: System → figures by name, as `banli evaluate` names them, with ``train_cpu_s`` and ``model_mb``.
Figures = dict[str, float]

#: The name under which the engine itself is listed.
OWN = "banli"

#: A fixed day for relative dates: the figures must not depend on the day of the run.
DAY = datetime(2026, 1, 5, 2, tzinfo=UTC)


def measure(
    phrases: PhraseSet,
    recognizer: Recognizer,
    rivals: Sequence[Rival],
    frameworks: Mapping[str, Callable[[PhraseSet], Figures]],
    *,
    seed: int,
    told: Callable[[str], None] = lambda line: None,
) -> dict[str, Figures]:
    """Figures of every system on a set. Raises `NluError` for phrases that cannot be read.

    ``rivals`` guess intents in this process; ``frameworks`` train and test by themselves.
    """
    told(f"{phrases.name}: {OWN}")
    found = {OWN: own(phrases, recognizer, seed=seed)}
    learned, asked = dataset.read([phrases.train]), dataset.read([phrases.test])
    for rival in rivals:
        told(f"{phrases.name}: {rival.name}")
        found[rival.name] = rival_figures(rival, learned, asked)
    for name, framework in frameworks.items():
        told(f"{phrases.name}: {name}")
        found[name] = framework(phrases)
    return found


def own(phrases: PhraseSet, recognizer: Recognizer, *, seed: int) -> Figures:
    """The engine's own figures: trained, saved, loaded and evaluated as the commands do."""
    started = time.process_time()
    order = Order([phrases.train], Settings(), seed, "banli bench nlu", DAY)
    trained = train(order, recognizer=recognizer)
    seconds = time.process_time() - started
    with tempfile.TemporaryDirectory(prefix="banli-bench-") as place:
        folder = Path(place)
        model.save(trained.model, trained.card, folder)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        interpreter = Interpreter(model.load(folder), recognizer)
    figures = evaluate(interpreter, [phrases.test], reject=phrases.reject, now=DAY).figures
    return figures | {"train_cpu_s": seconds, "model_mb": size}


def rival_figures(rival: Rival, learned: Sequence[Example], asked: Sequence[Example]) -> Figures:
    """Accuracy, macro-F1 and cost of a way that guesses intents only."""
    started = time.process_time()
    rival.fit([example.text for example in learned], [example.intent for example in learned])
    seconds = time.process_time() - started
    guesses, times = [], []
    for example in asked:
        began = time.perf_counter()
        guesses.append(rival.guess(example.text))
        times.append(time.perf_counter() - began)
    right = [example.intent for example in asked]
    return metrics.of_guesses(right, guesses) | {
        "p50_ms": sorted(times)[len(times) // 2] * 1e3,
        "train_cpu_s": seconds,
    }
