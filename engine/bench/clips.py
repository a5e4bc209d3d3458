"""Voice messages to measure with: recordings of a manifest, and messages of one length of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bench.server import BenchError
from engine.speech.expected import Expected

_AMR = b"#!AMR\n"
_FRAME_SECONDS = 0.02
#: A frame of AMR narrow band at 12.2 kbit/s: its first byte, and how many it has (RFC 4867, 5.3).
_FRAME, _FRAME_BYTES = b"\x3c", 32


@dataclass(frozen=True, slots=True)
class Clip:
    """An upload, and what was expected when it came."""

    upload: bytes
    expected: Expected


def clips_in(directory: Path) -> list[Clip]:
    """The clips of a `manifest.tsv` with the columns ``file`` and ``kind``; raises `BenchError`."""
    manifest = directory / "manifest.tsv"
    try:
        with manifest.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        clips = [
            Clip((directory / row["file"]).read_bytes(), Expected(frozenset({row["kind"]})))
            for row in rows
        ]
    except (OSError, KeyError) as error:
        raise BenchError(f"{manifest} cannot be used: {error}") from error
    if not clips:
        raise BenchError(f"{manifest} names no clips")
    return clips


def lengthened(clips: Sequence[Clip], *, seconds: float) -> list[Clip]:
    """Messages of exactly so many seconds: each AMR clip, gone on with the ones after it.

    Raises `BenchError` when all of them together are too short.
    """
    spoken = [(clip, frames) for clip in clips if (frames := _frames(clip.upload))]
    size = round(seconds / _FRAME_SECONDS) * _FRAME_BYTES
    if sum(len(frames) for _, frames in spoken) < size:
        raise BenchError(f"there are no {seconds:g} s of clips in AMR at 12.2 kbit/s")
    return [
        Clip(_AMR + b"".join(frames for _, frames in spoken[at:] + spoken[:at])[:size], expected)
        for at, expected in enumerate(clip.expected for clip, _ in spoken)
    ]


def _frames(upload: bytes) -> bytes:
    """The frames of an upload that has nothing but frames of the one size."""
    body = upload.removeprefix(_AMR)
    firsts = {body[at : at + 1] for at in range(0, len(body), _FRAME_BYTES)}
    return body if len(body) < len(upload) and firsts == {_FRAME} else b""
