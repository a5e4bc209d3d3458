"""Whether there is anything to hear.

Sound is cut into windows of 20 ms. A window is loud when its root mean square is above −50 dB of
full scale, and sound is silent when fewer than five windows (0.1 s, less than a syllable) are loud.
A quiet voice on a telephone lies near −40 dB, the hiss of a muted microphone below −60 dB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from operator import mul

from engine.speech.audio.sound import RATE

WINDOW = RATE // 50
LOUD_DECIBELS = -50.0
FEWEST_LOUD = 5

_LOUD_SQUARES = WINDOW * (32768 * 10 ** (LOUD_DECIBELS / 20)) ** 2


def is_silent(samples: bytes) -> bool:
    """Is nothing in these 16 bit samples loud enough for a voice?"""
    loud = _loud_windows(array("h", samples))
    return sum(1 for _, _ in zip(loud, range(FEWEST_LOUD), strict=False)) < FEWEST_LOUD


def _loud_windows(samples: array[int]) -> Iterator[int]:
    for start in range(0, len(samples), WINDOW):
        window = samples[start : start + WINDOW]
        if sum(map(mul, window, window)) > _LOUD_SQUARES:
            yield start
