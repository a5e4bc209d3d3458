"""Choosing what fits a set of phrases: with or without masks, and how strictly to fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from engine.nlu.features import Settings
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.training.lesson import STRENGTH, Folds
from engine.nlu.training.metrics import Array
from engine.nlu.training.vectors import Utterances

#: The strengths tried with the usual settings, the usual one first, and those tried with others.
STRENGTHS, OTHERS = (STRENGTH, 1.0), (1.0,)

#: The folds that every choice is tried on; the others would say hardly more.
TRIED = (0, 1)

#: How many standard errors a choice must be better than the usual one: masks are to be kept
#: where they do no harm.
CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings, the utterances as they see them, and the inverse strength of regularisation."""

    settings: Settings
    folds: Folds
    strength: float


def choose(
    features: Callable[[Settings], Sequence[Sequence[str]]],
    intents: Sequence[str],
    *,
    settings: Settings,
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Choice:
    """The choice that is right most often on held-out phrases; the usual one unless clearly worse.

    ``settings`` and `STRENGTH` are the usual choice.
    """

    def kind(settings: Settings) -> Choice:
        folds = Folds(Utterances(features(settings)), intents, seed=seed)
        return Choice(settings, folds, STRENGTH)

    usual = kind(settings)
    kinds = [usual]
    if settings.masks:
        kinds.append(kind(msgspec.structs.replace(settings, masks=False)))
    tried: list[tuple[Choice, Array]] = []
    for each in kinds:
        progress(f"trying phrases {'with' if each.settings.masks else 'without'} masks")
        strengths = STRENGTHS if each is usual else OTHERS
        rights = hits(each.folds, strengths)
        tried += [
            (replace(each, strength=strength), right)
            for strength, right in zip(strengths, rights, strict=True)
        ]
    return best(tried)


def best(tried: Sequence[tuple[Choice, Array]]) -> Choice:
    """The one with the most hits, where they are clearly more than those of the first."""
    usual, base = tried[0]
    choice, right = max(tried, key=lambda each: int(each[1].sum()))
    gained, lost = int((right & ~base).sum()), int((base & ~right).sum())
    # Of two that differ on n phrases, chance alone makes a gap of about the root of n.
    return choice if gained - lost > CLEARLY * math.sqrt(gained + lost) else usual


def hits(folds: Folds, strengths: Sequence[float]) -> list[Array]:
    """Which phrases of the tried folds in scope are right, for every strength."""
    names = np.array(folds.intents)
    found: list[list[Array]] = [[] for _ in strengths]
    for number in TRIED:
        held = folds.held(number)
        held = held[names[held] != OUT_OF_SCOPE]
        lesson = folds.lesson(number)
        labels = np.array(lesson.labels)
        asked = lesson.vectorizer(folds.utterances.chosen(held.tolist()))
        for column, strength in enumerate(strengths):
            weights, bias = lesson.linear(strength)
            scores = asked @ weights.T + bias
            scores[:, labels == OUT_OF_SCOPE] = -np.inf
            found[column].append(labels[scores.argmax(axis=1)] == names[held])
    return [np.hstack(rights) for rights in found]
