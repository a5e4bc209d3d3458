"""Recordings to measure with."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bench.clips import Clip, clips_in, lengthened
from engine.bench.server import BenchError
from engine.speech.audio.decoder import Decoder
from engine.speech.expected import Expected

MONEY = Expected(frozenset({"money"}))


def amr(frames: int, fill: bytes = b"\0") -> bytes:
    return b"#!AMR\n" + (b"\x3c" + fill * 31) * frames


def test_clips_come_with_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "a.amr").write_bytes(amr(1))
    (tmp_path / "manifest.tsv").write_text("file\ttext\tkind\na.amr\t五十块\tmoney\n")
    assert clips_in(tmp_path) == [Clip(amr(1), MONEY)]


@pytest.mark.parametrize(
    "manifest", ["file\ttext\na.amr\t五十块\n", "file\tkind\ngone.amr\tmoney\n", "file\tkind\n"]
)
def test_a_manifest_that_cannot_be_used_is_named(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "a.amr").write_bytes(amr(1))
    (tmp_path / "manifest.tsv").write_text(manifest)
    with pytest.raises(BenchError, match=r"manifest\.tsv"):
        clips_in(tmp_path)


def test_no_manifest_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"manifest\.tsv"):
        clips_in(tmp_path)


async def test_messages_of_one_length_are_made_of_the_clips_in_amr(decoder: Decoder) -> None:
    clips = [Clip(amr(150, b"\x15"), MONEY), Clip(b"RIFF", MONEY), Clip(amr(200, b"\x2a"), MONEY)]
    made = lengthened(clips, seconds=5.0)
    assert [clip.expected for clip in made] == [MONEY, MONEY]
    assert (await decoder.decode(made[0].upload)).seconds == pytest.approx(5.0, abs=0.02)
    assert made[0].upload != made[1].upload


def test_clips_that_are_too_short_together_make_no_message() -> None:
    with pytest.raises(BenchError, match="5 s"):
        lengthened([Clip(amr(100), MONEY)], seconds=5.0)
