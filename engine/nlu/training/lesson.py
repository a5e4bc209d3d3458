"""Labelled utterances made ready to be learned from, and the folds of a cross-validation.

Choosing settings, holding foreign phrases against a set, and cross-validation learn from the same
folds: what one of them has fitted the next one finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.svm import LinearSVC

from engine.nlu.parse import OUT_OF_SCOPE
from engine.nlu.training.meanings import Meanings, beside
from engine.nlu.training.metrics import Array
from engine.nlu.training.vectors import Utterances, Vectorizer

FOLDS = 5

#: Inverse strength of regularisation; flat between 1 and 4 on our phrases.
STRENGTH = 2.0

#: How near to its optimum each SVM is fitted. Nearer takes half as long again; of MASSIVE's
#: cross-validated phrases no more are right.
TOLERANCE = 0.05


class Lesson:
    """Utterances as vectors, what is out of scope last, and the intents as numbers.

    ``table`` is what each feature means, where meanings are looked at.
    """

    def __init__(
        self,
        utterances: Utterances,
        intents: Sequence[str],
        *,
        seed: int,
        meanings: Meanings | None = None,
    ) -> None:
        order = sorted(range(len(intents)), key=lambda index: intents[index] == OUT_OF_SCOPE)
        self.seed = seed
        self.vectorizer = Vectorizer(utterances, meanings.names if meanings else ())
        names, boosts = list(self.vectorizer.vocabulary), self.vectorizer.boosts
        self.table = meanings.table(names, boosts) if meanings else None
        self.vectors = self.vectorizer(utterances)[order]
        names = [intents[index] for index in order]
        self.labels = sorted(set(names), key=lambda name: (name == OUT_OF_SCOPE, name))
        number = {label: index for index, label in enumerate(self.labels)}
        self.numbers = [number[name] for name in names]
        #: How many of them are not out of scope.
        self.own = len(names) - names.count(OUT_OF_SCOPE)
        self._fitted: dict[float, tuple[Array, Array]] = {}

    def linear(self, strength: float) -> tuple[Array, Array]:
        """One row of coefficients and one bias for each label; fitted when first asked for."""
        if strength not in self._fitted:
            self._fitted[strength] = self.learned(self.vectors, self.numbers, strength)
        return self._fitted[strength]

    def learned(self, vectors: Any, numbers: Sequence[int], strength: float) -> tuple[Array, Array]:
        """One row and one bias for each of the numbers of these vectors, meanings looked at."""
        if self.table is None:
            return linear(vectors, numbers, seed=self.seed, strength=strength)
        rows, bias = linear(beside(vectors, self.table), numbers, seed=self.seed, strength=strength)
        own = len(self.table)
        # What meanings speak for, each word speaks for as far as it means that.
        return rows[:, :own] + rows[:, own:] @ self.table.T, bias


class Folds:
    """Labelled utterances in `FOLDS` parts, and the lessons that all parts but one make."""

    def __init__(
        self,
        utterances: Utterances,
        intents: Sequence[str],
        *,
        seed: int,
        meanings: Meanings | None = None,
    ) -> None:
        self.utterances, self.intents, self.seed = utterances, intents, seed
        self.meanings = meanings
        # No part is asked about other words, and each lesson is so much smaller.
        self._known = meanings.among(utterances.names) if meanings else None
        self.place = places(intents, seed=seed)
        self._lessons: dict[int, Lesson] = {}

    def held(self, number: int) -> Array:
        """The utterances of a part."""
        return np.flatnonzero(self.place == number)

    def lesson(self, number: int) -> Lesson:
        """What all other parts teach."""
        if number not in self._lessons:
            rest = np.flatnonzero(self.place != number).tolist()
            intents = [self.intents[index] for index in rest]
            self._lessons[number] = self._taught(self.utterances.chosen(rest), intents, self._known)
        return self._lessons[number]

    def whole(self) -> Lesson:
        """What all parts teach."""
        return self._taught(self.utterances, self.intents, self.meanings)

    def _taught(
        self, utterances: Utterances, intents: Sequence[str], meanings: Meanings | None
    ) -> Lesson:
        return Lesson(utterances, intents, seed=self.seed, meanings=meanings)

    def forget(self, number: int) -> None:
        """Let go of a lesson: each is large."""
        self._lessons.pop(number, None)


def places(intents: Sequence[str], *, seed: int) -> Array:
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


def linear(
    vectors: Any, numbers: Sequence[int], *, seed: int, strength: float
) -> tuple[Array, Array]:
    """One row of coefficients and one bias for each of the numbers, in their order."""
    found = LinearSVC(C=strength, random_state=seed, tol=TOLERANCE).fit(vectors, numbers)
    if len(found.classes_) == 2:
        return np.vstack([-found.coef_, found.coef_]), np.hstack(
            [-found.intercept_, found.intercept_]
        )
    return found.coef_, found.intercept_
