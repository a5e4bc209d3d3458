"""WeChat's two layouts of Speex, told from each other and from everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.speech.audio.decoding import decode
from engine.speech.audio.sound import Limits
from engine.speech.audio.speex import FEWEST, HIGH_BAND, LOW_BAND, frames_of
from tests.speech.clips import after_lengths, clip, speex_frames


def frame_of(low: int, high: int) -> bytes:
    """A frame of these modes, its voice all ones."""
    rest = HIGH_BAND[high] - 4
    bits = f"0{low:04b}" + "1" * (LOW_BAND[low] - 5) + f"1{high:03b}" + "1" * rest
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


FRAMES = st.lists(
    st.builds(frame_of, st.integers(0, 8), st.integers(0, 4)), min_size=FEWEST, max_size=40
)


@given(frames=FRAMES)
def test_frames_of_any_modes_come_back_from_behind_their_lengths(frames: list[bytes]) -> None:
    assert frames_of(after_lengths(frames)) == frames


@given(frames=FRAMES)
def test_a_byte_too_many_or_too_few_is_no_speex(frames: list[bytes]) -> None:
    upload = after_lengths(frames)
    assert frames_of(upload + b"\xff") == []
    assert frames_of(upload[:-1]) == []


def test_frames_of_sixty_bytes_need_no_lengths() -> None:
    frames = speex_frames()
    assert frames_of(b"".join(frames)) == frames
    assert frames_of(b"".join(frames)[:-1]) == []


@given(upload=st.binary(max_size=600))
def test_other_bytes_are_no_speex(upload: bytes) -> None:
    assert frames_of(upload) == []


@pytest.mark.parametrize("text", ["幺三八充五十。" * 60, "0" * 600, "<xml/>\r\n" * 75])
def test_text_is_no_speex(text: str) -> None:
    assert frames_of(text.encode()) == []


def test_too_few_frames_are_no_proof() -> None:
    assert frames_of(after_lengths(speex_frames()[: FEWEST - 1])) == []


def test_both_layouts_sound_like_the_same_frames_in_ogg() -> None:
    limits = Limits()
    ogg = decode(clip("ogg-speex"), limits).samples
    for upload in (after_lengths(speex_frames()), b"".join(speex_frames())):
        sound = decode(upload, limits)
        assert sound.format == "speex"
        assert sound.samples == ogg
