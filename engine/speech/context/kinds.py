"""The file that says how each kind of value sounds: `data/speech/context.yaml`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from engine import assets
from engine.speech.context.digits import strings
from engine.speech.errors import BadTable


class Digits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Digits said one by one: strings of ``length`` in which ``symbols`` follow each other freely.

    ``starts`` are how such a string begins, one after the other.
    """

    symbols: str
    length: int
    starts: tuple[str, ...] = ("",)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be said where a kind of value is asked for.

    ``phrases`` are wholes, or pieces that combine; each counts ``weight`` times as much as one of
    another kind. ``digits`` may be of several sorts, such as all numerals, or letters among them.
    ``lexicons`` are tables of `data/lexicons/` whose names and aliases are phrases
    as well, and ``also`` names kinds that are said along with this one.
    """

    phrases: tuple[str, ...] = ()
    digits: tuple[Digits, ...] = ()
    lexicons: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weight: int = 1


@cache
def kinds(file: Path | None = None) -> dict[str, Kind]:
    """Every kind of the file, by name; raises `BadTable`."""
    path = file or assets.data() / "speech" / "context.yaml"
    try:
        known = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Kind])
    except (OSError, msgspec.MsgspecError) as error:
        raise BadTable(path, 0, str(error)) from error
    for name, kind in known.items():
        if missing := [other for other in kind.also if other not in known]:
            raise BadTable(path, 0, f"{name} names {missing[0]}, which is no kind")
    return known


def phrases_of(kind: Kind) -> Iterator[str]:
    """Everything that is said for a kind but digits, as written, weights not yet counted."""
    yield from kind.phrases
    for name in kind.lexicons:
        yield from _names(assets.data() / "lexicons" / name)


def digit_strings(kind: Kind) -> Iterator[str]:
    """The strings of digits of a kind that has some."""
    for digits in kind.digits:
        yield from strings(digits.symbols, length=digits.length, starts=digits.starts)


def _names(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            yield row["name"]
            yield from filter(None, row["aliases"].split("|"))
