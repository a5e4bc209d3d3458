"""Cross-validation: what the classifier says about phrases that it was not trained with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.nlu.classifier import Classifier, evidence
from engine.nlu.training import fit
from engine.nlu.training.metrics import Scored

FOLDS = 5

Utterances = Sequence[Sequence[str]]


def folds(intents: Sequence[str], *, seed: int) -> np.ndarray[Any, Any]:
    """The fold of every example: each intent is spread evenly over `FOLDS`, in random order."""
    random = np.random.default_rng(seed)
    place = np.zeros(len(intents), int)
    names = np.array(intents)
    start = 0
    for intent in sorted(set(intents)):
        members = random.permutation(np.flatnonzero(names == intent))
        # Going on where the last intent stopped keeps the folds of equal size with many small intents.
        place[members] = (np.arange(len(members)) + start) % FOLDS
        start += len(members)
    return place


def cross_validate(
    utterances: Utterances,
    intents: Sequence[str],
    *,
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Scored:
    """The scores of every utterance from the fold's model that had not seen it.

    Scores of an intent that has no example outside the fold are −10: it cannot be guessed.
    """
    labels = sorted(set(intents))
    truth = np.array([labels.index(intent) for intent in intents])
    scores = np.full((len(utterances), len(labels)), -10.0)
    sure = np.zeros(len(utterances))
    place = folds(intents, seed=seed)
    for number in range(FOLDS):
        progress(f"fold {number + 1} of {FOLDS}")
        held, rest = np.flatnonzero(place == number), np.flatnonzero(place != number)
        if not len(held) or not len(rest):
            continue
        model = fit.classifier([utterances[i] for i in rest], [intents[i] for i in rest], seed=seed)
        columns = [labels.index(label) for label in model.labels]
        fold_scores, sure[held] = score(model, [utterances[i] for i in held])
        scores[np.ix_(held, columns)] = fold_scores
    return Scored(scores, sure, truth)


def score(model: Classifier, utterances: Utterances) -> tuple[Any, Any]:
    """Scores and evidence of many utterances, as `Classifier.judge` gives them one by one."""
    judged = [model.judge(utterance) for utterance in utterances]
    scores = np.array([judgement.scores for judgement in judged])
    return scores, np.array([evidence(j.scores, j.nearest) for j in judged])
