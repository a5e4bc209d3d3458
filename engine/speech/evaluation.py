"""How well a Vosk model hears recordings: stock Vosk, no dialog and no context."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.speech.audio.sound import RATE
from engine.speech.context.vocabulary import Vocabulary
from engine.speech.corpus import Clip, Recordings, Samples
from engine.speech.errors import Unspeakable
from engine.speech.hearing.vosk import VoskEngine
from engine.speech.scoring import Errors, distance
from engine.speech.spoken import spoken
from engine.speech.spoken.readings import syllables
from engine.speech.units import split

_CHUNK = RATE // 4


@dataclass(frozen=True, slots=True)
class Hearing:
    """A clip and the words that were heard in it, in as many seconds of a core."""

    clip: Clip
    words: tuple[str, ...]
    seconds: float
    cpu: float


@dataclass(slots=True)
class Evaluation:
    """Figures of a model over recordings."""

    syllables: Errors = field(default_factory=Errors)
    speakers: Errors = field(default_factory=Errors)
    characters: Errors = field(default_factory=Errors)
    whole: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def real_time_factor(self) -> float:
        """Seconds of a core for a second of sound."""
        return self.cpu / max(self.seconds, 1e-9)

    def add(self, hearing: Hearing) -> None:
        """One more clip. Syllables are compared as the network tells them apart."""
        clip, text = hearing.clip, "".join(hearing.words)
        said = [split(syllable) for syllable in clip.syllables]
        wrong = distance(_sounds(hearing.words), said)
        self.syllables.add(clip.source, wrong, len(said))
        self.speakers.add(clip.speaker, wrong, len(said))
        if characters := _characters(clip):
            self.characters.add(clip.source, distance(text, characters), len(characters))
        self.whole[clip.source].append(not wrong)
        self.seconds += hearing.seconds
        self.cpu += hearing.cpu


def evaluate(
    model: Path,
    recordings: Iterable[Recordings],
    grammar: Sequence[str] = (),
    tell: Callable[[Hearing], None] = lambda _: None,
) -> Evaluation:
    """Hear every clip with a model directory; with a grammar, only its phrases are heard.

    Raises `NoModel`.
    """
    engine = VoskEngine.load(model)
    phrases = [" ".join(words) for words in _in_words(engine.vocabulary, grammar)]
    evaluation = Evaluation()
    for some in recordings:
        for at, clip in enumerate(some.clips):
            hearing = _hear(engine, phrases, clip, some.samples(at))
            evaluation.add(hearing)
            tell(hearing)
    return evaluation


def _hear(engine: VoskEngine, phrases: Sequence[str], clip: Clip, samples: Samples) -> Hearing:
    began = time.process_time()
    decoding = engine.decoding(phrases, most=1)
    for start in range(0, len(samples), _CHUNK):
        decoding.feed(samples[start : start + _CHUNK].tobytes())
    best = decoding.finish()
    words = tuple(word.text for word in best[0].words) if best else ()
    return Hearing(clip, words, len(samples) / RATE, time.process_time() - began)


def _in_words(vocabulary: Vocabulary, grammar: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for phrase in grammar:
        if words := vocabulary.segmented(spoken(phrase)):
            yield words


def _sounds(words: Iterable[str]) -> list[tuple[str, ...]]:
    sounds = []
    for word in words:
        try:
            sounds += [split(syllable) for syllable in syllables(word)]
        except Unspeakable:
            sounds.append((word,))
    return sounds


def _characters(clip: Clip) -> str:
    """What was said in characters, where the manifest has it."""
    text = spoken(clip.text)
    return text if len(text) == len(clip.syllables) else ""
