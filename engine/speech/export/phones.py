"""The phones of the graph: silence, the blank inside of words, and every unit at four places.

A blank of CTC is *silence* between words, which is how Vosk knows pauses and word times, and
*inside* within one. Units are told apart by their place in the word, as Kaldi's word boundaries
want it, but all places share the unit's output.
"""

from __future__ import annotations

from collections.abc import Sequence

SILENCE = 1
INSIDE = 2

#: The output of the network that a blank is.
BLANK_OUTPUT = 0

#: Places of a unit in its word, as `word_boundary.int` names them.
BEGIN, MIDDLE, END, ALONE = range(4)
_PLACES = ("begin", "internal", "end", "singleton")


def phone(unit: int, place: int) -> int:
    """The phone of an output (from 1) at a place."""
    return INSIDE + 1 + len(_PLACES) * (unit - 1) + place


def placed(units: Sequence[int]) -> list[tuple[int, int]]:
    """Each unit of a word with its place."""
    if len(units) == 1:
        return [(units[0], ALONE)]
    first, *middle, last = units
    return [(first, BEGIN), *((unit, MIDDLE) for unit in middle), (last, END)]


def outputs(count: int) -> tuple[int, ...]:
    """The output that every phone is, for a network of `count` outputs."""
    units = range(1, count)
    return (BLANK_OUTPUT, BLANK_OUTPUT, *(unit for unit in units for _ in _PLACES))


def word_boundaries(count: int) -> str:
    """`word_boundary.int` for a network of `count` outputs."""
    lines = [f"{SILENCE} nonword", f"{INSIDE} internal"]
    for unit in range(1, count):
        lines += (f"{phone(unit, place)} {name}" for place, name in enumerate(_PLACES))
    return "\n".join(lines) + "\n"
