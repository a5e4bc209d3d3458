"""Uploads of every format become the same sound; everything else becomes an error that says why."""

from __future__ import annotations

import io

import av
import pytest
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from hypothesis import given
from hypothesis import strategies as st

from engine.speech.audio import formats, wav
from engine.speech.audio.decoding import decode
from engine.speech.audio.sound import RATE, Limits
from engine.speech.errors import BadUpload, Damaged, NotAudio, Silent, TooLong, TooShort
from tests.speech.clips import ENCODED, FORMATS, PITCH, clip, encoded, hiss, pitch_of, tone

LIMITS = Limits()

#: A frame of AMR without data: one byte for 20 ms.
NOTHING_SAID = b"\x7c"


@pytest.mark.parametrize("name", FORMATS)
def test_a_second_of_any_format_is_a_second_of_the_same_tone(name: str) -> None:
    sound = decode(clip(name), LIMITS)
    assert sound.format == name
    assert sound.seconds == pytest.approx(1.0, abs=0.06)
    assert pitch_of(sound) == pytest.approx(PITCH, abs=3)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000])
def test_a_wav_file_of_another_rate_is_resampled(rate: int) -> None:
    sound = decode(wav.written(tone(rate=rate), rate=rate), LIMITS)
    assert sound.format == "wav"
    assert sound.seconds == pytest.approx(1.0, abs=0.001)
    assert pitch_of(sound) == pytest.approx(PITCH, abs=3)


def test_a_wav_file_of_the_right_form_is_taken_as_it_is() -> None:
    assert decode(wav.written(tone()), LIMITS).samples == tone()


@pytest.mark.parametrize("rate", [1, 3999, 192_001, 1_426_079_360])
def test_a_rate_that_nobody_records_at_is_not_resampled(rate: int) -> None:
    with pytest.raises(Damaged) as caught:
        decode(wav.written(tone(), rate=rate), LIMITS)
    assert caught.value.reason == f"a sample rate of {rate} Hz"


def test_both_ears_of_a_stereo_file_are_heard() -> None:
    resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
    frame = av.AudioFrame(format="s16", layout="mono", samples=RATE)
    frame.planes[0].update(tone())
    frame.sample_rate = RATE
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as output:
        stream = output.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        for piece in resampler.resample(frame):
            output.mux(stream.encode(piece))
    sound = decode(file.getvalue(), LIMITS)
    assert sound.seconds == 1.0
    assert pitch_of(sound) == pytest.approx(PITCH, abs=3)


def test_decoding_stops_at_the_longest_that_is_listened_to() -> None:
    eleven_hours = b"#!AMR\n" + NOTHING_SAID * 2_000_000
    with pytest.raises(TooLong) as caught:
        decode(eleven_hours, LIMITS)
    assert caught.value.limit == 60


