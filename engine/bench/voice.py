"""`banli bench voice`: what it costs to hear, in time and in memory."""

from __future__ import annotations

import asyncio
import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bench.clips import Clip, lengthened
from engine.bench.memory import private, resident
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Sound
from engine.speech.errors import Unheard

if TYPE_CHECKING:
    from engine.speech.recognizer import Recognizer

#: The length of the messages whose latency is measured, in seconds.
LENGTH = 5.0

#: Nobody waits here: the machine is measured, whatever else it does.
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    ``rtf`` is CPU seconds of recognition for a second of sound, all passes together, and ``p50``
    and ``p95`` are milliseconds from the upload of a message of `LENGTH` to its text: both with
    nothing else being heard. ``at_once`` is seconds of sound that all workers hear in a second.
    ``process_mb`` is what this process grew by, ``decoders_mb`` what the decoding processes have
    to themselves. ``unheard`` are clips without words.
    """

    clips: int
    unheard: int
    seconds: float
    workers: int
    rtf: float
    p50: float
    p95: float
    at_once: float
    process_mb: float
    decoders_mb: float

    @property
    def memory_mb(self) -> float:
        """All that voice adds."""
        return round(self.process_mb + self.decoders_mb, 1)

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return {**asdict(self), "memory_mb": self.memory_mb}


async def measure(
    directory: Path, clips: Sequence[Clip], *, workers: int, told: Callable[[str], None]
) -> Figures:
    """Hear the clips with a model; raises a `SpeechError`, or `BenchError` for clips too short."""
    messages = lengthened(clips, seconds=LENGTH)
    # What understanding texts has loaded anyway is none of what voice adds.
    importlib.import_module("engine.nlu.sounds")
    async with Decoder() as decoder, AsyncExitStack() as stack:
        sounds = [await decoder.decode(clip.upload) for clip in clips]
        before = resident()
        # Here, not above: loading it is a part of what voice costs.
        from engine.speech.recognizer import Recognizer

        told("loading the model")
        recognizer = await stack.enter_async_context(Recognizer.load(directory, workers=workers))
        hearing = _Hearing(recognizer, clips, sounds)
        await hearing.warm_up()
        told(f"hearing {len(clips)} clips")
        cpu = await hearing.one_by_one()
        told(f"hearing {len(messages)} messages of {LENGTH:g} s")
        latencies = [await hearing.latency(decoder, message) for message in messages]
        told(f"hearing {len(clips)} clips, {workers} at a time")
        elapsed = await hearing.at_once(workers)
        return Figures(
            clips=len(clips),
            unheard=hearing.unheard,
            seconds=round(hearing.seconds, 1),
            workers=workers,
            rtf=round(cpu / hearing.seconds, 4),
            p50=_percentile(latencies, 50),
            p95=_percentile(latencies, 95),
            at_once=round(hearing.seconds / elapsed, 1),
            process_mb=round(resident() - before, 1),
            decoders_mb=round(sum(map(private, decoder.pids)), 1),
        )


def _percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    cuts = statistics.quantiles([*seconds, seconds[-1]], n=100, method="inclusive")
    return round(cuts[percent - 1] * 1000, 1)


class _Hearing:
    """The same clips, heard in several ways."""

    def __init__(
        self, recognizer: Recognizer, clips: Sequence[Clip], sounds: Sequence[Sound]
    ) -> None:
        self._recognizer = recognizer
        self._pairs = list(zip(sounds, clips, strict=True))
        self.seconds = sum(sound.seconds for sound in sounds)
        self.unheard = 0

    async def warm_up(self) -> None:
        """What is made once for each kind of answer is made now."""
        for sound, clip in {clip.expected: (sound, clip) for sound, clip in self._pairs}.values():
            await self._hear(sound, clip)

    async def one_by_one(self) -> float:
        """CPU seconds for all of them."""
        began = time.process_time()
        for sound, clip in self._pairs:
            self.unheard += not await self._hear(sound, clip)
        return time.process_time() - began

    async def latency(self, decoder: Decoder, message: Clip) -> float:
        """Seconds from the upload to the text."""
        began = time.perf_counter()
        await self._hear(await decoder.decode(message.upload), message)
        return time.perf_counter() - began

    async def at_once(self, workers: int) -> float:
        """Seconds for all of them with so many at a time."""
        pairs = iter(self._pairs)

        async def work() -> None:
            for sound, clip in pairs:
                await self._hear(sound, clip)

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(workers)))
        return time.perf_counter() - began

    async def _hear(self, sound: Sound, clip: Clip) -> bool:
        try:
            await self._recognizer.hear(sound, clip.expected, patience=_PATIENCE)
        except Unheard:
            return False
        return True
