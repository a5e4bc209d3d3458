"""A back-off model of words, and the ARPA format that programs exchange such models in.

The format is that of Doug Paul, as ``ngram-format(5)`` of SRILM describes it: probabilities and
back-off weights as decimal logarithms, ``-99`` for the probability of a word that only begins.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO, cast

from engine.speech.errors import BadTable

BEGIN, END = "<s>", "</s>"
#: log10 of a probability of nothing, and of ``<s>``.
NEVER = -99.0

Words = tuple[str, ...]
#: (log10 p of the last word after the others, log10 of the back-off weight after all of them).
Entry = tuple[float, float]


class NGrams:
    """Order → {words: `Entry`}; ``orders[0]`` holds the single words."""

    def __init__(self, orders: list[dict[Words, Entry]]) -> None:
        self.orders = orders

    @property
    def vocabulary(self) -> set[str]:
        """Every word of the model, with ``<s>`` and ``</s>``."""
        return {words[0] for words in self.orders[0]}

    def log10(self, history: Words, word: str) -> float:
        """log10 P(word | history); a word outside of the vocabulary is `NEVER`."""
        history = history[max(0, len(history) - len(self.orders) + 1) :]
        weight = 0.0
        while True:
            entry = self.orders[len(history)].get((*history, word))
            if entry is not None:
                return weight + entry[0]
            if not history:
                return NEVER
            weight += self.backoff(history)
            history = history[1:]

    def backoff(self, history: Words) -> float:
        """log10 of the weight with which the shorter history stands in for this one."""
        return self.orders[len(history) - 1].get(history, (0.0, 0.0))[1]

    def sentence(self, words: Iterable[str]) -> float:
        """log10 of the probability of a whole sentence, its end included."""
        said = (BEGIN, *words, END)
        return sum(self.log10(said[:at], said[at]) for at in range(1, len(said)))


def write_arpa(model: NGrams, path: Path) -> None:
    """Write a model as ARPA, compressed where the name ends in ``.gz``."""
    with _opened(path, "wt") as file:
        file.write("\\data\\\n")
        for order, table in enumerate(model.orders, 1):
            file.write(f"ngram {order}={len(table)}\n")
        for order, table in enumerate(model.orders, 1):
            file.write(f"\n\\{order}-grams:\n")
            file.writelines(_line(words, table[words]) for words in sorted(table))
        file.write("\n\\end\\\n")


def _line(words: Words, entry: Entry) -> str:
    backoff = f"\t{entry[1]:.5f}" if entry[1] else ""
    return f"{entry[0]:.5f}\t{' '.join(words)}{backoff}\n"


def read_arpa(path: Path) -> NGrams:
    """Read ARPA text, compressed or not; raises `BadTable`."""
    orders: list[dict[Words, Entry]] = []
    at = 0
    try:
        with _opened(path, "rt") as file:
            for at, line in enumerate(file, 1):  # noqa: B007 -- named by the error
                if line.startswith("\\"):
                    _section(line, orders)
                elif orders and (cells := line.split()):
                    words, entry = _entry(cells, len(orders))
                    orders[-1][words] = entry
    except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise BadTable(path, at, f"not an ARPA model: {error}") from error
    if not orders or not orders[0]:
        raise BadTable(path, 0, "no n-grams in it")
    return NGrams(orders)


def _section(line: str, orders: list[dict[Words, Entry]]) -> None:
    if line.rstrip().endswith("-grams:"):
        if int(line[1 : line.index("-")]) != len(orders) + 1:
            raise ValueError("the orders do not follow each other")
        orders.append({})


def _entry(cells: list[str], order: int) -> tuple[Words, Entry]:
    if not order < len(cells) <= order + 2:
        raise ValueError(f"{len(cells)} cells in a line of order {order}")
    backoff = float(cells[order + 1]) if len(cells) == order + 2 else 0.0
    return tuple(cells[1 : order + 1]), (float(cells[0]), backoff)


def _opened(path: Path, mode: str) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, mode, compresslevel=6, encoding="utf-8"))
    return cast(TextIO, path.open(mode, encoding="utf-8"))


def histories(table: dict[Words, Entry]) -> dict[Words, list[str]]:
    """History → the words that are known to follow it."""
    found: dict[Words, list[str]] = {}
    for words in table:
        found.setdefault(words[:-1], []).append(words[-1])
    return found


def weighed(model: NGrams) -> NGrams:
    """The same probabilities with back-off weights that make each history sum to one."""
    orders: list[dict[Words, Entry]] = [
        {words: (entry[0], 0.0) for words, entry in table.items()} for table in model.orders
    ]
    done = NGrams(orders)
    for order in range(1, len(orders)):
        for history, followers in histories(orders[order]).items():
            own = sum(10 ** orders[order][(*history, word)][0] for word in followers)
            lower = sum(10 ** done.log10(history[1:], word) for word in followers)
            if (entry := orders[order - 1].get(history)) is not None:
                orders[order - 1][history] = (entry[0], _left_over(own, lower))
    return done


def _left_over(own: float, lower: float) -> float:
    # Rounding may leave nothing for a history that has seen nearly everything.
    return math.log10(max(1 - own, 1e-6) / max(1 - lower, 1e-6))


def scores(model: NGrams, sentences: Iterable[Words]) -> Iterator[tuple[int, float]]:
    """For each sentence the number of its tokens, the end counted, and its log10 probability."""
    for words in sentences:
        yield len(words) + 1, model.sentence(words)
