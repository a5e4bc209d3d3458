"""jieba over a dictionary in a file that processes share: 2 MB, where each had a table of 100."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterable
from functools import lru_cache
from math import log
from pathlib import Path

import marisa_trie

with warnings.catch_warnings():
    # jieba 0.42.1 has invalid escapes in its patterns and may import pkg_resources.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    import jieba

#: How often a word of ours is taken to occur: enough to win over its parts, as jieba counts.
FREQUENCY = 20_000

#: Under words that no text has stand the sum of all frequencies, and the longest word's length.
_TOTAL, _LONGEST = "\n", "\r"

#: A line of jieba's dictionary: a word, how often it was counted, and its part of speech.
_ENTRY = re.compile(r"^(\S+) (\d+)", re.MULTILINE)

#: Words of which the frequency is kept at hand; a text of customers has some of a few hundred.
_COMMON = 8192


class Frequencies:
    """How often words occur, as jieba asks for it; 0 for what is no word."""

    def __init__(self, file: Path) -> None:
        self._trie = marisa_trie.RecordTrie("<I").mmap(str(file))
        self.total, self.longest = self.get(_TOTAL), self.get(_LONGEST)
        self.prefixes = self._trie.prefixes

    def get(self, word: str) -> int:
        """The frequency of a word."""
        found = self._trie.get(word)
        return int(found[0][0]) if found else 0

    def reach(self, start: str) -> int:
        """How long the longest word is that begins so; 0 where none does."""
        return max(map(len, self._trie.iterkeys(start)), default=0)


class Segmenter(jieba.Tokenizer):  # type: ignore[misc]
    """Cuts a text into words exactly as jieba does with the same words added."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.FREQ = known = Frequencies(file)
        self.total = known.total
        self.initialized = True
        whole = log(known.total)
        self._weight = lru_cache(_COMMON)(lambda word: log(known.get(word) or 1) - whole)
        self._reach = lru_cache(_COMMON)(known.reach)
        self._ends = lru_cache(_COMMON)(
            lambda text: tuple(len(word) - 1 for word in known.prefixes(text)) or (0,)
        )

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:
        """Where the words end that begin at each character."""
        reach, ends = self._reach, self._ends
        graph = {}
        for at in range(len(sentence) - 1):
            # Two characters tell how far a word may go, mostly no further than they do: so the same
            # few pieces of text are asked for again and again, and are at hand.
            far = reach(sentence[at : at + 2])
            graph[at] = [at + end for end in ends(sentence[at : at + far])] if far else [at]
        return graph | {len(sentence) - 1: [len(sentence) - 1]}

    def calc(
        self, sentence: str, graph: dict[int, list[int]], route: dict[int, tuple[float, int]]
    ) -> None:
        """Fill in the likeliest way from each character to the end, and where its word ends."""
        weight = self._weight
        route[len(sentence)] = (0.0, 0)
        for at in range(len(sentence) - 1, -1, -1):
            route[at] = max(
                [(weight(sentence[at : end + 1]) + route[end + 1][0], end) for end in graph[at]]
            )


def opened(words: Iterable[str], folder: Path, *, made: Iterable[Path] = ()) -> Segmenter:
    """A segmenter that knows ``words`` too.

    Its dictionary is made in ``folder`` when neither that nor one of ``made`` has it.
    """
    logging.getLogger("jieba").setLevel(logging.WARNING)
    ours = sorted(words)
    of = "\n".join((jieba.__version__, *ours))
    name = f"words-{hashlib.sha256(of.encode()).hexdigest()[:16]}.marisa"
    for file in (place / name for place in (folder, *made)):
        if file.exists():
            return Segmenter(file)
    _write(ours, folder / name)
    return Segmenter(folder / name)


def _write(ours: list[str], file: Path) -> None:
    # Not by jieba, which keeps the beginnings of words as well: they take most of the time.
    with jieba.Tokenizer().get_dict_file() as source:
        known = _ENTRY.findall(source.read().decode())
    counts = {word: int(count) for word, count in known if int(count)}
    total = sum(int(count) for _, count in known)
    counts |= dict.fromkeys(ours, FREQUENCY)
    # As jieba counts: what was there before is not taken off.
    total += FREQUENCY * len(ours)
    counts |= {_TOTAL: total, _LONGEST: max(map(len, counts))}
    trie = marisa_trie.RecordTrie("<I", ((word, (count,)) for word, count in counts.items()))
    handle, part = tempfile.mkstemp(dir=file.parent)
    os.close(handle)
    trie.save(part)
    # Whole or not at all: another process may open it at this moment.
    os.replace(part, file)
