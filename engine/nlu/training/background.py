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
from engine.nlu.training import fit, slots
from engine.nlu.training.choosing import Choice
from engine.nlu.training.vectors import Utterances

#: Phrases of nobody's business, below ``data/nlu``.
FILES = ("out_of_scope.yml", "acts/chitchat.yml", "acts/greet.yml")
#: Of all other phrases, every so many-th is held against a set too: they are another company's.
OTHERS = 16

#: A phrase is held against a set only when it has less evidence than all but this share of the
#: set's own: where small talk is an intent, it is not foreign.
CLOSE = 0.25
#: The fold by which that is measured.
TRIED = 0


def kept(choice: Choice, recognizer: Recognizer) -> Utterances | None:
    """The program's phrases that are foreign to a choice's utterances.

    None where ``out_of_scope`` is among their intents, or they are too few. Raises `DatasetError`
    when the program's phrases cannot be read.
    """
    folds = choice.folds
    if OUT_OF_SCOPE in folds.intents or len(folds.lesson(TRIED).labels) < 2:
        return None
    model = fit.classifier(folds.lesson(TRIED), strength=choice.strength)

    def evidence(utterance: Sequence[str]) -> float:
        return fit.PLAIN.evidence(model.judge(utterance).signals.found())

    own = [evidence(folds.utterances.features[i]) for i in folds.held(TRIED).tolist()]
    close = np.quantile(own, CLOSE)
    phrases = features(choice, recognizer)
    return folds.utterances.beside([each for each in phrases if evidence(each) < close])


def features(choice: Choice, recognizer: Recognizer) -> list[list[str]]:
    """The program's phrases as a choice's settings see them."""
    look = recognizer.features(choice.settings)
    folder = assets.data() / "nlu"
    stray = [folder / file for file in FILES]
    others = [file for file in dataset.files([folder]) if file not in stray]
    examples = [*dataset.read(stray), *dataset.read(others)[::OTHERS]]
    texts = [example.text for example in examples]
    return [look(text, recognizer.entities(text, now=slots.DAY)) for text in texts]
