"""Sound that went through a codec and back: what a telephone, a chat or a web page leaves of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from engine.speech.training.features import RATE, Floats


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder of FFmpeg, the container it is kept in, a rate (Hz), bit rates (bit/s) and how
    hard it tries: what is lost stays about the same, and trying hard takes most of the time.
    """

    name: str
    container: str
    rate: int
    bits: tuple[int, ...]
    level: str | None = None


#: What voice messages pass; AMR-NB is what the platform hands on, so it is drawn most.
CODECS = (
    Codec("libopencore_amrnb", "amr", 8000, (12_200, 12_200, 7_950, 5_900)),
    Codec("libopencore_amrnb", "amr", 8000, (12_200, 12_200, 10_200, 7_400)),
    Codec("libopus", "ogg", 16000, (8_000, 12_000, 16_000), "0"),
    Codec("libmp3lame", "mp3", 16000, (16_000, 24_000, 32_000), "9"),
    Codec("pcm_mulaw", "wav", 8000, (64_000,)),
)


def through(samples: Floats, rng: np.random.Generator) -> Floats:
    """The samples after a codec that is drawn, about as long as before."""
    codec = CODECS[rng.integers(len(CODECS))]
    kept = encoded(samples, codec, int(rng.choice(codec.bits)))
    return decoded(kept, codec.container)[: len(samples) + RATE // 10]


def encoded(samples: Floats, codec: Codec, bits: int) -> bytes:
    """A file of 16 kHz samples."""
    file = io.BytesIO()
    with av.open(file, "w", format=codec.container) as container:
        options = {"compression_level": codec.level} if codec.level else {}
        stream = cast(
            AudioStream,
            container.add_stream(codec.name, codec.rate, options=options, layout="mono"),
        )
        stream.bit_rate = bits
        context = stream.codec_context
        resampler = av.AudioResampler(
            context.format, "mono", codec.rate, frame_size=context.frame_size
        )
        for frame in [*resampler.resample(_frame(samples)), *resampler.resample(None)]:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def decoded(file: bytes, container: str) -> Floats:
    """16 kHz samples of a file."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(file), "r", format=container) as source:
        parts = [
            part.to_ndarray().ravel()
            for frame in [*source.decode(audio=0), None]
            for part in resampler.resample(frame)
        ]
    return np.concatenate(parts).astype(np.float32)


def _frame(samples: Floats) -> AudioFrame:
    frame = AudioFrame.from_ndarray(
        samples.astype(np.int16).reshape(1, -1), format="s16", layout="mono"
    )
    frame.sample_rate = RATE
    return frame
