"""Ears: the bytes of a voice message in, what was heard out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import structlog

from engine.speech.audio.sound import Sound
from engine.speech.expected import Expected
from engine.speech.heard import Heard

log = structlog.get_logger(__name__)


class Decodes(Protocol):
    """`audio.decoder.Decoder`, or a smaller one in tests."""

    async def decode(self, upload: bytes) -> Sound:
        """The sound in an upload. Raises a `SpeechError`."""


class Recognizes(Protocol):
    """`recognizer.Recognizer`, or a smaller one in tests."""

    async def hear(self, sound: Sound, expected: Expected = ..., *, patience: float = ...) -> Heard:
        """The words in a sound. Raises a `SpeechError`."""


#: Seconds for recognizing one message: a customer waits.
PATIENCE = 4.0


class Ears:
    """Decodes, then recognizes, for at most ``patience`` seconds; both refuse what takes longer.

    ``timed`` is told the seconds of work, and those of sound, of each message that was heard;
    ``in_pool`` is entered for the time that a work is waited for, by the name of its pool.
    """

    def __init__(
        self,
        decoder: Decodes,
        recognizer: Recognizes,
        *,
        patience: float = PATIENCE,
        timed: Callable[[float, float], None] = lambda work, sound: None,
        in_pool: Callable[[str], AbstractContextManager[None]] = lambda pool: nullcontext(),
    ) -> None:
        self._in_pool = in_pool
        self._timed = timed
        self._decoder = decoder
        self._recognizer = recognizer
        self._patience = patience

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008 - a frozen value
        """What is said in an upload. Raises a `SpeechError`. What was said is not logged."""
        began = time.perf_counter()
        with self._in_pool("decode"):
            sound = await self._decoder.decode(upload)
        decoded = time.perf_counter()
        with self._in_pool("hear"):
            heard = await self._recognizer.hear(sound, expected, patience=self._patience)
        self._timed(time.perf_counter() - began, sound.seconds)
        log.info(
            "heard",
            format=sound.format,
            seconds=round(sound.seconds, 2),
            decode_ms=_ms(decoded - began),
            hear_ms=_ms(time.perf_counter() - decoded),
            confidence=round(heard.confidence, 3),
            in_context=heard.in_context,
            characters=len(heard.text),
        )
        return heard


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
