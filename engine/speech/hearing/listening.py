"""One utterance: what is expected is listened for first, then everything else."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from engine.speech.audio.sound import RATE, WIDTH
from engine.speech.context.grammar import Grammars
from engine.speech.errors import Unheard
from engine.speech.expected import Expected
from engine.speech.heard import Heard
from engine.speech.hearing.engine import Decoding, Engine
from engine.speech.hearing.odds import Candidate, Opinion, sure_words, weigh
from engine.speech.hearing.shapes import holds_whole, most_hypotheses, shapes_of
from engine.speech.hearing.threads import GivenUp, Stopped

#: What is decoded before a look at whether anybody still wants it; takes some milliseconds.
CHUNK_BYTES = RATE * WIDTH // 2

_ALTERNATIVES = 5

#: A text this much less likely than the best is nearly as likely: half of what is weighed so softly
#: (`Tuning.sharpness`) is an eighth of what the model says.
_NEARLY = 0.5


@dataclass(frozen=True, slots=True)
class Tuning:
    """How hypotheses are weighed; found on voices that the model was not trained with.

    ``context`` is the chance that an answer is in the words that were expected. ``whole`` is how
    many times likelier a whole number (`shapes.py`) is than another string of digits.
    """

    context: float = 0.7
    whole: float = 300.0
    sharpness: float = 0.35


def never() -> bool:
    """Somebody wants to know, however long it takes."""
    return False


class Listening:
    """One utterance on its way to being heard; belongs to one thread at a time."""

    def __init__(
        self, engine: Engine, grammars: Grammars, expected: Expected, tuning: Tuning = Tuning()
    ) -> None:
        self._engine = engine
        self._shapes = shapes_of(expected.kinds)
        self._tuning = tuning
        self._most = most_hypotheses(self._shapes)
        self._grammar = grammars.of(expected)
        self._decoding = engine.decoding(self._grammar, most=self._most)
        self._samples = bytearray()

    def feed(self, samples: bytes, stopped: Stopped = never) -> None:
        """Listen to more; raises `GivenUp` within a chunk after ``stopped()`` became true."""
        self._samples += samples
        _decode(self._decoding, samples, stopped)

    def partial(self) -> str:
        """The text so far."""
        return self._decoding.partial().replace(" ", "").upper()

    def finish(self, stopped: Stopped = never) -> Heard:
        """What was said; raises `Unheard`, or `GivenUp` as `feed` does."""
        candidates = weigh(
            self._opinions(stopped), sharpness=self._tuning.sharpness, leaning=self._leaning
        )
        if not candidates or not candidates[0].text:
            raise Unheard(seconds=len(self._samples) / (RATE * WIDTH))
        return _heard(candidates)

    def _opinions(self, stopped: Stopped) -> Iterator[Opinion]:
        first = self._decoding.finish()
        if not self._grammar:
            yield Opinion(first, 0.0, in_context=False)
            return
        yield Opinion(first, math.log(self._tuning.context), in_context=True)
        general = self._engine.decoding(most=self._most)
        _decode(general, bytes(self._samples), stopped)
        yield Opinion(general.finish(), math.log1p(-self._tuning.context), in_context=False)

    def _leaning(self, text: str) -> float:
        whole = holds_whole(text, self._shapes)
        return math.log(self._tuning.whole) if whole else 0.0


def _decode(decoding: Decoding, samples: bytes, stopped: Stopped) -> None:
    for at in range(0, len(samples), CHUNK_BYTES):
        if stopped():
            raise GivenUp
        decoding.feed(samples[at : at + CHUNK_BYTES])


def _heard(candidates: list[Candidate]) -> Heard:
    best, *rest = candidates
    near = [other for other in rest[:_ALTERNATIVES] if other.chance >= _NEARLY * best.chance]
    others = tuple(_as_said(other, candidates) for other in near if other.text)
    return msgspec.structs.replace(_as_said(best, candidates), others=others)


def _as_said(said: Candidate, candidates: list[Candidate]) -> Heard:
    """One of the candidates, as if it were what was said."""
    others = [other for other in candidates if other is not said]
    return Heard(
        text=said.text,
        confidence=said.chance,
        words=sure_words([said, *others]),
        alternatives=tuple((other.text, other.chance) for other in others[:_ALTERNATIVES]),
        in_context=said.in_context,
    )
