"""A second of tone in every format that is heard, encoded here."""

from __future__ import annotations

import io
import math
import random
from array import array
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from engine.speech.audio import wav
from engine.speech.audio.sound import RATE, Sound

HERE = Path(__file__).parent / "audio"

#: Hertz of every clip's tone.
PITCH = 440

#: By name of the format: FFmpeg's container, encoder and rate, for those that PyAV can write.
ENCODED = {
    "amr-nb": ("amr", "libopencore_amrnb", 8000),
    "ogg-opus": ("ogg", "libopus", 48000),
    "webm-opus": ("webm", "libopus", 48000),
    "mp3": ("mp3", "mp3", 44100),
    "m4a": ("mp4", "aac", 44100),
    "aac": ("adts", "aac", 44100),
    "flac": ("flac", "flac", 44100),
}

FORMATS = (*ENCODED, "amr-wb", "ogg-speex", "speex", "wav")


def tone(
    seconds: float = 1.0, *, rate: int = RATE, level: float = -12.0, pitch: float = PITCH
) -> bytes:
    """A sine of `level` dB of full scale, as 16 bit samples."""
    peak = 32767 * 10 ** (level / 20)
    turn = 2 * math.pi * pitch / rate
    return array(
        "h", (int(peak * math.sin(turn * n)) for n in range(int(seconds * rate)))
    ).tobytes()


def hiss(seconds: float, *, level: float) -> bytes:
    """White noise whose root mean square is `level` dB of full scale."""
    source = random.Random(7)
    spread = 32768 * 10 ** (level / 20)
    return array("h", (int(source.gauss(0, spread)) for _ in range(int(seconds * RATE)))).tobytes()


def encoded(samples: bytes, *, container: str, codec: str, rate: int, source: int = RATE) -> bytes:
    """Mono samples at the rate `source`, in a container."""
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
    frame.planes[0].update(samples.ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate = source
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None), None):
            output.mux(stream.encode(piece))
    return file.getvalue()


def speex_frames() -> list[bytes]:
    """The frames in the Ogg Speex clip, as WeChat sends them without Ogg."""
    with av.open(HERE / "tone.spx") as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]


def after_lengths(frames: list[bytes]) -> bytes:
    """WeChat's layout with a length byte before each frame."""
    return b"".join(bytes([len(frame)]) + frame for frame in frames)


@cache
def clip(name: str) -> bytes:
    """The tone in the format of this name."""
    if name in ENCODED:
        container, codec, rate = ENCODED[name]
        return encoded(tone(), container=container, codec=codec, rate=rate)
    if name == "speex":
        return after_lengths(speex_frames())
    if name == "wav":
        return wav.written(tone())
    return (HERE / {"amr-wb": "tone.awb", "ogg-speex": "tone.spx"}[name]).read_bytes()


def pitch_of(sound: Sound) -> float:
    """Hertz of a tone, from its rising zero crossings; the ends, where encoders fade, left out."""
    samples = array("h", sound.samples)[RATE // 5 : -RATE // 5]
    rising = sum(low < 0 <= high for low, high in pairwise(samples))
    return rising * RATE / len(samples)
