"""Recordings and what is said in them, read from manifests and kept as one array of samples.

A corpus is a directory with a `manifest.tsv`: a header line, then one clip a line. Columns are told
by the header: ``file`` (in the directory) and ``text`` must be there; ``syllables`` (pinyin without
tones; taken from the text where it is empty), ``speaker``, ``source`` and ``weight`` (how often
the clip is heard, 1 is once a round) may be.
"""

from __future__ import annotations

import csv
import hashlib
import json
import operator
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.speech.audio.decoding import decode
from engine.speech.audio.sound import RATE, Limits
from engine.speech.errors import BadManifest, BadUpload, Unspeakable
from engine.speech.units import spell

Samples = NDArray[np.int16]

MANIFEST = "manifest.tsv"

#: A whole sentence is shorter; what is longer costs memory and teaches little.
_LIMITS = Limits(longest_seconds=20.0, shortest_seconds=0.1)


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: where it is and what is said in it."""

    path: Path
    syllables: tuple[str, ...]
    text: str = ""
    speaker: str = ""
    source: str = ""
    weight: float = 1.0


def read_manifest(directory: Path) -> list[Clip]:
    """The clips of a corpus; raises `BadManifest` with the line."""
    path = directory / MANIFEST
    if not path.is_file():
        raise BadManifest(path, 0, "there is no such file")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := {"file", "text"} - set(rows.fieldnames or ()):
            raise BadManifest(path, 1, f"no column {', '.join(sorted(missing))}")
        return [_clip(directory, row, rows.line_num) for row in rows]


def _clip(directory: Path, row: dict[str, str], line: int) -> Clip:
    syllables = tuple((row.get("syllables") or "").split()) or _said(row["text"])
    try:
        spell(syllables)
        weight = float(row.get("weight") or 1.0)
    except (Unspeakable, ValueError) as error:
        raise BadManifest(directory / MANIFEST, line, str(error)) from error
    return Clip(
        directory / row["file"],
        syllables,
        row["text"],
        row.get("speaker") or directory.name,
        row.get("source") or directory.name,
        weight,
    )


def _said(text: str) -> tuple[str, ...]:
    from engine.speech.spoken.readings import syllables

    return tuple(syllables(text))


class Recordings:
    """Clips with their samples."""

    def __init__(self, clips: Iterable[Clip], sounds: Iterable[Samples]) -> None:
        self.clips = list(clips)
        self._sounds = list(sounds)

    def __len__(self) -> int:
        return len(self.clips)

    def __add__(self, other: Recordings) -> Recordings:
        return Recordings(self.clips + other.clips, self._sounds + other._sounds)

    def samples(self, at: int) -> Samples:
        """16 kHz samples of clip `at`."""
        return self._sounds[at]

    @property
    def hours(self) -> float:
        return sum(map(len, self._sounds)) / RATE / 3600


def load(clips: Sequence[Clip], cache: Path | None = None, *, workers: int = 2) -> Recordings:
    """Decoded clips, without those that cannot be decoded; `cache` keeps them for another time."""
    if cache is None:
        with tempfile.TemporaryDirectory() as passing:
            return load(clips, Path(passing), workers=workers)
    stem = cache / hashlib.sha256("\n".join(str(c.path) for c in clips).encode()).hexdigest()[:16]
    data, index = stem.with_suffix(".pcm"), stem.with_suffix(".json")
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _decode_all(clips, data, index, workers)
    ends = np.cumsum(json.loads(index.read_text()), dtype=np.int64)
    sounds = np.split(np.memmap(data, np.int16, "r"), ends[:-1])
    kept = [at for at, sound in enumerate(sounds) if len(sound)]
    return Recordings([clips[at] for at in kept], [sounds[at] for at in kept])


def load_all(corpora: Iterable[Sequence[Clip]], cache: Path) -> Recordings:
    """The recordings of several corpora, each kept by itself, so that another costs only itself."""
    return reduce(operator.add, (load(clips, cache) for clips in corpora))


def _decode_all(clips: Sequence[Clip], data: Path, index: Path, workers: int) -> None:
    lengths = []
    with data.open("wb") as file, ProcessPoolExecutor(workers) as pool:
        for samples in pool.map(_decoded, [clip.path for clip in clips], chunksize=64):
            lengths.append(len(samples) // 2)
            file.write(samples)
    index.write_text(json.dumps(lengths))


def _decoded(path: Path) -> bytes:
    try:
        return _trimmed(decode(path.read_bytes(), _LIMITS).samples)
    except (OSError, BadUpload):
        return b""


def _trimmed(samples: bytes) -> bytes:
    """Without the silence before and after, but for 60 ms."""
    sound = np.frombuffer(samples, np.int16)
    windows = np.abs(sound[: len(sound) // 160 * 160].reshape(-1, 160).astype(np.int32)).max(axis=1)
    loud = np.flatnonzero(windows > 0.02 * windows.max())
    return sound[max(0, loud[0] - 6) * 160 : (loud[-1] + 7) * 160].tobytes()


def rounds(weights: Iterable[float], rng: np.random.Generator) -> Iterator[int]:
    """Clips for ever, each as often in a round as it weighs, in an order that never repeats."""
    weight = np.asarray(list(weights))
    while True:
        often = np.floor(weight + rng.random(len(weight))).astype(np.int64)
        order = np.repeat(np.arange(len(weight)), often)
        rng.shuffle(order)
        yield from order.tolist()
