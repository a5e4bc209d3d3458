"""Manifests and the recordings that they name."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engine.speech.audio import wav
from engine.speech.corpus import load, load_all, read_manifest, rounds
from engine.speech.errors import BadManifest


def tone(seconds: float, silence: float = 0.0) -> bytes:
    """A WAV file: silence, a tone, silence."""
    at = np.arange(int(16_000 * seconds))
    loud = (8000 * np.sin(at / 5)).astype(np.int16)
    quiet = np.zeros(int(16_000 * silence), np.int16)
    return wav.written(np.concatenate([quiet, loud, quiet]).tobytes(), rate=16_000)


def corpus(folder: Path, manifest: str, **files: bytes) -> Path:
    """A folder with a manifest and files."""
    (folder / "manifest.tsv").write_text(manifest, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.wav").write_bytes(content)
    return folder


def test_a_manifest_needs_no_more_than_files_and_text(tmp_path: Path) -> None:
    [clip] = read_manifest(corpus(tmp_path, "file\ttext\na.wav\t国航幺二三四\n"))
    assert clip.syllables == ("guo", "hang", "yao", "er", "san", "si")
    assert (clip.speaker, clip.source, clip.weight) == (tmp_path.name, tmp_path.name, 1.0)


def test_columns_may_say_more(tmp_path: Path) -> None:
    lines = "text\tfile\tsyllables\tspeaker\tsource\tweight\n行\ta.wav\txing\tLi\tphone\t0.5\n"
    [clip] = read_manifest(corpus(tmp_path, lines))
    assert clip.path == tmp_path / "a.wav"
    assert (clip.syllables, clip.speaker, clip.source, clip.weight) == (
        ("xing",),
        "Li",
        "phone",
        0.5,
    )


@pytest.mark.parametrize(
    ("manifest", "line"),
    [
        ("file\na.wav\n", 1),
        ("file\ttext\tsyllables\na.wav\t好\thao\nb.wav\t好\thaox\n", 3),
        ("file\ttext\tweight\na.wav\t好\toften\n", 2),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, manifest: str, line: int) -> None:
    with pytest.raises(BadManifest) as error:
        read_manifest(corpus(tmp_path, manifest))
    assert error.value.line == line
    assert f"manifest.tsv:{line}:" in str(error.value)


def test_a_folder_without_a_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match="there is no such file"):
        read_manifest(tmp_path)


def test_clips_are_decoded_without_the_silence_around_and_damaged_ones_left_out(
    tmp_path: Path,
) -> None:
    lines = "file\ttext\na.wav\t好\nb.wav\t不好\nmissing.wav\t好\n"
    clips = read_manifest(corpus(tmp_path, lines, a=tone(0.5, silence=1.0), b=b"no sound"))
    recordings = load(clips, tmp_path / "cache")
    assert [clip.text for clip in recordings.clips] == ["好"]
    assert 0.5 <= len(recordings.samples(0)) / 16_000 <= 0.65


def test_what_was_decoded_is_kept_for_another_time(tmp_path: Path) -> None:
    clips = read_manifest(corpus(tmp_path, "file\ttext\na.wav\t好\n", a=tone(0.5)))
    first = load(clips, tmp_path / "cache").samples(0)
    (tmp_path / "a.wav").unlink()
    np.testing.assert_array_equal(load(clips, tmp_path / "cache").samples(0), first)


def test_corpora_are_put_one_after_the_other(tmp_path: Path) -> None:
    one = read_manifest(corpus(tmp_path, "file\ttext\na.wav\t好\n", a=tone(0.5), b=tone(0.7)))
    other = read_manifest(corpus(tmp_path, "file\ttext\nb.wav\t坏\n"))
    both = load_all([one, other], tmp_path / "cache")
    assert [clip.text for clip in both.clips] == ["好", "坏"]
    assert len(both.samples(1)) > len(both.samples(0))


def test_clips_are_heard_as_often_as_they_weigh() -> None:
    heard = list(islice(rounds([0.0, 1.0, 0.5, 2.0], np.random.default_rng(0)), 3500))
    counts = np.bincount(heard, minlength=4)
    assert counts[0] == 0
    assert counts[3] == pytest.approx(2 * counts[1], abs=10)
    assert counts[2] == pytest.approx(0.5 * counts[1], rel=0.1)
