"""The coefficients of words that no phrase has, in 8 bits: a model may know very many of them.

They come last in its vocabulary, and are known by an idf of less than 1, which no feature has that
a phrase has.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.nlu.classifier import Floats

COEFFICIENTS, BEYOND, SCALES = "coefficients", "beyond", "scales"
#: The largest number of 8 bits.
LARGEST = 127


def packed(arrays: dict[str, Any]) -> dict[str, Any]:
    """The arrays of a model with such coefficients, K x L, in 8 bits and under a scale a row."""
    own = int((arrays["idf"] >= 1).sum())
    rows = arrays[COEFFICIENTS]
    if own == len(rows):
        return arrays
    scales = np.maximum(np.abs(rows[own:]).max(axis=1), np.finfo(np.float32).tiny) / LARGEST
    beyond = np.rint(rows[own:] / scales[:, None]).astype(np.int8)
    return arrays | {COEFFICIENTS: rows[:own], BEYOND: beyond, SCALES: scales}


def coefficients(arrays: Any) -> Floats:
    """All coefficients of a model's arrays, F x L."""
    own = np.asarray(arrays[COEFFICIENTS], np.float32)
    if BEYOND not in arrays:
        return own
    return np.vstack([own, arrays[BEYOND] * np.asarray(arrays[SCALES], np.float32)[:, None]])
