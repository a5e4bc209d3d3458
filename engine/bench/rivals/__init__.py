"""Simpler ways to guess an intent, to see what the engine's own is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol


class Rival(Protocol):
    """Learns intents from texts, and guesses one for a text."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Learn from labelled texts."""

    def guess(self, text: str) -> str:
        """The intent of a text."""


class Majority:
    """Always the commonest intent."""

    name = "majority"

    def __init__(self) -> None:
        self._commonest = ""

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Count the intents."""
        self._commonest = Counter(sorted(intents)).most_common(1)[0][0]

    def guess(self, text: str) -> str:
        """The commonest intent."""
        return self._commonest


class Words:
    """What most people write first: jieba's words, TF-IDF, a linear SVM, all with defaults."""

    name = "jieba-svc"

    def __init__(self, cut: Callable[[str], Iterable[str]], *, seed: int) -> None:
        self._cut, self._seed = cut, seed
        self._pipeline: Any = None

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Fit with scikit-learn."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        vectors = TfidfVectorizer(analyzer=self._cut)
        self._pipeline = make_pipeline(vectors, LinearSVC(random_state=self._seed))
        self._pipeline.fit(texts, intents)

    def guess(self, text: str) -> str:
        """The intent with the highest score."""
        return str(self._pipeline.predict([text])[0])


def installed(cut: Callable[[str], Iterable[str]], *, seed: int) -> list[Rival]:
    """The rivals that can run here: fastText takes part where its package is installed."""
    found: list[Rival] = [Majority(), Words(cut, seed=seed)]
    if find_spec("fasttext"):
        from engine.bench.rivals.fasttext import FastText

        found.append(FastText(cut, seed=seed))
    return found
