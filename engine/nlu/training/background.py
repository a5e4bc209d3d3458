"""What is nobody's business: small talk and requests that speak for none of a set's intents.

Where a set of phrases has none of ``out_of_scope``, the program's own are held against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine import assets
from engine.nlu import dataset
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import crossval, fit, slots
from engine.nlu.training.choosing import Choice

#: Phrases, below ``data/nlu``.
FILES = ("out_of_scope.yml", "acts/chitchat.yml", "acts/greet.yml")

#: A phrase is held against a set only when it has less evidence than all but this share of the
#: set's own: where small talk is an intent, it is not foreign.
CLOSE = 0.25


def kept(
    choice: Choice, intents: Sequence[str], recognizer: Recognizer, *, seed: int
) -> list[list[str]]:
    """The phrases, as features, that are foreign to a choice's utterances of these intents.

    None where ``out_of_scope`` is among the intents, or the utterances are too few. Raises
    `DatasetError` when the program's phrases cannot be read.
    """
    if OUT_OF_SCOPE in intents:
        return []
    place = crossval.folds(intents, seed=seed)
    held, rest = np.flatnonzero(place == 0).tolist(), np.flatnonzero(place).tolist()
    if len({intents[index] for index in rest}) < 2:
        return []
    phrases = features(choice, recognizer)
    model = fit.classifier(
        [choice.utterances[index] for index in rest],
        [intents[index] for index in rest],
        seed=seed,
        strength=choice.strength,
    )
    own = [fit.PLAIN.evidence(model.judge(choice.utterances[i]).signals) for i in held]
    close = np.quantile(own, CLOSE)
    return [each for each in phrases if fit.PLAIN.evidence(model.judge(each).signals) < close]


def features(choice: Choice, recognizer: Recognizer) -> list[list[str]]:
    """The program's phrases as a choice's settings see them."""
    look = recognizer.features(choice.settings)
    examples = dataset.read([assets.data() / "nlu" / file for file in FILES])
    texts = [example.text for example in examples]
    return [look(text, recognizer.entities(text, now=slots.DAY)) for text in texts]
