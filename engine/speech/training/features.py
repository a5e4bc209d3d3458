"""MFCC as Vosk computes them (Kaldi's, 40 of 40 mel bins), and what training does to them.

The numbers equal Kaldi's `compute-mfcc-feats` with dither 0 and no energy; a test holds them
against kaldi-native-fbank. A voice can be changed on the way for next to nothing: another tempo is
another frame shift, a longer vocal tract is a stretched mel scale, a microphone is an offset of the
mel bins, and a lost band or moment is a mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Floats = NDArray[np.float32]

RATE = 16_000
WINDOW = 400
SHIFT = 160
_FFT = 512
BINS = 40
LOW_HZ, HIGH_HZ = 20.0, 7600.0
_BEND_HZ = 4800.0
_PREEMPHASIS = np.float32(0.97)
_LIFTER = 22.0
#: Kaldi floors energies here before the logarithm.
_FLOOR = np.float32(np.finfo(np.float32).eps)


@dataclass(frozen=True, slots=True)
class Voicing:
    """How a sound is heard other than it is.

    ``tempo`` 1.2 is a fifth faster at the same pitch; ``warp`` 1.1 moves formants up by a tenth;
    ``contrast`` above 1 makes what is quiet quieter; ``offset`` is added to the log mel energies
    (bins); ``masked`` bins are flattened.
    """

    tempo: float = 1.0
    warp: float = 1.0
    contrast: float = 1.0
    offset: Floats | None = None
    masked: tuple[slice, ...] = ()


AS_IT_IS = Voicing()


def mfcc(samples: NDArray[np.int16] | Floats, voicing: Voicing = AS_IT_IS) -> Floats:
    """(time, 40) cepstra of 16 kHz samples in the scale of 16 bit; one frame for 10 ms."""
    mel = log_mel(samples, tempo=voicing.tempo, warp=voicing.warp)
    if voicing.contrast != 1.0 and len(mel):
        usual = np.median(mel, axis=0)
        mel += np.minimum(mel - usual, 0) * np.float32(voicing.contrast - 1)
    if voicing.offset is not None:
        mel += voicing.offset
    for bins in voicing.masked:
        mel[:, bins] = mel[:, bins].mean()
    return mel @ _cosines()


def log_mel(
    samples: NDArray[np.int16] | Floats, *, tempo: float = 1.0, warp: float = 1.0
) -> Floats:
    """(time, 40) log mel energies."""
    frames = _frames(np.asarray(samples, dtype=np.float32), tempo)
    frames -= frames.mean(axis=1, keepdims=True)
    emphasised = np.empty_like(frames)
    emphasised[:, 1:] = frames[:, 1:] - _PREEMPHASIS * frames[:, :-1]
    emphasised[:, 0] = frames[:, 0] * (1 - _PREEMPHASIS)
    spectrum = fft.rfft(emphasised * _window(), _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(np.log(np.maximum(power @ _filters(round(warp, 2)), _FLOOR)))


def _frames(samples: Floats, tempo: float) -> Floats:
    count = 1 + int((len(samples) - WINDOW) / (SHIFT * tempo)) if len(samples) >= WINDOW else 0
    starts = np.rint(np.arange(count) * SHIFT * tempo).astype(np.int64)
    return np.asarray(samples[starts[:, None] + np.arange(WINDOW)])


@lru_cache(maxsize=1)
def _window() -> Floats:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
    return np.asarray(hann**0.85, dtype=np.float32)


def _mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)


@lru_cache(maxsize=256)
def _filters(warp: float) -> Floats:
    """(257, 40) triangles on the mel scale over warped frequencies."""
    edges = np.linspace(_mel(LOW_HZ), _mel(HIGH_HZ), BINS + 2)
    hertz = np.arange(_FFT // 2 + 1) * RATE / _FFT
    mel = _mel(_warped(hertz, warp))[:, None]
    rising = (mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mel) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    triangles[-1] = 0.0
    return np.asarray(triangles, dtype=np.float32)


def _warped(hertz: NDArray[np.float64], warp: float) -> NDArray[np.float64]:
    """Frequencies times `warp` where formants are, and bent above so that the last one stays."""
    bend = _BEND_HZ / max(1.0, warp)
    return np.interp(hertz, [0.0, bend, RATE / 2], [0.0, bend * warp, RATE / 2])


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """(40, 40) from log mel energies to cepstra: an orthonormal DCT, then Kaldi's lifter."""
    at = np.arange(BINS)
    matrix = np.sqrt(2.0 / BINS) * np.cos(np.pi / BINS * (at[:, None] + 0.5) * at)
    matrix[:, 0] = np.sqrt(1.0 / BINS)
    lifter = 1.0 + 0.5 * _LIFTER * np.sin(np.pi * at / _LIFTER)
    return np.asarray(matrix * lifter, dtype=np.float32)
