"""WAV of plain samples, which needs no decoding."""

from __future__ import annotations

import io
import wave

from engine.speech.audio.sound import RATE, WIDTH


def plain_samples(upload: bytes, *, most_bytes: int) -> bytes:
    """The samples of a WAV file that is 16 kHz, mono and 16 bit already, and a sample more than
    `most_bytes` at most; none for any other file, which FFmpeg is the judge of.
    """
    try:
        with wave.open(io.BytesIO(upload)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, WIDTH):
                return b""
            samples: bytes = file.readframes(most_bytes // WIDTH + 1)
    # The last is what a chunk raises that ends outside of the file.
    except (wave.Error, EOFError, RuntimeError):
        return b""
    return samples[: len(samples) // WIDTH * WIDTH]


def written(samples: bytes, *, rate: int = RATE) -> bytes:
    """A mono, 16 bit WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(WIDTH)
        writer.setframerate(rate)
        writer.writeframes(samples)
    return file.getvalue()
