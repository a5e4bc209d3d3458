"""Voices in transcripts: the recordings themselves, or the words that stand beside them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.hearing import Fetch, Hears
from engine.replay.errors import TranscriptError
from engine.replay.transcript import Step
from engine.speech.errors import Silent
from engine.speech.expected import Expected
from engine.speech.heard import Heard


class Prompter:
    """Ears that are told what to hear; no words at all are silence."""

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008 - a frozen value
        """What `recording` wrote into an upload. Raises `Silent`."""
        heard = msgspec.json.decode(upload, type=Heard)
        if not heard.text:
            raise Silent(seconds=0.0)
        return heard


def recording(step: Step, index: int, folder: Path, ears: Hears) -> Fetch:
    """What the platform hands out for a voice step: its clip, or what the prompter reads.

    Raises `TranscriptError` where there is no such clip.
    """
    if isinstance(ears, Prompter):
        heard = Heard(text=step.heard or "", confidence=step.confidence)
        upload = msgspec.json.encode(heard)
    elif (clip := folder / (step.voice or "")).is_file():
        upload = clip.read_bytes()
    else:
        message = f"voice: there is no clip {clip}, and only `--voice text` does without"
        raise TranscriptError(message, place=("steps", index, "voice"))

    async def fetch(media_id: str) -> bytes:
        return upload

    return fetch
