"""Whether a network beside the linear classifier earns its place, and how both are mixed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from engine.nlu.network import mixed
from engine.nlu.training.metrics import Array, Scored, temperature


def helps(inside: Scored) -> bool:
    """Whether a network makes more utterances right than it makes wrong; all have an intent."""
    gained, lost = _changes(inside, temperatures(inside))
    return gained > lost


def heats(scored: Scored) -> Array | None:
    """The temperatures of both, from cross-validated scores; None where the network is no help.

    It is one where mixing makes more utterances right, by more than chance would.
    """
    inside = scored.inside
    if inside.logits is None:
        return None
    found = temperatures(inside)
    gained, lost = _changes(inside, found)
    # Of two that differ on n utterances, chance alone makes a gap of about the root of n.
    return found if gained - lost > math.sqrt(gained + lost) else None


def temperatures(inside: Scored) -> Array:
    """The temperatures of the linear scores and of the network's, each for itself."""
    beside = replace(inside, scores=inside.scores if inside.logits is None else inside.logits)
    return np.array([temperature(inside), temperature(beside)], np.float32)


def _changes(inside: Scored, found: Array) -> tuple[int, int]:
    """How many utterances mixing makes right, and how many wrong."""
    alone = inside.guess == inside.truth
    together = mix(inside, found).guess == inside.truth
    return int((together & ~alone).sum()), int((alone & ~together).sum())


def mix(scored: Scored, found: Array | None) -> Scored:
    """The scores of both together where there are temperatures, of the linear one alone else."""
    if found is None or scored.logits is None:
        return replace(scored, logits=None)
    return replace(scored, scores=mixed(scored.scores, scored.logits, found), logits=None)
