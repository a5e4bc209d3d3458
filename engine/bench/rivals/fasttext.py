"""fastText's classifier (Joulin et al. 2017), where its package is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

PREFIX = "__label__"


class FastText:
    """Words and characters with pairs of them; one thread, for more are not repeatable."""

    name = "fastText"

    def __init__(self, cut: Callable[[str], Iterable[str]], *, seed: int) -> None:
        self._cut, self._seed = cut, seed
        self._model: Any = None
        self._intents: list[str] = []

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Train on a file in fastText's format; intents are numbered, for they may hold spaces."""
        import fasttext

        self._intents = sorted(set(intents))
        rows = [
            f"{PREFIX}{self._intents.index(intent)} {self._line(text)}\n"
            for text, intent in zip(texts, intents, strict=True)
        ]
        with tempfile.TemporaryDirectory(prefix="banli-bench-") as place:
            file = Path(place) / "train.txt"
            file.write_text("".join(rows), encoding="utf-8")
            self._model = fasttext.train_supervised(
                str(file), epoch=25, lr=0.5, wordNgrams=2, thread=1, seed=self._seed, verbose=0
            )

    def guess(self, text: str) -> str:
        """The likeliest intent."""
        # The package's own `predict` makes arrays in a way that numpy 2 refuses.
        found = self._model.f.predict(self._line(text) + "\n", 1, 0.0, "strict")
        return self._intents[int(found[0][1].removeprefix(PREFIX))] if found else ""

    def _line(self, text: str) -> str:
        words = [word for word in self._cut(text) if word.strip()]
        return " ".join([*words, *(character for character in text if not character.isspace())])
