"""Strings of digits for a grammar, in which every digit follows every other equally often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def every_pair(symbols: str) -> str:
    """The symbols in an order in which each pair of neighbours occurs once, the ends meeting.

    It is a de Bruijn sequence of order 2: the Lyndon words of at most two symbols, in order.

    >>> every_pair("一二三")
    '一一二一三二二三三'
    """
    pieces = (
        first + "".join(first + later for later in symbols[at + 1 :])
        for at, first in enumerate(symbols)
    )
    return "".join(pieces)


def strings(symbols: str, *, length: int, starts: Sequence[str] = ("",)) -> Iterator[str]:
    """Strings of ``length`` that hold every pair of symbols, beginning with the starts in turn."""
    circle = every_pair(symbols)
    circle += circle[0]
    at = count = 0
    while at < len(circle) - 1:
        start = starts[count % len(starts)]
        piece = circle[at : at + length - len(start)]
        yield start + piece
        at += len(piece) - 1 or 1
        count += 1
