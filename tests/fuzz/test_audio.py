"""Voice messages hurt at random: a sound or an error, and no process lost."""

from __future__ import annotations

import asyncio
from itertools import islice

from engine.speech.audio.decoder import Decoder
from engine.speech.errors import BadUpload
from tests.fuzz.mutating import INPUTS, mutated
from tests.speech.clips import FORMATS, clip

WORDS = [b"RIFF", b"WAVE", b"OggS", b"fLaC", b"ID3", b"#!AMR\n", b"moov", b"\x7f\xff\xff\xff"]


async def outcome(decoder: Decoder, upload: bytes) -> str:
    try:
        await decoder.decode(upload)
    except BadUpload as error:
        return type(error).__name__
    return "heard"


async def test_a_recording_is_decoded_or_refused() -> None:
    seeds = [clip(name) for name in FORMATS]
    async with Decoder(most_waiting=64, lifetime=2 * INPUTS + 100) as decoder:
        await asyncio.gather(*(decoder.decode(seed) for seed in seeds))
        before = sorted(decoder.pids)
        outcomes: set[str] = set()
        inputs = mutated("audio", seeds, WORDS)
        while uploads := list(islice(inputs, 32)):
            outcomes.update(await asyncio.gather(*(outcome(decoder, each) for each in uploads)))
        assert sorted(decoder.pids) == before
    assert {"heard", "Damaged"} <= outcomes
    assert "TooSlow" not in outcomes
