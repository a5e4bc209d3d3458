"""jieba over a dictionary in a file that processes share: 2 MB, where each had a table of 100."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import inf, log
from pathlib import Path

import marisa_trie

from engine.nlu.folding import is_code

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


class Segmenter:
    """Cuts a text into words exactly as jieba does with the same words added; guesses none."""

    def __init__(self, file: Path) -> None:
        known = Frequencies(file)
        whole = log(known.total)

        @lru_cache(_COMMON)
        def weight(word: str) -> float:
            return log(known.get(word) or 1) - whole

        def ways(text: str) -> tuple[tuple[int, float], ...]:
            words = known.prefixes(text) or [text[:1]]
            return tuple((len(word), weight(word)) for word in words)

        self._reach = lru_cache(_COMMON)(known.reach)
        self._ways = lru_cache(_COMMON)(ways)

    def words(self, text: str) -> list[str]:
        """The words of a text, with all that stands between them."""
        found: list[str] = []
        for at, block in enumerate(jieba.re_han_default.split(text)):
            # What the pattern describes comes between what it does not.
            if at % 2:
                found += self._cut(block)
            elif block:
                for piece in jieba.re_skip_default.split(block):
                    found += [piece] if piece.isspace() else piece
        return found

    def cut(self, text: str, **_: bool) -> list[str]:
        """The same, as spaCy asks for it."""
        return self.words(text)

    def _cut(self, text: str) -> Iterator[str]:
        """The likeliest words; single letters and digits that meet are one."""
        sizes = self._sizes(text)
        at = code = 0
        while at < len(text):
            end = at + sizes[at]
            if end - at > 1 or not is_code(text[at]):
                if code < at:
                    yield text[code:at]
                yield text[at:end]
                code = end
            at = end
        if code < at:
            yield text[code:at]

    def _sizes(self, text: str) -> list[int]:
        """How long the word is that begins at each character, on the likeliest way to the end."""
        reach, ways = self._reach, self._ways
        best, sizes = [0.0] * (len(text) + 1), [1] * len(text)
        for at in range(len(text) - 1, -1, -1):
            # Two characters tell how far a word may go, mostly no further than they do: so the same
            # few pieces of text are asked for again and again, and are at hand.
            far = reach(text[at : at + 2]) if at + 1 < len(text) else 0
            most = -inf
            for size, weight in ways(text[at : at + (far or 1)]):
                # Of equals the longest counts, as in jieba.
                if (score := weight + best[at + size]) >= most:
                    most, sizes[at] = score, size
            best[at] = most
        return sizes


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
