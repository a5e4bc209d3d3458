"""What is decoded, and how much of it."""

from __future__ import annotations

import msgspec

#: Samples a second, of every `Sound`: what recognizers of speech listen to.
RATE = 16_000
#: Bytes of one sample: signed 16 bit, little-endian.
WIDTH = 2
#: Encoders fill their last frame and add their delay: a 60 s message decodes to a little more.
PADDING_SECONDS = 0.5


class Sound(msgspec.Struct, frozen=True, tag=True):
    """Sound as it is heard: ``samples`` are 16 kHz, mono, signed 16 bit, little-endian.

    ``format`` says what it was, such as ``amr-nb``, ``speex``, ``ogg-opus`` or ``wav``.
    """

    samples: bytes
    format: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / (RATE * WIDTH)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much of an upload is looked at; the platform's own limits are 2 MB and 60 s.

    ``patience`` is how many seconds the decoding of one upload may take.
    """

    upload_bytes: int = 2 * 1024 * 1024
    longest_seconds: float = 60.0
    shortest_seconds: float = 0.2
    patience: float = 2.0

    @property
    def most_bytes(self) -> int:
        """Size of the samples at which decoding stops."""
        return int((self.longest_seconds + PADDING_SECONDS) * RATE) * WIDTH
