"""The names by which the airlines of flight numbers are called."""

from __future__ import annotations

from functools import cache

from engine import assets


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Two-character code → the spoken names of the airline, from the lexicon of airlines."""
    path = assets.data() / "lexicons" / "airlines.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {code: _spoken(name, aliases) for code, name, aliases in rows}


def _spoken(name: str, aliases: str) -> tuple[str, ...]:
    return tuple(each for each in (name, *aliases.split("|")) if each and not each.isascii())[:3]
