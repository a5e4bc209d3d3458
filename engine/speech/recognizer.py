"""Sound to text: a model that is loaded once, and a few threads that hear with it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from engine.speech.audio.sound import Sound
from engine.speech.context.grammar import Grammars
from engine.speech.errors import Busy
from engine.speech.expected import Expected
from engine.speech.heard import Heard
from engine.speech.hearing.engine import Engine
from engine.speech.hearing.listening import Listening
from engine.speech.hearing.stream import Stream
from engine.speech.hearing.threads import Stopped, Threads
from engine.speech.hearing.vosk import VoskEngine

#: An open question.
ANYTHING = Expected()


class Recognizer:
    """Hears sounds, ``workers`` of them at once; belongs to one event loop.

    >>> async with Recognizer.load(assets.models() / "speech" / "zh-banli") as recognizer:
    ...     heard = await recognizer.hear(sound, Expected(frozenset({"phone"})))
    """

    def __init__(
        self,
        engine: Engine,
        *,
        workers: int = 2,
        most_waiting: int = 32,
        most_streams: int = 16,
    ) -> None:
        self._engine = engine
        self._grammars = Grammars(engine.vocabulary)
        self._threads = Threads(workers=workers, most_waiting=most_waiting)
        self._most_streams = most_streams
        self._streams = 0

    @classmethod
    def load(cls, directory: Path, *, workers: int = 2) -> Recognizer:
        """With the Vosk model of a directory, which takes up to seconds; raises `NoModel`."""
        return cls(VoskEngine.load(directory), workers=workers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def hear(
        self, sound: Sound, expected: Expected = ANYTHING, *, patience: float = 4.0
    ) -> Heard:
        """The words in a sound; ``patience`` is in seconds and includes the waiting.

        Raises `Unheard` when there are none, `TooSlow` when hearing did not end in time, and
        `Busy` when it did not even begin, because too many wait or after `aclose`. Who is
        cancelled while waiting leaves no work behind.
        """

        def work(stopped: Stopped) -> Heard:
            listening = self._listening(expected)
            listening.feed(sound.samples, stopped)
            return listening.finish(stopped)

        return await self._threads.run(work, patience=patience)

    def stream(self, expected: Expected = ANYTHING, *, patience: float = 4.0) -> Stream:
        """Words while they are being said; raises `Busy` when too many streams are open."""
        if self._streams >= self._most_streams:
            raise Busy(waiting=self._streams)
        self._streams += 1
        return Stream(
            lambda: self._listening(expected), self._threads, patience=patience, ended=self._ended
        )

    async def aclose(self) -> None:
        """Give up what is being heard, refuse what waits."""
        await self._threads.aclose()

    def _listening(self, expected: Expected) -> Listening:
        return Listening(self._engine, self._grammars, expected)

    def _ended(self) -> None:
        self._streams -= 1
