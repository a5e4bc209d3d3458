"""Voices in transcripts: the recordings themselves, or the words that stand beside them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.hearing import Fetch, Hears
from engine.replay.errors import TranscriptError
from engine.replay.transcript import Step
from engine.speech.errors import (
    Busy,
    Damaged,
    NotAudio,
    NotFetched,
    Silent,
    TooBig,
    TooLong,
    TooShort,
    TooSlow,
    Unheard,
)
from engine.speech.expected import Expected
from engine.speech.heard import Heard, Word


class Prompter:
    """Ears that are told what to hear; no words at all are silence."""

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008 - a frozen value
        """What `recording` wrote into an upload. Raises `Silent`."""
        heard = msgspec.json.decode(upload, type=Heard)
        if not heard.text:
            raise Silent(seconds=0.0)
        return heard


#: What is raised for a `trouble` of a voice step; `no_ears` is to have nothing to fetch with.
_TROUBLES: dict[str, Exception] = {
    "busy": Busy(waiting=9),
    "damaged": Damaged(reason="a transcript says so"),
    "failed": RuntimeError("a transcript says so"),
    "not_audio": NotAudio(),
    "not_fetched": NotFetched("a transcript says so"),
    "too_big": TooBig(size=3_000_000, limit=2_000_000),
    "too_long": TooLong(limit=60.0),
    "too_short": TooShort(seconds=0.1, limit=0.3),
    "too_slow": TooSlow(limit=4.0),
    "unheard": Unheard(seconds=2.0),
}


def _heard(step: Step) -> Heard:
    """What is said; where only a part of it is unsure (the last such words), word by word."""
    text, unsure = step.heard or "", step.unsure
    if unsure is None:
        return Heard(text=text, confidence=step.confidence)
    before, _, after = text.rpartition(unsure)
    chances = ((before, 1.0), (unsure, step.confidence), (after, 1.0))
    words = tuple(Word(word, 0.0, 0.0, chance) for word, chance in chances if word)
    return Heard(text=text, confidence=step.confidence, words=words)


def recording(step: Step, index: int, folder: Path, ears: Hears) -> Fetch | None:
    """What the platform hands out for a voice step: its clip, or what the prompter reads.

    Raises `TranscriptError` where there is no such clip.
    """
    if step.trouble is not None:
        return _failing(_TROUBLES.get(step.trouble))
    if isinstance(ears, Prompter):
        upload = msgspec.json.encode(_heard(step))
    elif (clip := folder / (step.voice or "")).is_file():
        upload = clip.read_bytes()
    else:
        message = f"voice: there is no clip {clip}, and only `--voice text` does without"
        raise TranscriptError(message, place=("steps", index, "voice"))

    async def fetch(media_id: str) -> bytes:
        return upload

    return fetch


def _failing(error: Exception | None) -> Fetch | None:
    if error is None:
        return None

    async def fetch(media_id: str) -> bytes:
        raise error

    return fetch
