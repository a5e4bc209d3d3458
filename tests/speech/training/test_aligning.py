"""The best path of CTC, held against every path there is."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.speech.training.aligning import BLANK, NOWHERE, aligned


def scores(*best: int, outputs: int = 4) -> np.ndarray:
    """(time, outputs) log-probabilities of one clear phone at each output."""
    return np.log(np.full((len(best), outputs), 0.01) + np.eye(outputs)[list(best)]).astype(
        np.float32
    )


def of_one(sound: np.ndarray, *phones: int) -> list[int]:
    counts, frames = np.array([len(phones)]), np.array([len(sound)])
    return aligned(sound[None], frames, np.array(phones), counts)[0].tolist()


def test_a_phone_reaches_to_both_sides_of_its_peak_but_not_far() -> None:
    sound = scores(0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0)
    assert of_one(sound, 2) == [0, 0, 2, 2, 2, 2, 2, 2, 2, 0, 0]


def test_between_two_phones_the_nearer_one_has_the_output() -> None:
    assert of_one(scores(1, 0, 0, 0, 2), 1, 2) == [1, 1, 1, 2, 2]


def test_the_phones_are_those_that_were_said_whatever_was_heard() -> None:
    assert of_one(scores(3, 3, 0, 3), 1, 2)[0] == 1
    assert of_one(scores(3, 3, 0, 3), 1, 2)[-1] == 2


def test_a_phone_twice_has_a_blank_between() -> None:
    assert of_one(scores(1, 1, 1, 1), 1, 1).count(1) == 4


def test_sounds_of_other_lengths_are_padded_with_nowhere() -> None:
    sounds = np.stack((scores(1, 0, 0), scores(2, 3, 2)))
    counts, phones = np.array([1, 3]), np.array([1, 2, 3, 2])
    found = aligned(sounds, np.array([2, 3]), phones, counts)
    assert found.tolist() == [[1, 1, NOWHERE], [2, 3, 2]]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 2), min_size=1, max_size=3), st.integers(0, 1000))
def test_no_path_is_better_than_the_best_one(phones: list[int], seed: int) -> None:
    time = 5
    sound = np.random.default_rng(seed).normal(size=(time, 3)).astype(np.float32)
    paths = [
        path
        for path in product(range(3), repeat=time)
        if [phone for phone, _ in groupby(path) if phone != BLANK] == phones
    ]
    best = max(paths, key=lambda path: sum(sound[at, phone] for at, phone in enumerate(path)))
    found = of_one(sound, *phones)
    assert all(found[at] == phone for at, phone in enumerate(best) if phone != BLANK)
