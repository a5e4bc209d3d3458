"""Cross-validation: what the classifier says about phrases that it was not trained with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields

import numpy as np

from engine.nlu.classifier import Classifier
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Signals
from engine.nlu.training import fit
from engine.nlu.training.metrics import Array, Scored

FOLDS = 5

#: How many signals a judgement has.
SIGNALS = len(fields(Signals))

Utterances = Sequence[Sequence[str]]


def folds(intents: Sequence[str], *, seed: int) -> Array:
    """The fold of every example: each intent is spread evenly over `FOLDS`, in random order."""
    random = np.random.default_rng(seed)
    place = np.zeros(len(intents), int)
    names = np.array(intents)
    start = 0
    for intent in sorted(set(intents)):
        members = random.permutation(np.flatnonzero(names == intent))
        # Going on where the last intent stopped keeps folds of many small intents of equal size.
        place[members] = (np.arange(len(members)) + start) % FOLDS
        start += len(members)
    return place


def cross_validate(
    utterances: Utterances,
    intents: Sequence[str],
    *,
    seed: int,
    strength: float = fit.STRENGTH,
    background: Utterances = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Scored:
    """What the model of the other folds says about every utterance; intents in order of name.

    ``background`` are utterances out of scope, which are not judged. An intent that has no example
    outside the fold scores −10: it cannot be guessed.
    """
    labels = sorted(set(intents) - {OUT_OF_SCOPE})
    truth = np.array([labels.index(name) if name in labels else -1 for name in intents])
    scores = np.full((len(utterances), len(labels)), -10.0)
    signals = np.zeros((len(utterances), SIGNALS))
    place = folds(intents, seed=seed)
    for number in range(FOLDS):
        progress(f"fold {number + 1} of {FOLDS}")
        held = np.flatnonzero(place == number).tolist()
        rest = np.flatnonzero(place != number).tolist()
        if not held:
            continue
        model = fit.classifier(
            [utterances[i] for i in rest],
            [intents[i] for i in rest],
            seed=seed,
            strength=strength,
            background=background,
        )
        columns = [labels.index(label) for label in model.intents]
        found, signals[held] = score(model, [utterances[i] for i in held])
        scores[np.ix_(np.array(held), np.array(columns))] = found
    return Scored(scores, signals, truth)


def score(model: Classifier, utterances: Utterances) -> tuple[Array, Array]:
    """Scores and signals of utterances, as `Classifier.judge` gives them one by one."""
    judged = [model.judge(utterance) for utterance in utterances]
    signals = [astuple(j.signals) for j in judged]
    return np.array([j.scores for j in judged]), np.array(signals)
