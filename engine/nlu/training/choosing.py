"""Choosing what fits a set of phrases: with or without masks, and how strictly to fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from engine.nlu.features import Settings
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.training import fit
from engine.nlu.training.crossval import Utterances, folds
from engine.nlu.training.metrics import Array
from engine.nlu.training.vectors import Vectorizer

#: The strengths tried with the usual settings, the usual one first, and those tried with others.
STRENGTHS, OTHERS = (fit.STRENGTH, 1.0), (1.0,)

#: The folds that every choice is tried on; the others would say hardly more.
TRIED = (0, 1)

#: How many standard errors a choice must be better than the usual one: masks are to be kept
#: where they do no harm.
CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings with the features they give, and the inverse strength of regularisation."""

    settings: Settings
    utterances: Utterances
    strength: float


def choose(
    features: Callable[[Settings], Utterances],
    intents: Sequence[str],
    *,
    settings: Settings,
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Choice:
    """The choice that is right most often on held-out phrases; the usual one unless clearly worse.

    ``settings`` and `fit.STRENGTH` are the usual choice.
    """
    usual = Choice(settings, features(settings), fit.STRENGTH)
    kinds = [usual]
    if settings.masks:
        plain = msgspec.structs.replace(settings, masks=False)
        kinds.append(Choice(plain, features(plain), fit.STRENGTH))
    tried: list[tuple[Choice, Array]] = []
    for kind in kinds:
        progress(f"trying phrases {'with' if kind.settings.masks else 'without'} masks")
        strengths = STRENGTHS if kind is usual else OTHERS
        rights = hits(kind.utterances, intents, strengths, seed=seed)
        tried += [
            (replace(kind, strength=strength), right)
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


def hits(
    utterances: Utterances, intents: Sequence[str], strengths: Sequence[float], *, seed: int
) -> list[Array]:
    """Which phrases of the tried folds in scope are right, for every strength."""
    place = folds(intents, seed=seed)
    names = np.array(intents)
    found: list[list[Array]] = [[] for _ in strengths]
    for number in TRIED:
        held = np.flatnonzero((place == number) & (names != OUT_OF_SCOPE))
        rest = np.flatnonzero(place != number)
        labels, numbers = np.unique(names[rest], return_inverse=True)
        vectorizer = Vectorizer([utterances[i] for i in rest.tolist()])
        learned = vectorizer([utterances[i] for i in rest.tolist()])
        asked = vectorizer([utterances[i] for i in held.tolist()])
        for column, strength in enumerate(strengths):
            weights, bias = fit.linear(learned, numbers.tolist(), seed=seed, strength=strength)
            scores = asked @ weights.T + bias
            scores[:, labels == OUT_OF_SCOPE] = -np.inf
            found[column].append(labels[scores.argmax(axis=1)] == names[held])
    return [np.hstack(rights) for rights in found]
