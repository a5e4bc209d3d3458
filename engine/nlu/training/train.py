"""From phrases to a model: read, cross-validate, calibrate, fit on everything."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

import engine
from engine.nlu import dataset
from engine.nlu.errors import DatasetError
from engine.nlu.example import Example
from engine.nlu.features import Settings
from engine.nlu.folding import squeeze
from engine.nlu.model import Card, Model
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import crossval, fit
from engine.nlu.training.metrics import Scored
from engine.nlu.training.report import figures, mistakes

#: A fixed day, for training must not depend on the day it runs.
DAY = datetime(2026, 1, 5, 2, tzinfo=UTC)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, its card, and the cross-validated scores that the card sums up."""

    model: Model
    card: Card
    inside: Scored
    outside: Scored


def train(
    paths: Sequence[Path],
    *,
    recognizer: Recognizer,
    settings: Settings,
    seed: int,
    now: datetime,
    command: str,
    progress: Progress = lambda _: None,
) -> Trained:
    """Train on files or folders of phrases; ``now`` only dates the card.

    Phrases of the intent ``out_of_scope`` teach when to give up, not an intent of its own.
    """
    progress("reading phrases")
    examples = dataset.read(paths)
    inside = [example for example in examples if example.intent != OUT_OF_SCOPE]
    outside = [example for example in examples if example.intent == OUT_OF_SCOPE]
    if len({example.intent for example in inside}) < 2:
        raise DatasetError(Path(*paths[:1]), 0, "training needs examples of at least two intents")
    progress(f"finding entities in {len(examples)} phrases")
    utterances = features_of(inside, recognizer, settings)
    others = features_of(outside, recognizer, settings)
    intents = [example.intent for example in inside]
    scored = crossval.cross_validate(utterances, intents, seed=seed, progress=progress)
    progress("fitting on all phrases")
    fitted = fit.classifier(utterances, intents, seed=seed)
    beyond = Scored(*crossval.score(fitted, others), truth=np.full(len(others), -1))
    calibration = fit.calibrate(scored, beyond)
    final = fit.with_calibration(fitted, calibration)
    card = Card(
        made=now.isoformat(timespec="seconds"),
        command=command,
        data=hashes(paths),
        examples=dict(sorted(Counter(example.intent for example in examples).items())),
        versions=versions(),
        figures=figures(scored, beyond, calibration),
        confusions=mistakes(scored, fitted.labels),
    )
    return Trained(Model(final, settings, phrases_of(examples)), card, scored, beyond)


def features_of(
    examples: Sequence[Example], recognizer: Recognizer, settings: Settings
) -> list[list[str]]:
    """The features of every example, with the entities that serving would find."""
    features = recognizer.features(settings)
    return [
        features(example.text, recognizer.entities(example.text, now=DAY)) for example in examples
    ]


def phrases_of(examples: Sequence[Example]) -> dict[str, str]:
    """The intent of every squeezed phrase; the commonest one where the data say several."""
    said: dict[str, Counter[str]] = {}
    for example in examples:
        said.setdefault(squeeze(example.text), Counter())[example.intent] += 1
    return {text: max(intents, key=lambda name: intents[name]) for text, intents in said.items()}


def hashes(paths: Sequence[Path]) -> dict[str, str]:
    """The SHA-256 of every file of phrases, by its name below the path that named it."""
    found = {}
    for path in paths:
        for file in dataset.files([path]):
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def versions() -> dict[str, str]:
    """The versions of what a model depends on."""
    libraries = ("numpy", "scikit-learn", "scipy", "jieba", "spacy", "pypinyin")
    own = {"banli": engine.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in libraries}