@pytest.mark.parametrize(
    ("name", "begin", "size", "pause"),
    [
        ("amr-nb", b"#!AMR\n", 13, b"\x44" + bytes(5)),
        ("amr-nb", b"#!AMR\n", 13, NOTHING_SAID),
        ("amr-wb", b"#!AMR-WB\n", 33, b"\x4c" + bytes(5)),
        ("amr-wb", b"#!AMR-WB\n", 33, NOTHING_SAID),
    ],
)
def test_a_phone_may_send_nothing_while_nobody_speaks(
    name: str, begin: bytes, size: int, pause: bytes
) -> None:
    whole = clip(name)
    middle = len(begin) + 25 * size
    sound = decode(whole[:middle] + pause * 50 + whole[middle:], LIMITS)
    assert sound.seconds == pytest.approx(decode(whole, LIMITS).seconds + 1, abs=0.001)
    assert set(sound.samples[RATE * 2 : RATE * 2 + RATE // 2]) == {0}


def test_a_message_of_just_the_longest_is_heard_though_encoders_add_a_little() -> None:
    limits = Limits(longest_seconds=1.0)
    assert decode(clip("aac"), limits).seconds > 1.0
    with pytest.raises(TooLong):
        decode(wav.written(tone(1.6)), limits)
    with pytest.raises(TooLong):
        decode(wav.written(tone(1.6, rate=8000), rate=8000), limits)


def test_what_is_too_short_for_a_word_says_how_short_it_is() -> None:
    with pytest.raises(TooShort) as caught:
        decode(wav.written(tone(0.15)), LIMITS)
    assert (caught.value.seconds, caught.value.limit) == (0.15, 0.2)


@pytest.mark.parametrize("samples", [bytes(2 * RATE), hiss(1, level=-62), tone(level=-60)])
def test_silence_and_the_hiss_of_a_microphone_are_silent(samples: bytes) -> None:
    with pytest.raises(Silent) as caught:
        decode(wav.written(samples), LIMITS)
    assert caught.value.seconds == 1.0


@pytest.mark.parametrize("name", ENCODED)
def test_silence_is_silent_after_any_codec(name: str) -> None:
    container, codec, rate = ENCODED[name]
    upload = encoded(bytes(2 * RATE), container=container, codec=codec, rate=rate)
    with pytest.raises(Silent):
        decode(upload, LIMITS)


@pytest.mark.parametrize(
    ("upload", "found"),
    [
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), ""),
        ("值机".encode() * 50, ""),
        (b"\xff\xfe" + "值机".encode("utf-16-le"), ""),
        (b"#!SILK_V3" + bytes(50), "silk"),
        (b"\x02#!SILK_V3" + bytes(50), "silk"),
    ],
)
def test_what_is_not_audio_is_called_by_its_name_if_that_is_known(
    upload: bytes, found: str
) -> None:
    with pytest.raises(NotAudio) as caught:
        decode(upload, LIMITS)
    assert caught.value.found == found


def test_a_film_without_sound_is_not_audio() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream("mpeg4", rate=10)
        assert isinstance(stream, VideoStream)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for picture in (VideoFrame(32, 32, "yuv420p"), None):
            output.mux(stream.encode(picture))
    with pytest.raises(NotAudio) as caught:
        decode(file.getvalue(), LIMITS)
    assert caught.value.found == "m4a without sound"


def test_a_codec_that_is_not_expected_does_not_run() -> None:
    upload = encoded(tone(rate=48000), container="wav", codec="adpcm_ms", rate=48000, source=48000)
    with pytest.raises(NotAudio) as caught:
        decode(upload, LIMITS)
    assert caught.value.found.startswith("wav")


@pytest.mark.parametrize("name", ["ogg-opus", "webm-opus", "mp3", "aac", "flac", "amr-nb"])
def test_a_recording_that_was_cut_off_is_heard_up_to_there(name: str) -> None:
    container, codec, rate = ENCODED[name]
    # Ogg comes in pages of a second, and a page that was cut off is lost.
    whole = encoded(tone(4), container=container, codec=codec, rate=rate)
    sound = decode(whole[: int(len(whole) * 0.8)], LIMITS)
    assert 2 <= sound.seconds < 3.5


def test_a_recording_that_lost_its_middle_is_damaged() -> None:
    upload = bytearray(clip("aac"))
    frames = [at for at in range(len(upload)) if upload[at : at + 2] == b"\xff\xf1"]
    middle = frames[len(frames) // 2]
    upload[middle + 7 : middle + 60] = b"\xff" * 53
    with pytest.raises(Damaged) as caught:
        decode(bytes(upload), LIMITS)
    assert caught.value.reason


@pytest.mark.parametrize("container", formats.CONTAINERS, ids=lambda each: each.name)
@given(rest=st.binary(max_size=400))
def test_the_first_bytes_alone_prove_nothing(container: formats.Container, rest: bytes) -> None:
    beginnings = {"wav": b"RIFF\0\0\0\0WAVE", "m4a": b"\0\0\0\x18ftyp", "aac": b"\xff\xf1"}
    begin = beginnings.get(container.name) or clip(FIRST.get(container.name, container.name))[:9]
    try:
        assert decode(begin + rest, LIMITS).seconds >= LIMITS.shortest_seconds
    except BadUpload as error:
        assert type(error) in {NotAudio, Damaged, TooShort, Silent, TooLong}  # noqa: PT017


FIRST = {"ogg": "ogg-opus", "webm": "webm-opus"}
