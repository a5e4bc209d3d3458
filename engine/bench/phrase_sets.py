"""Labelled phrases divided for training and testing, as files of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bench.server import BenchError

#: What a part of a set may be called, the first that is there; and its kinds of files.
TRAIN, TEST, REJECT = ("train",), ("test", "dev"), ("oos", "reject")
SUFFIXES = (".jsonl", ".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class PhraseSet:
    """Files to train with and to test on; ``reject`` are rows that no intent should take."""

    name: str
    train: Path
    test: Path
    reject: Sequence[Path]


def sets_in(folder: Path, *, reject: Sequence[Path] = ()) -> list[PhraseSet]:
    """The set in a folder, or those in its folders, by name. Raises `BenchError` for none.

    A set is ``train`` with ``test`` (without one, ``dev``), and ``oos`` where there is one.
    """
    below = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    found = [each for place in (folder, *below) if (each := set_in(place, reject=reject))]
    if not found:
        raise BenchError(f"{folder} has no train and test (or dev) of {', '.join(SUFFIXES)}")
    return found


def set_in(folder: Path, *, reject: Sequence[Path] = ()) -> PhraseSet | None:
    """The set whose files are in this folder itself."""
    train, test = part(folder, TRAIN), part(folder, TEST)
    if train is None or test is None:
        return None
    own = part(folder, REJECT)
    return PhraseSet(folder.resolve().name, train, test, [*([own] if own else []), *reject])


def part(folder: Path, names: Sequence[str]) -> Path | None:
    """The file of the first of these names that is there."""
    paths = (folder / f"{name}{suffix}" for name in names for suffix in SUFFIXES)
    return next((path for path in paths if path.is_file()), None)
