"""Kaldi's online normalisation of cepstra: a running mean is taken away, so that the microphone
and the loudness of a recording matter less.

What is taken away at a frame is the mean of the last 6 s. Where fewer were heard, up to 2 s of the
`usual` mean stand in, as in `OnlineCmvn` with the options that Vosk leaves as they are
(`feat/online-feature.h`).
"""

from __future__ import annotations

import struct

import numpy as np

from engine.speech.errors import BadKaldiFile
from engine.speech.kaldi.binary import HEADER, Floats, Reader, token

#: Frames of 10 ms.
_WINDOW = 600
_USUAL = 200


def centred(features: Floats, usual: Floats) -> Floats:
    """(time, cepstra) without their running mean; `usual` (cepstra) is where that begins."""
    heard = np.minimum(np.arange(1, len(features) + 1), _WINDOW)[:, None]
    sums = np.cumsum(features, axis=0, dtype=np.float64)
    recent = sums.copy()
    recent[_WINDOW:] -= sums[:-_WINDOW]
    unheard = np.minimum(_WINDOW - heard, _USUAL)
    return np.asarray(features - (recent + unheard * usual) / (heard + unheard), np.float32)


def written(usual: Floats) -> bytes:
    """`global_cmvn.stats`: sums and sums of squares, and of how many frames.

    One frame will do, because only its mean is ever used.
    """
    sums = np.append(usual, 1.0)
    squares = np.append(np.square(usual), 0.0)
    rows = np.stack((sums, squares)).astype("<f8")
    shape = struct.pack("<bibi", 4, rows.shape[0], 4, rows.shape[1])
    return HEADER + token("DM") + shape + rows.tobytes()


def read(data: bytes) -> Floats:
    """The usual means in such a file; raises `BadKaldiFile`."""
    reader = Reader(data)
    if reader.taken(len(HEADER)) != HEADER:
        raise BadKaldiFile("not a binary file of Kaldi", at=0)
    sums = reader.matrix()
    if len(sums) != 2 or not sums[0, -1:].all():
        raise BadKaldiFile("no sums of cepstra", at=len(HEADER))
    usual: Floats = sums[0, :-1] / sums[0, -1]
    return usual
