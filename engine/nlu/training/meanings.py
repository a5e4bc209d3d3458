"""What words mean, as numbers: words that mean alike speak alike for an intent.

Beside the features of an utterance stands the sum of what its words mean. As both are linear, what
is learned of meanings ends up in the weights of words, of those too that no phrase has: a model
needs no table to serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from engine import assets
from engine.nlu.features import WORD
from engine.nlu.training.metrics import Array

#: The words, the commonest first, and a row of numbers for each, below ``data/meanings``.
WORDS, ROWS = "words.txt", "rows.npy"

#: How long a word's row is made: what an utterance's words mean is about .7 times as long as its
#: features are.
LENGTH = 1.9


class Meanings:
    """Rows of D numbers, each as long as `LENGTH`, by the names of the words' features."""

    def __init__(self, names: list[str], rows: Array) -> None:
        #: The features that a model knows whether or not its phrases have them.
        self.names = names
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        self._rows = (rows / lengths * LENGTH).astype(np.float32)
        self._places = {name: place for place, name in enumerate(names)}

    @classmethod
    def read(cls, folder: Path) -> Meanings:
        """Those of a folder's files."""
        words = (folder / WORDS).read_text(encoding="utf-8").split("\n")
        return cls([f"{WORD}{word}" for word in words if word], np.load(folder / ROWS))

    def among(self, names: Iterable[str]) -> Meanings:
        """Only those of these features; they share their rows."""
        wanted = set(names)
        found = copy(self)
        found.names = [name for name in self.names if name in wanted]
        return found

    def table(self, names: Sequence[str], boosts: Array) -> Array:
        """The rows of features, F x D, each times its boost; zeros for what is no known word."""
        places = np.array([self._places.get(name, -1) for name in names])
        known = np.flatnonzero(places >= 0)
        found = np.zeros((len(names), self._rows.shape[1]), np.float32)
        found[known] = self._rows[places[known]] * boosts[known, None]
        return found


def beside(vectors: Any, table: Array) -> Any:
    """The vectors, and beside each what its words mean; in CSR form."""
    found = sparse.hstack([vectors, sparse.csr_matrix(vectors @ table)], format="csr")
    # LinearSVC of scikit-learn 1.9 refuses 64-bit indices.
    found.indices, found.indptr = found.indices.astype(np.int32), found.indptr.astype(np.int32)
    return found


@cache
def shipped() -> Meanings:
    """Those that come with the program."""
    return Meanings.read(assets.data() / "meanings")
