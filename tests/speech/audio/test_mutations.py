"""Files of every format, hurt at random: a sound or an error, and no process lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Sound
from engine.speech.errors import BadUpload, TooSlow
from tests.speech.clips import FORMATS, clip

MUTATIONS = 600


def mutated(seed: int) -> Iterator[tuple[str, bytes]]:
    """Clips of every format in turn, each hurt in one of five ways."""
    source = random.Random(seed)
    clips = [clip(name) for name in FORMATS]
    for number in range(MUTATIONS):
        name = FORMATS[number % len(FORMATS)]
        upload = bytearray(clip(name))
        at = source.randrange(len(upload))
        match source.randrange(5):
            case 0:
                for _ in range(source.randint(1, 40)):
                    upload[source.randrange(len(upload))] ^= 1 << source.randrange(8)
            case 1:
                # Where the sizes and types are.
                for _ in range(source.randint(1, 6)):
                    upload[source.randrange(min(200, len(upload)))] = source.randrange(256)
            case 2:
                del upload[at:]
            case 3:
                upload[at : at + source.randint(1, 500)] = source.randbytes(source.randint(0, 500))
            case _:
                upload[at:] = source.choice(clips)[at:]
        yield name, bytes(upload)


async def outcome(decoder: Decoder, upload: bytes) -> Sound | BadUpload:
    try:
        return await decoder.decode(upload)
    except BadUpload as error:
        return error


async def test_six_hundred_mutated_files_give_a_sound_or_an_error_and_cost_no_process() -> None:
    async with Decoder(most_waiting=MUTATIONS, lifetime=2 * MUTATIONS) as decoder:
        await asyncio.gather(*(decoder.decode(clip(name)) for name in FORMATS))
        before = sorted(decoder.pids)
        names, uploads = zip(*mutated(seed=1337), strict=True)
        outcomes = await asyncio.gather(*(outcome(decoder, upload) for upload in uploads))
        assert sorted(decoder.pids) == before
    assert len(outcomes) == MUTATIONS
    assert not any(isinstance(each, TooSlow) for each in outcomes)
    heard = {name for name, each in zip(names, outcomes, strict=True) if isinstance(each, Sound)}
    hurt = {name for name, each in zip(names, outcomes, strict=True) if isinstance(each, BadUpload)}
    assert heard == hurt == set(FORMATS)
