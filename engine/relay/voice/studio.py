"""Recordings of any kind, made into the two files of a voice message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from engine.relay.voice import encoding
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Limits, Sound
from engine.speech.errors import SpeechError

_log = structlog.get_logger("relay")

#: The platform's own 60 s; a minute of uncompressed sound fits, for those who send a file.
LIMITS = Limits(upload_bytes=10 * 1024 * 1024, patience=5.0)


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice message: `narrow` is AMR at 8 kHz, `wide` is MP3 at 16 kHz."""

    narrow: bytes
    wide: bytes
    seconds: float


class Studio:
    """Decodes in processes of their own, which the first recording starts; encodes in threads.

    All that decodes raises the errors of `engine.speech.errors`.
    """

    def __init__(self) -> None:
        self._decoder = Decoder(limits=LIMITS)

    async def record(self, upload: bytes) -> Recording:
        """What a terminal recorded, in whichever format, as a voice message."""
        sound = await self.listen(upload)
        narrow, wide = await asyncio.gather(
            asyncio.to_thread(encoding.amr, sound.samples),
            asyncio.to_thread(encoding.mp3, sound.samples),
        )
        return Recording(narrow, wide, round(sound.seconds, 1))

    async def listen(self, upload: bytes) -> Sound:
        """The sound in an upload."""
        return await self._decoder.decode(upload)

    async def seconds(self, file: bytes) -> float:
        """How long a file lasts that was listened to when it came; 0 when it cannot be now."""
        try:
            return round((await self.listen(file)).seconds, 1)
        except SpeechError as error:
            _log.warning("voice", problem=str(error))
            return 0.0

    async def playable(self, file: bytes) -> bytes:
        """A file as MP3, which every browser plays: none plays AMR."""
        sound = await self.listen(file)
        return await asyncio.to_thread(encoding.mp3, sound.samples)

    async def close(self) -> None:
        """End the processes."""
        await self._decoder.close()
