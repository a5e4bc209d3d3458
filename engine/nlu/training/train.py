"""From phrases to a model: read, cross-validate, calibrate, fit on everything."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import engine
from engine.nlu import dataset
from engine.nlu.classifier import Classifier
from engine.nlu.errors import DatasetError
from engine.nlu.example import Example
from engine.nlu.features import Settings
from engine.nlu.folding import squeeze
from engine.nlu.model import Card, Model
from engine.nlu.parse import OUT_OF_SCOPE, Entity
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import background, choosing, crossval, fit, mixing, report, slots, yielding
from engine.nlu.training.choosing import Choice
from engine.nlu.training.doubts import Doubts, doubts
from engine.nlu.training.metrics import Scored
from engine.nlu.training.vectors import Utterances

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, its card, the cross-validated scores that the card sums up, and what is doubtful."""

    model: Model
    card: Card
    scored: Scored
    doubts: Doubts


@dataclass(frozen=True, slots=True)
class Order:
    """What to train: files or folders of phrases; ``command`` and ``now`` are for the card.

    ``settings`` hold unless others are clearly better on these phrases.
    """

    paths: Sequence[Path]
    settings: Settings
    seed: int
    command: str
    now: datetime


def train(order: Order, *, recognizer: Recognizer, progress: Progress = lambda _: None) -> Trained:
    """Read, cross-validate, calibrate, and fit on everything. Raises `DatasetError`.

    Phrases of the intent ``out_of_scope`` teach when to give up.
    """
    progress("reading phrases")
    examples = dataset.read(order.paths)
    examples = yielding.without_contradicted(examples, recognizer, seed=order.seed)
    intents = [example.intent for example in examples]
    if len(set(intents) - {OUT_OF_SCOPE}) < 2:
        raise DatasetError(examples[0].path, 0, "training needs examples of at least two intents")
    progress(f"finding entities in {len(examples)} phrases")
    seen = [recognizer.entities(example.text, now=slots.DAY) for example in examples]
    choice = choosing.choose(
        lambda settings: features_of(examples, seen, recognizer, settings),
        intents,
        settings=order.settings,
        seed=order.seed,
        progress=progress,
    )
    foreign = background.kept(choice, recognizer)
    fitted, scored = judged(choice, foreign, progress)
    clues = list(zip(guessed(scored, intents), seen, strict=True))
    tagger = slots.tagger(examples, clues, order.paths, recognizer, progress)
    known = phrases_of(examples)
    model = Model(fitted, choice.settings, known, tagger, certainty(examples))
    card = described(order, intents, scored, fitted)
    return Trained(model, card, scored, doubts(examples, scored, fitted))


def judged(
    choice: Choice, foreign: Utterances | None, progress: Progress
) -> tuple[Classifier, Scored]:
    """The classifier of all phrases, calibrated, and the cross-validated scores that say how."""
    folds, strength = choice.folds, choice.strength
    scored = crossval.cross_validate(
        folds, strength=strength, background=foreign, progress=progress
    )
    heats = mixing.heats(scored)
    scored = mixing.mix(scored, heats)
    progress("fitting on all phrases")
    plain = fit.classifier(
        folds.whole(), strength=strength, background=foreign, networked=heats is not None
    )
    return fit.calibrated(plain, scored, heats), scored


def described(order: Order, intents: Sequence[str], scored: Scored, fitted: Classifier) -> Card:
    """What a model was made of, and what its cross-validation says."""
    return Card(
        made=order.now.isoformat(timespec="seconds"),
        command=order.command,
        data=hashes(order.paths),
        examples=dict(sorted(Counter(intents).items())),
        versions=versions(),
        figures=report.figures(scored, fitted),
        confusions=report.mistakes(scored, fitted.intents),
    )


def guessed(scored: Scored, intents: Sequence[str]) -> list[str]:
    """The intent of every phrase as a model says that has not seen it."""
    labels = sorted(set(intents) - {OUT_OF_SCOPE})
    return [labels[index] for index in scored.guess.tolist()]


def features_of(
    examples: Sequence[Example],
    seen: Sequence[Sequence[Entity]],
    recognizer: Recognizer,
    settings: Settings,
) -> list[list[str]]:
    """The features of every example, with the entities that serving would find."""
    features = recognizer.features(settings)
    return [features(each.text, found) for each, found in zip(examples, seen, strict=True)]


def phrases_of(examples: Sequence[Example]) -> dict[str, str]:
    """The intent of every squeezed phrase; what is said of several is no known phrase."""
    return {
        text: commonest(intents) for text, intents in said(examples).items() if len(intents) == 1
    }


def certainty(examples: Sequence[Example]) -> float:
    """How often a phrase has the intent that the equal ones beside it have; 1 where none is."""
    asked = right = 0
    for intents in said(examples).values():
        for name, count in intents.items():
            others = intents.copy()
            others[name] -= 1
            if others.total():
                asked += count
                right += count * (commonest(others) == name)
    return round((right + 1) / (asked + 1), 6)


def said(examples: Sequence[Example]) -> dict[str, Counter[str]]:
    """How often every squeezed phrase has which intent."""
    found: dict[str, Counter[str]] = {}
    for example in examples:
        found.setdefault(squeeze(example.text), Counter())[example.intent] += 1
    return found


def commonest(intents: Counter[str]) -> str:
    """The commonest intent, of equals the first."""
    return max(intents, key=lambda name: intents[name])


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
