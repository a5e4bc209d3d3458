"""Feature names to weighted sparse vectors, as training needs them in bulk.

The arithmetic is that of `engine.nlu.classifier` for one utterance: (1 + ln tf) · idf, unit length.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse

from engine.nlu.features import PAIR
from engine.nlu.training.metrics import Array


class Utterances:
    """Utterances as the names of their features; counted once, however often some are chosen."""

    def __init__(self, features: Sequence[Sequence[str]]) -> None:
        self.features = features

    def __len__(self) -> int:
        return len(self.features)

    @cached_property
    def names(self) -> list[str]:
        """The names of all features that occur, in order."""
        return sorted(set(chain.from_iterable(self.features)))

    @cached_property
    def pairs(self) -> Array:
        """Which of the names are pairs of words."""
        return np.fromiter((name.startswith(PAIR) for name in self.names), bool)

    @cached_property
    def counts(self) -> Any:
        """How often each feature occurs in each utterance, in CSR form."""
        return counted(self.features, self.names)

    def chosen(self, rows: Iterable[int]) -> Utterances:
        """Some of them, in this order."""
        places = list(rows)
        found = self.beside([self.features[row] for row in places])
        found.__dict__["counts"] = self.counts[places]
        return found

    def beside(self, features: Sequence[Sequence[str]]) -> Utterances:
        """Others, as far as their features are these."""
        found = Utterances(features)
        # Whatever is counted by the same names can be weighed without counting it again.
        found.__dict__ |= {"names": self.names, "pairs": self.pairs}
        return found


#: The weight of a feature that no utterance has: next to nothing.
FAINT = 0.01


class Vectorizer:
    """The vocabulary of a set of utterances and how much each feature tells.

    A pair of words that only one utterance has is left out: it would name the utterance. Features
    ``beyond`` those that occur are in the vocabulary too, and say nothing by themselves.
    """

    def __init__(self, utterances: Utterances, beyond: Iterable[str] = ()) -> None:
        counts = np.bincount(utterances.counts.indices, minlength=len(utterances.names))
        kept = np.flatnonzero(counts > utterances.pairs)
        self._whole = utterances.names
        names = [utterances.names[index] for index in kept.tolist()]
        others = sorted(set(beyond).difference(names))
        self.vocabulary = {name: index for index, name in enumerate([*names, *others])}
        #: How many utterances have each feature.
        self.seen = np.concatenate([counts[kept], np.zeros(len(others), counts.dtype)])
        self.idf = np.log((1 + len(utterances)) / (1 + self.seen)) + 1
        #: What a feature would tell, by what it tells here: 1 but for those beyond.
        self.boosts = np.where(self.seen > 0, 1.0, self.idf / FAINT)
        self.idf[self.seen == 0] = FAINT
        self._columns = np.concatenate([kept, _columns(utterances.names, others)])

    def __call__(self, utterances: Utterances) -> Any:
        """One row an utterance, in CSR form; features that are not known are passed over."""
        if utterances.names is self._whole:
            counts = utterances.counts
            # The column after the last is empty.
            wider = (counts.shape[0], counts.shape[1] + 1)
            arrays = (counts.data, counts.indices, counts.indptr)
            found = sparse.csr_matrix(arrays, shape=wider)[:, self._columns]
        else:
            found = counted(utterances.features, list(self.vocabulary))
        values = (1 + np.log(found.data)) * self.idf[found.indices]
        sizes = np.diff(found.indptr)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        lengths = np.sqrt(np.bincount(rows, values**2, len(sizes)))
        values /= lengths[rows]
        # LinearSVC of scikit-learn 1.9 refuses 64-bit indices.
        indices = (found.indices.astype(np.int32), found.indptr.astype(np.int32))
        return sparse.csr_matrix((values, *indices), shape=found.shape)


def _columns(names: Sequence[str], wanted: Sequence[str]) -> Array:
    """Where the wanted are among the names; behind them where they are not."""
    places = {name: place for place, name in enumerate(names)} if wanted else {}
    return np.array([places.get(name, len(names)) for name in wanted], int)


def counted(features: Iterable[Sequence[str]], names: Sequence[str]) -> Any:
    """How often each name occurs in each utterance, in CSR form; other names are passed over."""
    numbers = {name: index for index, name in enumerate(names)}
    columns, counts, starts = array("i"), array("i"), array("i", [0])
    for utterance in features:
        known = Counter(numbers[name] for name in utterance if name in numbers)
        ordered = sorted(known)
        columns.extend(ordered)
        counts.extend(known[column] for column in ordered)
        starts.append(len(columns))
    shape = (len(starts) - 1, len(names))
    arrays = (np.array(counts, np.int32), np.array(columns, np.int32), np.array(starts, np.int32))
    return sparse.csr_matrix(arrays, shape=shape)
