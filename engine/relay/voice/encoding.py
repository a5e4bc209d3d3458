"""Sound of ours as files: AMR for providers, MP3 for pages.

Foreign bytes never come here. They were decoded in a process of their own, and sound has no
structure that could lie.
"""

from __future__ import annotations

import io

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from engine.speech.audio.sound import RATE, WIDTH


def amr(samples: bytes) -> bytes:
    """AMR narrow band at 12.2 kbit/s, 8 kHz, as phones send it; `samples` as a `Sound` has them."""
    return _encoded(samples, "amr", "libopencore_amrnb", rate=8_000, bits=12_200)


def mp3(samples: bytes) -> bytes:
    """MP3 at 16 kHz and 48 kbit/s, which every browser plays; `samples` as a `Sound` has them."""
    return _encoded(samples, "mp3", "libmp3lame", rate=RATE, bits=48_000)


def _encoded(samples: bytes, container: str, codec: str, *, rate: int, bits: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)  # noqa: S101
        context = stream.codec_context
        context.bit_rate = bits
        context.open()
        resampler = av.AudioResampler(
            format=context.format, layout="mono", rate=rate, frame_size=context.frame_size
        )
        pieces = (*resampler.resample(_frame(samples)), *resampler.resample(None))
        for piece in (*pieces, None):
            output.mux(stream.encode(piece))
    return file.getvalue()


def _frame(samples: bytes) -> AudioFrame:
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // WIDTH)
    plane = frame.planes[0]
    # A plane is longer than its samples: FFmpeg aligns it.
    plane.update(samples.ljust(plane.buffer_size, b"\0"))
    frame.sample_rate = RATE
    return frame
