"""Finding the names of a lexicon in a text.

Matching runs on single characters, each a spaCy token: words would cut names apart (首都机场 is one
word of jieba), and the vocabulary of a long-running process would grow with every new word.
Where words and names disagree the words win: there is no 大理 in 大理石.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.nlu.folding import fold, is_code
from engine.nlu.lexicon import Lexicon, Name
from engine.nlu.parse import Entity
from engine.nlu.sounds import Sounds

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

#: Types that are also found by their sound.
SPOKEN = ("city", "airport")


class Matcher:
    """Finds the names of a lexicon in texts."""

    def __init__(self, lexicon: Lexicon, vocab: Vocab) -> None:
        from spacy.matcher import PhraseMatcher

        self._vocab = vocab
        # The tables are in order of precedence: 宿务 is a city before it is an airline.
        self._known = {name.text: name for name in reversed(lexicon.names)}
        self._matcher = PhraseMatcher(vocab, attr="ORTH")
        self._matcher.add("name", [self._characters(text) for text in self._known])
        self._sounds = Sounds(
            (name for name in lexicon.names if name.type in SPOKEN), lexicon.readings
        )

    def find(self, text: str, words: Sequence[str]) -> list[Entity]:
        """The names in a text by position; ``words`` are the words of the folded text.

        A name that only sounds like the text is a loose entity.
        """
        folded = fold(text)
        edges = edges_of(words)
        exact = list(self._exact(text, folded, edges))
        taken = [(start, end) for start, end, _ in exact]
        spoken = self._sounds.find(folded, words, taken)
        found = [
            Entity(name.type, name.value, text[start:end], start, end, strict)
            for spans, strict in ((exact, True), (spoken, False))
            for start, end, name in spans
        ]
        return sorted(found, key=lambda entity: entity.start)

    def _exact(self, text: str, folded: str, edges: set[int]) -> Iterator[tuple[int, int, Name]]:
        """The longest names first; those that cut through a word or a code are none."""
        spans = [(start, end) for _, start, end in self._matcher(self._characters(folded))]
        taken: list[tuple[int, int]] = []
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
            if not is_whole(folded, start, end) or is_small_code(text[start:end]):
                continue
            if is_accident(folded[start:end]) and not {start, end} <= edges:
                continue
            if all(end <= left or right <= start for left, right in taken):
                taken.append((start, end))
                yield start, end, self._known[folded[start:end]]

    def _characters(self, text: str) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=list(text))


def edges_of(words: Sequence[str]) -> set[int]:
    """The positions between words, and both ends."""
    edges, end = {0}, 0
    for word in words:
        end += len(word)
        edges.add(end)
    return edges


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is no part of a longer number or Latin word."""
    return not (
        (start and is_code(text[start - 1]) and is_code(text[start]))
        or (end < len(text) and is_code(text[end - 1]) and is_code(text[end]))
    )


def is_accident(name: str) -> bool:
    """Whether the characters of a name meet by chance: 大理 in 大理石, 成都航 in 成都航班.

    Longer names are themselves even where they share a character with a word: 国际航空公司.
    """
    return len(name) < 4 or name.endswith("航")


def is_small_code(text: str) -> bool:
    """Whether a text is three Latin letters but not capitals: CAN is a place, can is a word."""
    return len(text) == 3 and all(map(is_code, text)) and not text.isupper()
