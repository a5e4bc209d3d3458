"""Cross-validation: what the classifier says about phrases that it was not trained with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields, replace

import numpy as np

from engine.nlu.classifier import Judgement
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.rejection import Signals
from engine.nlu.training import fit, mixing
from engine.nlu.training.lesson import FOLDS, STRENGTH, Folds
from engine.nlu.training.metrics import Array, Scored
from engine.nlu.training.vectors import Utterances

#: How many signals a judgement has.
SIGNALS = len(fields(Signals))

#: The score of an intent that cannot be guessed.
IMPOSSIBLE = -10.0

#: With fewer utterances a network has nothing to learn from, and is not tried.
ENOUGH = 1000

#: After so many folds a network that makes fewer utterances right is given up.
JUDGED = 2


def cross_validate(
    folds: Folds,
    *,
    strength: float = STRENGTH,
    background: Utterances | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Scored:
    """What the model of the other folds says about every utterance; intents in order of name.

    ``background`` are utterances out of scope, which are not judged. An intent that has no example
    outside the fold scores −10: it cannot be guessed. There are scores of a network where the first
    folds show that it may help.
    """
    intents, utterances = folds.intents, folds.utterances.features
    labels = sorted(set(intents) - {OUT_OF_SCOPE})
    truth = np.array([labels.index(name) if name in labels else -1 for name in intents])
    scored = _nothing(len(utterances), len(labels), truth)
    networked = len(utterances) >= ENOUGH
    for number in range(FOLDS):
        progress(f"fold {number + 1} of {FOLDS}")
        held = folds.held(number)
        if not len(held):
            continue
        model = fit.classifier(
            folds.lesson(number), strength=strength, background=background, networked=networked
        )
        folds.forget(number)
        columns = np.array([labels.index(label) for label in model.intents])
        note(scored, held, columns, [model.judge(utterances[i]) for i in held.tolist()])
        if networked and number == JUDGED - 1:
            networked = mixing.helps(scored.of((folds.place <= number) & (truth >= 0)))
    return scored if networked else replace(scored, logits=None)


def _nothing(count: int, labels: int, truth: Array) -> Scored:
    impossible = np.full((count, labels), IMPOSSIBLE)
    return Scored(impossible, np.zeros((count, SIGNALS)), truth, impossible.copy())


def note(scored: Scored, held: Array, columns: Array, judged: Sequence[Judgement]) -> None:
    """Write what was judged of the ``held`` into their rows, and the ``columns`` of its intents."""
    cells = np.ix_(held, columns)
    scored.scores[cells] = [each.scores for each in judged]
    scored.signals[held] = [astuple(each.signals.found()) for each in judged]
    if scored.logits is not None and judged[0].logits is not None:
        scored.logits[cells] = [each.logits for each in judged]
