"""What hears: Vosk, or a small one in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.speech.context.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of the model, from ``start`` to ``end`` in seconds of the sound."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Words that may have been said; ``score`` is the log probability of words and sound."""

    words: tuple[Spoken, ...]
    score: float


class Decoding(Protocol):
    """One utterance on its way through the model; not to be used by two threads at once."""

    def feed(self, samples: bytes) -> None:
        """Listen to more of it: 16 kHz, mono, signed 16 bit."""

    def partial(self) -> str:
        """The words so far, with spaces between them."""

    def finish(self) -> list[Hypothesis]:
        """No more comes: what may have been said, the likeliest first."""


class Engine(Protocol):
    """A model that is loaded once; may be used by several threads."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that it can hear."""

    def decoding(self, grammar: Sequence[str] = (), *, most: int) -> Decoding:
        """A new utterance, of at most ``most`` hypotheses.

        With a grammar nothing but words of its phrases is heard; without one, everything.
        """
