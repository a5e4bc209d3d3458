"""The running mean of cepstra, and its file; what Vosk does with both is tested with Vosk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi import cmvn
from engine.speech.kaldi.binary import HEADER, token
from engine.speech.kaldi.cmvn import centred

USUAL = np.array([10.0, -2.0], np.float32)


def cepstra(frames: int) -> np.ndarray:
    return np.random.default_rng(frames).normal(5, 3, (frames, 2)).astype(np.float32)


@settings(deadline=None)
@given(st.integers(1, 1500))
def test_a_frame_loses_the_mean_of_the_last_six_seconds(frames: int) -> None:
    sound = cepstra(frames)
    recent = sound[max(0, frames - 600) :]
    unheard = min(200, 600 - len(recent))
    mean = (recent.sum(axis=0) + unheard * USUAL) / (len(recent) + unheard)
    np.testing.assert_allclose(centred(sound, USUAL)[-1], sound[-1] - mean, atol=1e-3)


def test_what_comes_later_changes_nothing() -> None:
    sound = cepstra(700)
    np.testing.assert_array_equal(centred(sound, USUAL)[:90], centred(sound[:90], USUAL))


def test_a_louder_recording_becomes_the_same_in_time() -> None:
    sound = cepstra(1200)
    apart = np.abs(centred(sound + np.float32(20), USUAL) - centred(sound, USUAL))
    assert apart[0].min() > 15
    assert apart[650:].max() < 1e-3


def test_the_usual_mean_is_read_as_it_was_written() -> None:
    np.testing.assert_allclose(cmvn.read(cmvn.written(USUAL)), USUAL, rtol=1e-6)


@pytest.mark.parametrize("data", [b"", b"text", HEADER + token("DM") + bytes(10)])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadKaldiFile):
        cmvn.read(data)


def test_sums_of_no_frames_are_refused() -> None:
    data = cmvn.written(USUAL)
    with pytest.raises(BadKaldiFile, match="no sums"):
        cmvn.read(data[:-48] + bytes(48))
