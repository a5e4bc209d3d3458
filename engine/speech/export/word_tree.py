"""The tree of everything that can be said as one word, and the numbers of the words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.speech.export.phones import placed
from engine.speech.lexicon.lexicon import Lexicon
from engine.speech.units import spell

#: The word of grammars for whatever is none of theirs; Vosk knows it by this name.
UNKNOWN = "[unk]"


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """A word as it may be said: ``units`` are outputs of the network, ``cost`` is −ln P."""

    word: str
    units: tuple[int, ...]
    cost: float = 0.0


def pronunciations(lexicon: Lexicon) -> Iterator[Pronunciation]:
    """Those of a lexicon; raises `Unspeakable`."""
    for word, readings in lexicon.items():
        for reading, share in readings.items():
            yield Pronunciation(word, tuple(spell(reading)), -math.log(max(share, 1e-4)))


@dataclass(slots=True)
class Node:
    """A place in the tree, with the words that end there and their costs."""

    words: dict[str, float] = field(default_factory=dict)
    branches: dict[tuple[int, int], Node] = field(default_factory=dict)


class WordTree:
    """All pronunciations; the branches are units with their places in the word.

    ``ids`` numbers the words from 1 in the order of a walk through the tree, so that the words
    under a branch have numbers in a row. That keeps the sets of the look-ahead small. `UNKNOWN`
    comes last.
    """

    def __init__(self, spoken: Iterable[Pronunciation]) -> None:
        self.root = Node()
        for each in spoken:
            node = self.root
            for branch in placed(each.units):
                node = node.branches.setdefault(branch, Node())
            node.words[each.word] = min(each.cost, node.words.get(each.word, each.cost))
        words = dict.fromkeys(word for node in _walk(self.root) for word in sorted(node.words))
        words.pop(UNKNOWN, None)
        self.ids: Mapping[str, int] = {word: at for at, word in enumerate((*words, UNKNOWN), 1)}

    def words_txt(self) -> str:
        """`words.txt`."""
        return "<eps> 0\n" + "".join(f"{word} {at}\n" for word, at in self.ids.items())


def _walk(node: Node) -> Iterator[Node]:
    """A node, then everything below it."""
    ahead = [node]
    while ahead:
        here = ahead.pop()
        yield here
        ahead += (below for _, below in sorted(here.branches.items(), reverse=True))
