"""What a model knows of words beyond its phrases is kept in 8 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.nlu import packing

IDF = np.array([2.0, 1.0, 0.01, 0.01], np.float32)
ROWS = np.array([[1, 2], [3, 4], [50.3, -100], [0, 0]], np.float32)


def packed() -> dict[str, Any]:
    return packing.packed({"idf": IDF, "coefficients": ROWS})


def test_coefficients_of_words_beyond_the_phrases_take_a_byte_each() -> None:
    found = packed()
    assert found["beyond"].dtype == np.int8
    assert found["beyond"].shape == (2, 2)
    assert found["coefficients"].tolist() == ROWS[:2].tolist()


def test_they_come_back_to_half_of_a_hundredth_of_the_largest_in_their_row() -> None:
    found = packing.coefficients(packed())
    assert found[[0, 1, 3]].tolist() == ROWS[[0, 1, 3]].tolist()
    assert found[2] == pytest.approx(ROWS[2], abs=100 / 254)


def test_what_was_packed_twice_is_the_same() -> None:
    once = packing.coefficients(packed())
    again = packing.packed({"idf": IDF, "coefficients": once})
    assert again["beyond"].tolist() == packed()["beyond"].tolist()


def test_a_model_that_knows_its_phrases_alone_is_kept_as_it_is() -> None:
    arrays = {"idf": IDF[:2], "coefficients": ROWS[:2]}
    assert packing.packed(arrays) is arrays
    assert packing.coefficients(arrays).tolist() == ROWS[:2].tolist()
