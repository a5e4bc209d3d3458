"""Phrases of the program that a company's own ones contradict.

To the demo's company 宽带报修, 挂内科的号 and 高铁票 are nobody's business. To a company that sells
tickets they are its own, and must not teach that its customers are to be refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine import assets
from engine.nlu.classifier import Classifier
from engine.nlu.example import Example
from engine.nlu.features import Settings
from engine.nlu.folding import squeeze
from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.recognizer import Recognizer
from engine.nlu.training import fit, slots
from engine.nlu.training.lesson import Folds, Lesson
from engine.nlu.training.vectors import Utterances

#: A phrase yields when it speaks more for a business of the company than this share of the
#: company's own phrases do that a model has not seen.
CLOSE = 0.5
#: Acts that decide what becomes of a task, in whichever business: they never yield.
_DECISIVE = frozenset({"affirm", "deny", "cancel", "back"})
#: The folds by which that is measured.
TRIED = (0, 1)


def without_contradicted(
    examples: Sequence[Example], recognizer: Recognizer, *, seed: int
) -> list[Example]:
    """The examples without those of the program that are the company's own.

    What is out of scope yields where it is like a phrase of the company, an act where it is equal:
    「我要反映问题」 calls nobody where that is a business. All of them stay where the company has
    no phrases, or no file of the program is among them.
    """
    programs = {path for path in {e.path for e in examples} if _is_programs(path)}
    foreign = [e for e in examples if e.intent == OUT_OF_SCOPE and e.path in programs]
    acts = [e for e in examples if e.intent not in _DECISIVE and e.path in programs]
    rest = [e for e in examples if e.intent != OUT_OF_SCOPE]
    company = {e.intent for e in rest} - {e.intent for e in rest if e.path in programs}
    if not company or not (foreign or acts):
        return list(examples)
    known = {squeeze(e.text) for e in rest if e.intent in company}
    yields = {id(e) for e in acts if squeeze(e.text) in known}
    foreign = [e for e in foreign if id(e) not in yields]
    looks = _Looks(rest, company, recognizer, seed) if foreign else None
    yields |= {id(e) for e in foreign if looks and looks.like_own(e)}
    return [each for each in examples if id(each) not in yields]


class _Looks:
    """What phrases look like to a model that knows of nothing out of scope."""

    def __init__(
        self, rest: Sequence[Example], company: set[str], recognizer: Recognizer, seed: int
    ) -> None:
        self._look = recognizer.features(Settings())
        self._recognizer, self._company = recognizer, company
        features = [self._features(example) for example in rest]
        intents = [example.intent for example in rest]
        folds, own = Folds(Utterances(features), intents, seed=seed), []
        self._model = fit.classifier(Lesson(folds.utterances, intents, seed=seed))
        for number in TRIED:
            model, held = fit.classifier(folds.lesson(number)), folds.held(number).tolist()
            own += [_evidence(model, features[i]) for i in held if intents[i] in company]
        self._close = float(np.quantile(own, CLOSE)) if own else np.inf

    def like_own(self, example: Example) -> bool:
        """Whether a phrase is likely one of the company's own."""
        features = self._features(example)
        ((number, _),) = self._model.ranking(self._model.judge(features), 1)
        best = self._model.labels[number]
        return best in self._company and _evidence(self._model, features) >= self._close

    def _features(self, example: Example) -> list[str]:
        return self._look(example.text, self._recognizer.entities(example.text, now=slots.DAY))


def _evidence(model: Classifier, features: Sequence[str]) -> float:
    return fit.PLAIN.evidence(model.judge(features).signals.found())


def _is_programs(path: Path) -> bool:
    return path.resolve().is_relative_to(assets.data().resolve())
