"""Feature names to weighted sparse vectors, as training needs them in bulk.

The arithmetic is that of `engine.nlu.classifier` for one utterance: (1 + ln tf) · idf, unit length.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from engine.nlu.features import PAIR


class Vectorizer:
    """The vocabulary of a set of utterances and how much each feature tells.

    A pair of words that only one utterance has is left out: it would name the utterance.
    """

    def __init__(self, utterances: Sequence[Sequence[str]]) -> None:
        counts = Counter(name for utterance in utterances for name in set(utterance))
        names = sorted(
            name for name, count in counts.items() if count > 1 or not name.startswith(PAIR)
        )
        self.vocabulary = {name: index for index, name in enumerate(names)}
        #: How many utterances have each feature.
        self.seen = np.array([counts[name] for name in names])
        self.idf = np.log((1 + len(utterances)) / (1 + self.seen)) + 1

    def __call__(self, utterances: Sequence[Sequence[str]]) -> Any:
        """One row an utterance, in CSR form; features that are not known are passed over."""
        columns, values, starts = array("i"), array("d"), array("i", [0])
        for utterance in utterances:
            known = Counter(map(self.vocabulary.get, utterance))
            known.pop(None, None)
            ids = [index for index in known if index is not None]
            weights = (1 + np.log([known[index] for index in ids])) * self.idf[ids]
            columns.extend(ids)
            values.extend(weights / (np.linalg.norm(weights) or 1.0))
            starts.append(len(columns))
        # LinearSVC of scikit-learn 1.9 refuses 64-bit indices.
        indices = (np.array(columns, np.int32), np.array(starts, np.int32))
        shape = (len(utterances), len(self.vocabulary))
        return sparse.csr_matrix((np.array(values), *indices), shape=shape)
