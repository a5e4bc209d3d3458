"""Foreign bytes to sound, by FFmpeg; runs in the worker process only.

FFmpeg would try every reader it has on unknown bytes, and some of those open the files and
addresses that the bytes name. So the reader is fixed by the first bytes, no protocol is allowed,
and only decoders of sound that are expected may run.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from engine.speech.audio import amr, formats, loudness, speex, wav
from engine.speech.audio.formats import Container
from engine.speech.audio.sound import RATE, WIDTH, Limits, Sound
from engine.speech.errors import Damaged, NotAudio, Silent, TooLong, TooShort

#: Rates that a recording may have. A header can claim any, and the resampler takes memory and time
#: in proportion: seconds for 1.4 GHz, and at 1 Hz it makes 16,000 samples out of each one.
RATES = range(4_000, 192_001)


def decode(upload: bytes, limits: Limits) -> Sound:
    """The sound in an upload.

    Raises `NotAudio`, `Damaged`, `TooLong`, `TooShort` or `Silent`.
    """
    try:
        sound = _sound_of(upload, limits)
    # What FFmpeg refuses, what its wrapper refuses (a format that changes), and sizes that lie.
    except (av.FFmpegError, ValueError, MemoryError) as error:
        raise Damaged(reason=str(error) or type(error).__name__) from error
    if not sound.samples:
        raise Damaged(reason="no sound in it")
    if sound.seconds < limits.shortest_seconds:
        raise TooShort(seconds=sound.seconds, limit=limits.shortest_seconds)
    if loudness.is_silent(sound.samples):
        raise Silent(seconds=sound.seconds)
    return sound


def rehearse(limits: Limits) -> None:
    """Decode something of our own once: PyAV imports modules at its first stream, and later no
    file may be opened.
    """
    tone = array("h", [8192, -8192] * 4000)
    decode(wav.written(tone.tobytes(), rate=8000), limits)


def _sound_of(upload: bytes, limits: Limits) -> Sound:
    container = formats.container_of(upload)
    if container is None:
        if frames := speex.frames_of(upload):
            return Sound(_samples(_from_speex(frames), limits), "speex")
        raise NotAudio(found=formats.unheard(upload))
    if container.name == "wav" and (
        plain := wav.plain_samples(upload, most_bytes=limits.most_bytes)
    ):
        _check_length(plain, limits)
        return Sound(plain, "wav")
    with _opened(upload, container) as file:
        stream = _audio_of(file, container)
        samples = _samples(_from_stream(file, stream), limits)
        return Sound(samples, container.called(stream.codec_context.name))


def _opened(upload: bytes, container: Container) -> InputContainer:
    options = {
        "format_whitelist": container.demuxer,
        "protocol_whitelist": "none",
        "codec_whitelist": ",".join(sorted(formats.CODECS)),
    }
    return av.open(
        io.BytesIO(upload),
        "r",
        format=container.demuxer,
        options=options,
        metadata_errors="ignore",
    )


def _audio_of(file: InputContainer, container: Container) -> AudioStream:
    if not file.streams.audio:
        raise NotAudio(found=f"{container.name} without sound")
    stream = file.streams.audio[0]
    # None where FFmpeg has no decoder, whatever its type says; using it has crashed PyAV.
    context: AudioCodecContext | None = stream.codec_context
    if context is None or context.name not in formats.CODECS:
        raise NotAudio(found=container.called(context.name if context else "unknown codec"))
    return stream


def _from_stream(file: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """The frames of a stream. A last packet that was cut off is let go; a lost one before it is
    not, because a word that is missing can change what was said.
    """
    lost: av.FFmpegError | None = None
    for packet in file.demux(stream):
        try:
            frames = _decoded(packet, stream)
        except av.InvalidDataError as error:
            lost = error
            continue
        if lost and frames and packet.size:
            raise lost
        yield from frames


def _decoded(packet: av.Packet[AudioStream], stream: AudioStream) -> list[AudioFrame]:
    codec = stream.codec_context.name
    if not amr.is_pause(memoryview(packet), codec):
        return packet.decode()
    rate = amr.RATES[codec]
    pause = AudioFrame(format="fltp", layout="mono", samples=rate // 50)
    pause.sample_rate = rate
    pause.planes[0].update(bytes(pause.planes[0].buffer_size))
    return [pause]


def _from_speex(packets: Iterable[bytes]) -> Iterator[AudioFrame]:
    context = AudioCodecContext.create("speex", "r")
    context.sample_rate = RATE
    context.layout = "mono"
    for packet in packets:
        yield from context.decode(av.Packet(packet))


def _samples(frames: Iterable[AudioFrame], limits: Limits) -> bytes:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = bytearray()
    for frame in chain(frames, [None]):
        if frame and frame.sample_rate not in RATES:
            raise Damaged(reason=f"a sample rate of {frame.sample_rate} Hz")
        for piece in resampler.resample(frame):
            # A plane is longer than its samples: FFmpeg aligns it.
            samples += memoryview(piece.planes[0])[: piece.samples * WIDTH]
        _check_length(samples, limits)
    return bytes(samples)


def _check_length(samples: bytes | bytearray, limits: Limits) -> None:
    if len(samples) > limits.most_bytes:
        raise TooLong(limit=limits.longest_seconds)
