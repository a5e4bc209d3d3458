"""What happens to a voice on its way: rooms, noises, cheap microphones, codecs.

Every function takes samples as float32 in the scale of 16 bit and gives new ones. `Degrading` draws
them with a strength from 0 (as recorded) to 1 (everything that phones do to voices).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import signal

from engine.speech.training.codecs import through
from engine.speech.training.features import BINS, RATE, Floats, Voicing

Rng = np.random.Generator


def level(samples: Floats) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples**2))) + 1e-3


def resampled(samples: Floats, speed: float) -> Floats:
    """Faster and higher by `speed`, as a tape that runs too fast."""
    at = np.arange(int(len(samples) / speed), dtype=np.float32) * np.float32(speed)
    return np.interp(at, np.arange(len(samples), dtype=np.float32), samples).astype(np.float32)


def room(rng: Rng) -> Floats:
    """An impulse response: the direct sound, a few reflections, a tail that dies away."""
    dies = rng.uniform(0.1, 0.8)
    tail = int(RATE * min(dies, 0.5))
    response = rng.standard_normal(tail) * np.exp(-6.9 * np.arange(tail) / RATE / dies)
    response *= rng.uniform(0.01, 0.1)
    for _ in range(rng.integers(2, 7)):
        response[rng.integers(16, 800)] += rng.uniform(-0.5, 0.5)
    response[0] = 1.0
    return np.asarray(response / np.sqrt(np.sum(response**2)), dtype=np.float32)


def echoing(samples: Floats, response: Floats) -> Floats:
    """In a room."""
    return np.asarray(signal.oaconvolve(samples, response)[: len(samples)], dtype=np.float32)


def banded(samples: Floats, low: float, high: float, order: int = 4) -> Floats:
    """Only what lies between two frequencies (Hz)."""
    sections = signal.butter(order, [low, min(high, 7900.0)], "bandpass", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sections, samples), dtype=np.float32)


def hiss(length: int, rng: Rng) -> Floats:
    """From nearly white to a rumble."""
    white = rng.standard_normal(length)
    return np.asarray(signal.lfilter([1.0], [1.0, -rng.uniform(0.3, 0.99)], white), np.float32)


def band(length: int, rng: Rng) -> Floats:
    """A fan, a street, a kettle: noise of some pitch."""
    low = rng.uniform(50, 2000)
    white = np.asarray(rng.standard_normal(length), dtype=np.float32)
    return banded(white, low, low * rng.uniform(1.5, 4), 2)


def hum(length: int, rng: Rng) -> Floats:
    """A tone with its harmonics, of the mains or of a machine."""
    pitch = rng.choice([50.0, 60.0, 100.0, rng.uniform(150, 1500)])
    tones = pitch * np.arange(1, 6)[:, None] * np.arange(length) / RATE
    waves = rng.random(5) @ np.sin(2 * np.pi * tones)
    return np.asarray(waves + 0.1 * rng.standard_normal(length), dtype=np.float32)


#: Of recordings: the logarithms of the least and the greatest level.
_LEVELS = (np.log(200.0), np.log(7000.0))

#: Hiss is everywhere.
_NOISES = (hiss, hiss, hiss, hiss, band, hum)


def noise(length: int, rng: Rng) -> Floats:
    """One of these, steady or coming and going; level 1."""
    sound = _NOISES[rng.integers(len(_NOISES))](length, rng)
    if rng.random() < 0.3:
        swell = np.interp(np.arange(length), np.linspace(0, length, 12), rng.random(12) ** 2)
        sound = sound * np.asarray(0.1 + swell, dtype=np.float32)
    return sound / np.float32(level(sound))


@dataclass
class Degrading:
    """Draws what happens to a sound. ``others`` gives another voice, for babble."""

    rng: Rng
    others: Callable[[], Floats]

    def __post_init__(self) -> None:
        self._rooms = [room(self.rng) for _ in range(200)]

    def sound(self, samples: Floats, strength: float) -> tuple[Floats, Voicing]:
        """What arrives of a sound, and how it is heard."""
        pitch = self._pitch(strength)
        voicing = self._voicing(strength, pitch)
        return self._arriving(resampled(samples, pitch), strength), voicing

    def _pitch(self, strength: float) -> float:
        """Of another voice: men are an octave below women, and most recordings are of women."""
        rng = self.rng
        drawn = rng.random()
        if drawn < 0.3 * (0.3 + strength):
            return float(rng.uniform(0.6, 0.9))
        return float(rng.uniform(0.84, 1.2)) if drawn < 0.7 * (0.3 + strength) else 1.0

    def _arriving(self, samples: Floats, strength: float) -> Floats:
        rng = self.rng
        if rng.random() < 0.4 * strength:
            samples = echoing(samples, self._rooms[rng.integers(len(self._rooms))])
        if rng.random() < 0.65 * strength:
            samples = samples + self._noise(len(samples)) * level(samples)
        if rng.random() < 0.2 * strength:
            samples = banded(samples, rng.uniform(40, 350), rng.uniform(3000, 7600))
        samples = samples * (np.exp(rng.uniform(*_LEVELS)) / level(samples))
        if rng.random() < 0.05 * strength:
            samples = np.tanh(samples / 8000.0) * 8000.0 * rng.uniform(1, 4)
        samples = np.rint(np.clip(samples, -32768, 32767))
        return through(samples, rng) if rng.random() < 0.3 * strength else samples

    def _noise(self, length: int) -> Floats:
        rng = self.rng
        loud = np.float32(10 ** (-rng.uniform(3, 35) / 20))
        if rng.random() > 0.2:
            return noise(length, rng) * loud
        crowd = np.zeros(length, np.float32)
        for _ in range(rng.integers(1, 6)):
            voice = self.others()
            crowd += np.resize(voice / level(voice), length)
        return crowd * (loud / level(crowd))

    def _voicing(self, strength: float, pitch: float) -> Voicing:
        """Tempo, formants, microphone, and what is masked.

        Of what another pitch does to tempo and formants, most is undone: a low voice is neither
        slow nor that of a giant.
        """
        rng = self.rng
        slower, formants = 1 / pitch, float(pitch ** -rng.uniform(0.5, 1.0))
        if rng.random() > 0.3 + 0.65 * strength:
            return Voicing(tempo=slower, warp=formants)
        widest = 0.12 * (0.3 + strength)
        masked = []
        for _ in range(rng.integers(0, 3) if rng.random() < strength else 0):
            start = int(rng.integers(0, BINS - 2))
            masked.append(slice(start, start + int(rng.integers(1, 7))))
        bumps = rng.standard_normal(6) * 2.4 * strength
        return Voicing(
            tempo=slower * rng.uniform(1 - 1.8 * widest, 1 + 2.8 * widest),
            warp=formants * rng.uniform(1 - 1.2 * widest, 1 + 1.2 * widest),
            contrast=rng.uniform(1 - 0.4 * strength, 1 + 1.2 * strength),
            offset=np.interp(np.arange(BINS), np.linspace(0, BINS, 6), bumps).astype(np.float32),
            masked=tuple(masked),
        )
