"""What in a set of phrases its writers should look at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.nlu.classifier import Classifier
from engine.nlu.example import Example
from engine.nlu.folding import squeeze
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.training import report
from engine.nlu.training.metrics import Scored

#: An intent with fewer phrases than this is hardly learned, and hardly measured.
ENOUGH = 10

#: A phrase looks mislabelled when a model that has not seen it is this sure of another intent.
SURE = 0.8

#: How many doubts of a kind are shown.
SHOWN = 15


@dataclass(frozen=True, slots=True)
class Suspect:
    """A phrase, and the intent that it seems to have, with the confidence of that."""

    example: Example
    guess: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Doubts:
    """``divided`` are phrases that are equal and yet of several intents, one list each."""

    suspects: Sequence[Suspect]
    divided: Sequence[Sequence[Example]]
    few: Sequence[tuple[str, int]]


def doubts(examples: Sequence[Example], scored: Scored, model: Classifier) -> Doubts:
    """Everything doubtful; ``scored`` are the cross-validated scores of the examples."""
    counts: dict[str, int] = {}
    for example in examples:
        counts[example.intent] = counts.get(example.intent, 0) + 1
    few = sorted(
        (count, intent)
        for intent, count in counts.items()
        if count < ENOUGH and intent != OUT_OF_SCOPE
    )
    return Doubts(
        suspects(examples, scored, model),
        divided(examples),
        [(intent, count) for count, intent in few],
    )


def suspects(examples: Sequence[Example], scored: Scored, model: Classifier) -> list[Suspect]:
    """The phrases that look mislabelled, the surest first."""
    own = [each for each, truth in zip(examples, scored.truth, strict=True) if truth >= 0]
    inside = scored.inside
    confidences = report.confidences(inside, model)
    found = [
        Suspect(own[index], model.intents[inside.guess[index]], float(confidences[index]))
        for index in np.flatnonzero((inside.guess != inside.truth) & (confidences >= SURE))
    ]
    return sorted(found, key=lambda each: -each.confidence)


def divided(examples: Sequence[Example]) -> list[list[Example]]:
    """The phrases, equal but for spaces and the like, that are said to be of several intents."""
    groups: dict[str, dict[str, Example]] = {}
    for example in examples:
        groups.setdefault(squeeze(example.text), {}).setdefault(example.intent, example)
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def lines(found: Doubts) -> Iterator[str]:
    """The doubts for the screen, with file and line; nothing where there is none."""
    yield from _some(
        "look mislabelled (intent → what it seems to be):",
        [
            f"{_place(each.example)}: {each.example.text}  {each.example.intent} → {each.guess}"
            f" {each.confidence:.2f}"
            for each in found.suspects
        ],
    )
    yield from _some(
        "equal phrases of several intents:",
        [
            f"{group[0].text}: " + ", ".join(f"{each.intent} ({_place(each)})" for each in group)
            for group in found.divided
        ],
    )
    yield from _some(
        f"intents of fewer than {ENOUGH} phrases:",
        [f"{intent} {count}" for intent, count in found.few],
    )


def _place(example: Example) -> str:
    return f"{example.path.name}:{example.line}"


def _some(title: str, entries: Sequence[str]) -> Iterator[str]:
    if not entries:
        return
    yield title
    yield from (f"  {entry}" for entry in entries[:SHOWN])
    if len(entries) > SHOWN:
        yield f"  … and {len(entries) - SHOWN} more"
