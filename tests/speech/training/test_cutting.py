"""Sentences in pieces, and what is made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engine.speech.corpus import Clip, Recordings
from engine.speech.training.cutting import cuts
from engine.speech.training.mixing import Mixing
from engine.speech.training.network import Network, Shape
from engine.speech.units import PHONES

SENTENCE = ("bei", "jing", "dao", "shang", "hai")


def recording(syllables: tuple[str, ...], seconds: float = 2.0) -> Recordings:
    """Noise with a pause in every sixteenth of a second."""
    sound = np.random.default_rng(0).normal(0, 1000, int(seconds * 16_000))
    sound[np.arange(len(sound)) % 1000 >= 840] /= 100
    return Recordings([Clip(Path("x"), syllables)], [sound.astype(np.int16)])


def network() -> Network:
    torch.manual_seed(0)
    return Network(Shape(len(PHONES), hidden=12, bottleneck=4, dilations=(1,)))


def test_a_sentence_has_a_cut_between_every_two_syllables() -> None:
    (found,) = cuts(recording(SENTENCE), network())
    assert found is not None
    assert len(found) == len(SENTENCE) + 1
    assert (found[0], found[-1]) == (0, 32_000)
    assert (np.diff(found) >= 0).all()


def test_a_cut_is_where_it_is_quiet() -> None:
    (found,) = cuts(recording(SENTENCE), network())
    assert found is not None
    assert (found[1:-1] % 1000 >= 840).all()


def test_words_and_what_says_too_much_are_left_whole() -> None:
    assert cuts(recording(("ni", "hao")), network()) == [None]
    assert cuts(recording(SENTENCE, seconds=0.2), network()) == [None]


def test_pieces_say_what_is_in_them() -> None:
    sound = np.repeat(np.arange(1, 6, dtype=np.int16) * 1000, 4000)
    recordings = Recordings([Clip(Path("x"), SENTENCE)], [sound])
    mixing = Mixing(recordings, np.random.default_rng(0), 0.0, [np.arange(6) * 4000])
    lengths = set()
    for said, _ in zip(mixing, range(50), strict=False):
        spoken = len(said.samples) / 4000
        assert len(said.syllables) <= spoken <= len(said.syllables) + 4.1
        assert set(said.syllables) <= set(SENTENCE)
        lengths.add(len(said.syllables))
    assert len(lengths) > 5
