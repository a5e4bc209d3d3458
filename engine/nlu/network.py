"""A small network beside the linear classifier: one hidden layer over characters and words.

It sees what goes together, which a linear classifier cannot; training keeps it where it helps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nlu.features import PAIR, SOUND
from engine.nlu.likeness import Places

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

#: No probability is smaller, for its logarithm to be finite.
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Network:
    """What training found; F features of the classifier, K of them seen here, H units, L intents.

    ``rows`` are the rows of ``inner`` for the features, −1 for those that are not seen. ``heats``
    are the temperatures of the linear scores and of the network's.
    """

    rows: Integers  # F
    inner: NDArray[np.float16]  # K x H
    offset: Floats  # H
    outer: Floats  # H x L
    bias: Floats  # L
    heats: Floats  # 2

    def __call__(self, ids: Places, vector: Floats) -> Floats:
        """The scores of the intents, for an utterance with these features and weights."""
        rows = self.rows[ids]
        seen = rows >= 0
        values = vector[seen]
        length = float(np.sqrt(values @ values)) or 1.0
        hidden = (values / length) @ self.inner[rows[seen]].astype(np.float32) + self.offset
        return np.asarray(np.maximum(hidden, 0) @ self.outer + self.bias, np.float32)


def is_seen(name: str) -> bool:
    """Whether the network looks at a feature: a run of symbols or a word."""
    return not name.startswith((SOUND, PAIR))


def mixed(scores: Floats, logits: Floats, heats: Floats) -> Floats:
    """The logarithm of the mean of both probabilities, of one utterance or row by row."""
    mean = (_shares(scores / heats[0]) + _shares(logits / heats[1])) / 2
    return np.asarray(np.log(np.maximum(mean, TINY)), np.float32)


def _shares(scores: Floats) -> Floats:
    """The probabilities that scores mean."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
