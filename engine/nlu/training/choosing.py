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
from engine.nlu.training.meanings import Meanings, shipped
from engine.nlu.training.metrics import Array, Scored, softmax, temperature
from engine.nlu.training.vectors import Utterances

#: The strengths tried with the usual settings, the usual one first, and those tried with others.
STRENGTHS, OTHERS = (STRENGTH, 1.0), (1.0,)

#: The folds that every choice is tried on; the others would say hardly more.
TRIED = (0, 1)

#: How many standard errors a choice must be better than the usual one: masks are to be kept
#: where they do no harm.
CLEARLY = 2.0

#: With fewer phrases what words mean is not tried.
ENOUGH = 1000

#: How many standard errors of likelihood what words mean must gain, for it makes a model larger and
#: training longer.
SURELY = 3.0

#: No probability is taken to be less, for one phrase must not decide.
LEAST = 1e-6


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
    return with_meanings(best(tried), shipped, progress)


def with_meanings(
    choice: Choice,
    read: Callable[[], Meanings],
    progress: Callable[[str], None] = lambda _: None,
) -> Choice:
    """The choice with what words mean, where that clearly makes what is right more likely."""
    folds = choice.folds
    if len(folds.intents) < ENOUGH:
        return choice
    progress("trying what words mean")
    other = Folds(folds.utterances, folds.intents, seed=folds.seed, meanings=read())
    gained = np.hstack(
        [
            likelihood(other, number, choice.strength) - likelihood(folds, number, choice.strength)
            for number in TRIED
        ]
    )
    error = gained.std() / math.sqrt(len(gained))
    return replace(choice, folds=other) if gained.mean() > SURELY * error else choice


def best(tried: Sequence[tuple[Choice, Array]]) -> Choice:
    """The one with the most hits, where they are clearly more than those of the first."""
    usual, base = tried[0]
    choice, right = max(tried, key=lambda each: int(each[1].sum()))
    gained, lost = int((right & ~base).sum()), int((base & ~right).sum())
    # Of two that differ on n phrases, chance alone makes a gap of about the root of n.
    return choice if gained - lost > CLEARLY * math.sqrt(gained + lost) else usual


def hits(folds: Folds, strengths: Sequence[float]) -> list[Array]:
    """Which phrases of the tried folds in scope are right, for every strength."""
    found: list[list[Array]] = [[] for _ in strengths]
    for number in TRIED:
        for column, strength in enumerate(strengths):
            scores, right = held_out(folds, number, strength)
            found[column].append(scores.argmax(axis=1) == right)
    return [np.hstack(rights) for rights in found]


def likelihood(folds: Folds, number: int, strength: float) -> Array:
    """The log-probability of what is right, for every phrase of a fold in scope.

    Under the temperature that makes it most likely: scores that are only larger say no more.
    """
    scores, right = held_out(folds, number, strength)
    known = right >= 0
    found = np.full(len(right), LEAST)
    scored = Scored(scores[known], np.zeros((0, 0)), right[known])
    shares = softmax(scored.scores, temperature(scored))
    found[known] = np.maximum(shares[np.arange(len(shares)), scored.truth], LEAST)
    return np.asarray(np.log(found))


def held_out(folds: Folds, number: int, strength: float) -> tuple[Array, Array]:
    """The scores of a fold's phrases in scope, and the number of each's intent; −1 if unknown."""
    names = np.array(folds.intents)
    held = folds.held(number)
    held = held[names[held] != OUT_OF_SCOPE]
    lesson = folds.lesson(number)
    weights, bias = lesson.linear(strength)
    scores = lesson.vectorizer(folds.utterances.chosen(held.tolist())) @ weights.T + bias
    scores[:, np.array(lesson.labels) == OUT_OF_SCOPE] = -np.inf
    numbers = {label: index for index, label in enumerate(lesson.labels)}
    return scores, np.array([numbers.get(name, -1) for name in names[held]])
