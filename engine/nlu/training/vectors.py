"""Feature names to weighted sparse vectors, as training needs them in bulk.

The arithmetic is that of `engine.nlu.classifier` for one utterance: (1 + ln tf) · idf, unit length.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, cast

import numpy as np
from scipy import sparse

from engine.nlu.features import PAIR


class Vectorizer:
    """The vocabulary of a set of utterances and how much each feature tells.

    A pair of words that only one utterance has is left out: it would name the utterance.
    """

    def __init__(self, utterances: Sequence[Sequence[str]]) -> None:
        counts = Counter(chain.from_iterable(map(set, utterances)))
        names = sorted(
            name for name, count in counts.items() if count > 1 or not name.startswith(PAIR)
        )
        self.vocabulary = {name: index for index, name in enumerate(names)}
        #: How many utterances have each feature.
        self.seen = np.array([counts[name] for name in names])
        self.idf = np.log((1 + len(utterances)) / (1 + self.seen)) + 1

    def __call__(self, utterances: Sequence[Sequence[str]]) -> Any:
        """One row an utterance, in CSR form; features that are not known are passed over."""
        columns, counts, starts = array("i"), array("i"), array("i", [0])
        for utterance in utterances:
            known = Counter(map(self.vocabulary.get, utterance))
            known.pop(None, None)
            columns.extend(cast(Counter[int], known))
            counts.extend(known.values())
            starts.append(len(columns))
        # All at once: for each utterance alone numpy took most of the time.
        values = (1 + np.log(np.array(counts))) * self.idf[np.array(columns, np.int32)]
        rows = [values[start:end] for start, end in pairwise(starts)]
        lengths = [math.sqrt(row @ row) or 1.0 for row in rows]
        values /= np.repeat(lengths, np.diff(starts))
        # LinearSVC of scikit-learn 1.9 refuses 64-bit indices.
        indices = (np.array(columns, np.int32), np.array(starts, np.int32))
        shape = (len(utterances), len(self.vocabulary))
        return sparse.csr_matrix((values, *indices), shape=shape)
