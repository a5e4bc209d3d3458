"""MFCC against Kaldi's, and voices that are heard other than they are."""

from __future__ import annotations

import kaldi_native_fbank as knf
import numpy as np
import pytest

from engine.speech.training.features import Voicing, log_mel, mfcc

NOISE = (np.random.default_rng(0).standard_normal(16_000) * 3000).astype(np.int16)


def kaldi(samples: np.ndarray) -> np.ndarray:
    """What Vosk is told to compute, by Kaldi's own code."""
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = 16_000
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = options.num_ceps = 40
    options.mel_opts.low_freq, options.mel_opts.high_freq = 20, 7600
    options.use_energy = False
    computer = knf.OnlineMfcc(options)
    computer.accept_waveform(16_000, samples.astype(np.float32).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(at) for at in range(computer.num_frames_ready)])


@pytest.mark.parametrize("length", [400, 559, 560, 16_000])
def test_they_are_those_of_kaldi(length: int) -> None:
    expected = kaldi(NOISE[:length])
    assert mfcc(NOISE[:length]).shape == expected.shape
    np.testing.assert_allclose(mfcc(NOISE[:length]), expected, atol=1e-3)


def test_silence_has_numbers_too() -> None:
    assert np.isfinite(mfcc(np.zeros(1000, np.int16))).all()


def test_less_than_a_window_has_no_frame() -> None:
    assert mfcc(NOISE[:399]).shape == (0, 40)


def test_a_faster_tempo_makes_fewer_frames_of_the_same_sound() -> None:
    plain, faster = log_mel(NOISE), log_mel(NOISE, tempo=1.25)
    assert len(faster) == pytest.approx(len(plain) / 1.25, abs=1)
    np.testing.assert_allclose(faster.mean(axis=0), plain.mean(axis=0), atol=0.3)


def test_a_warp_moves_a_tone_up_the_mel_scale_and_leaves_no_bin_empty() -> None:
    tone = (8000 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)).astype(np.int16)
    bins = [int(log_mel(tone, warp=warp).mean(axis=0).argmax()) for warp in (0.85, 1.0, 1.15)]
    assert bins == sorted(set(bins))
    assert log_mel(NOISE, warp=0.8).min() > 0 < log_mel(NOISE, warp=1.2).min()


def test_an_offset_of_all_bins_is_loudness_and_moves_the_first_cepstrum_only() -> None:
    moved = mfcc(NOISE, Voicing(offset=np.ones(40, np.float32))) - mfcc(NOISE)
    np.testing.assert_allclose(moved[:, 1:], 0, atol=1e-3)
    assert (moved[:, 0] > 1).all()


def test_masked_bins_say_nothing() -> None:
    low_tone = (8000 * np.sin(2 * np.pi * 300 * np.arange(16_000) / 16_000)).astype(np.int16)
    high_tone = (8000 * np.sin(2 * np.pi * 3000 * np.arange(16_000) / 16_000)).astype(np.int16)
    deaf = Voicing(masked=(slice(0, 40),))
    for tone in (low_tone, high_tone):
        assert mfcc(tone, deaf)[:, 1:] == pytest.approx(0, abs=1e-2)


def test_contrast_makes_what_is_quiet_quieter_and_leaves_what_is_loud() -> None:
    loud, quiet = NOISE[:8000], NOISE[8000:] // 50
    sound = np.concatenate((loud, loud, quiet))
    moved = (mfcc(sound, Voicing(contrast=1.5)) - mfcc(sound))[:, 0]
    assert np.abs(np.median(moved[:90])) < 0.5
    assert (moved[-30:] < -5).all()
