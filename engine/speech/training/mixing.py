"""What the network hears next: sentences as they are, and words glued to short rows of words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.speech.corpus import Recordings, rounds
from engine.speech.training.degrading import level
from engine.speech.training.features import RATE, Floats

#: Clips of this many syllables or fewer are words.
WORD_SYLLABLES = 3

#: The share of sentences that are made of pieces of others, of all but words.
_PIECED = 0.6
#: Samples.
_FADE = 48

_WORDS_OF_A_ROW = (1, 1, 1, 2, 3, 4, 5, 6, 7)

#: A sentence of this many seconds stays alone.
_LONG = 6.0


@dataclass(frozen=True, slots=True)
class Said:
    """A sound and its syllables."""

    samples: Floats
    syllables: tuple[str, ...]


class Mixing:
    """Draws sounds for ever; ``words`` is the share of rows of glued words, if there are words.

    Where ``cuts`` of the clips are known, many sentences are made of pieces of others.
    """

    def __init__(
        self,
        recordings: Recordings,
        rng: np.random.Generator,
        words: float,
        cuts: Sequence[NDArray[np.int64] | None] = (),
    ) -> None:
        self._recordings = recordings
        self._cuts = cuts
        self._rng = rng
        clips = recordings.clips
        is_word = [len(clip.syllables) <= WORD_SYLLABLES for clip in clips]
        self._sentences = rounds(
            [0.0 if word else clip.weight for clip, word in zip(clips, is_word, strict=True)], rng
        )
        self._words = rounds(
            [clip.weight if word else 0.0 for clip, word in zip(clips, is_word, strict=True)], rng
        )
        self._share = 1.0 if all(is_word) else words * any(is_word)
        self._apart = _PIECED if any(cut is not None for cut in cuts) else 0.0
        self._waiting: dict[str, list[int]] = defaultdict(list)

    def __iter__(self) -> Iterator[Said]:
        while True:
            if self._rng.random() < self._share:
                yield self._row()
            else:
                yield self._pieced() if self._rng.random() < self._apart else self._sentence()

    def another(self) -> Floats:
        """Any voice, saying anything."""
        return self._samples(int(self._rng.integers(len(self._recordings))))

    def _sentence(self) -> Said:
        """A sentence, or two where both are short: context around a sound costs time."""
        row = [next(self._sentences)]
        if len(self._samples(row[0])) < self._rng.uniform(0, _LONG) * RATE:
            row.append(next(self._sentences))
        return self._joined(row)

    def _pieced(self) -> Said:
        """Pieces of sentences, one right after the other."""
        sounds: list[Floats] = []
        said: list[str] = []
        while len(said) < int(self._rng.integers(5, 18)):
            at = next(self._sentences)
            if (cut := self._cuts[at]) is None:
                continue
            syllables = self._recordings.clips[at].syllables
            first = int(self._rng.integers(len(syllables)))
            last = min(len(syllables), first + int(self._rng.integers(1, 7)))
            sounds.append(self._samples(at)[cut[first] : cut[last]])
            said += syllables[first:last]
        return Said(self._seamless(sounds), tuple(said))

    def _seamless(self, sounds: list[Floats]) -> Floats:
        """Equally loud, without clicks between."""
        loud = level(sounds[0])
        even = [_faded(sound * (loud / level(sound))) for sound in sounds]
        return np.concatenate([self._silence(0.05, 0.5), *even, self._silence(0.05, 0.5)])

    def _row(self) -> Said:
        """One to seven words of one speaker; often one, as short answers are."""
        return self._joined(self._of_one_speaker(int(self._rng.choice(_WORDS_OF_A_ROW))))

    def _joined(self, row: list[int]) -> Said:
        """Clips one after the other, as loud as the first."""
        said = [syllable for at in row for syllable in self._recordings.clips[at].syllables]
        sounds = [self._samples(at) for at in row]
        loud = level(sounds[0])
        even = [sound * (loud / level(sound)) for sound in sounds]
        return Said(self._padded(even), tuple(said))

    def _of_one_speaker(self, count: int) -> list[int]:
        while True:
            at = next(self._words)
            waiting = self._waiting[self._recordings.clips[at].speaker]
            waiting.append(at)
            if len(waiting) >= count:
                row, waiting[:count] = waiting[:count], []
                return row

    def _padded(self, sounds: list[Floats]) -> Floats:
        """With silence around, and pauses between; what follows may begin a little early."""
        pieces = [self._silence(0.05, 0.5)]
        for sound in sounds:
            gap = self._rng.normal(0.03, 0.08)
            pieces.append(self._silence(0.0, 2 * gap) if gap > 0 else self._silence(0, 0))
            pieces.append(sound)
        return np.concatenate([*pieces, self._silence(0.05, 0.5)])

    def _silence(self, least: float, most: float) -> Floats:
        """Not quite silent: every recording has a floor."""
        length = int(RATE * self._rng.uniform(least, most))
        return self._rng.standard_normal(length).astype(np.float32) * self._rng.uniform(0, 8)

    def _samples(self, at: int) -> Floats:
        return self._recordings.samples(at).astype(np.float32)


def _faded(sound: Floats) -> Floats:
    """In and out within 3 ms."""
    edge = np.ones(len(sound), np.float32)
    edge[:_FADE] = np.linspace(0, 1, _FADE)
    edge[-_FADE:] = np.linspace(1, 0, _FADE)
    return sound * edge
