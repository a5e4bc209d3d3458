"""Ears for a chat in the terminal: recordings are files, and a model loads when one is spoken."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.speech.ears import Ears
    from engine.speech.expected import Expected
    from engine.speech.heard import Heard


class LateEars:
    """Ears that open when they are first needed: a model of speech takes a while."""

    def __init__(self, model: Path, stack: AsyncExitStack) -> None:
        self._model = model
        self._stack = stack
        self._ears: Ears | None = None

    async def open(self) -> Ears:
        """Load the model, unless it is. Raises `SpeechError`."""
        from engine.wiring import open_ears

        if self._ears is None:
            self._ears = await open_ears(self._model, self._stack)
        return self._ears

    async def trouble(self, file: str) -> str:
        """Why a recording cannot be listened to at all: there is no model, or no such file."""
        from engine.speech.errors import SpeechError

        try:
            await self.open()
            await recording(file)
        except SpeechError as error:
            return str(error)
        except OSError as error:
            return f"{file}: {error.strerror}"
        return ""

    async def hear(self, upload: bytes, expected: Expected | None = None) -> Heard:
        """As `Ears.hear`."""
        from engine.speech.expected import Expected

        return await (await self.open()).hear(upload, expected or Expected())


async def recording(file: str) -> bytes:
    """The bytes behind a media id, which is a path here."""
    return await asyncio.to_thread(Path(file).read_bytes)
