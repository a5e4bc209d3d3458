"""What the classifier looks at: runs of symbols, what they sound like, and words.

A symbol is a character, or a whole entity as its type (``<phone>``), so that a phrase learnt with
one phone number, flight or city stands for the same phrase with any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from engine.nlu.folding import fold, is_content
from engine.nlu.parse import Entity
from engine.nlu.syllables import SYLLABLES

START, END = "^", "$"

#: What the names of word pairs begin with. Training keeps those that occur in two phrases.
PAIR = "&:"

#: What the names of other features begin with; runs of symbols have none.
SOUND, WORD = "p:", "w:"

#: Neighbouring symbols, "" before the first of a text; or None and its first one, or its last one
#: and None.
Gram = tuple[str | None, ...]

#: How many words further on the second word of a pair may stand: a long text has no more pairs
#: than this for each word.
APART = 5


class Settings(msgspec.Struct, frozen=True):
    """Which features are used; kept with a model, for training and serving must agree.

    ``longest`` is the longest run of symbols; ``sounds`` adds the runs of their syllables,
    ``words`` jieba's words, ``pairs`` two of them that stand near each other, in any order;
    ``marks`` the first and the last symbol as such; ``masks`` puts types in place of entities.
    """

    longest: int = 2
    sounds: bool = True
    words: bool = True
    marks: bool = True
    masks: bool = True
    pairs: bool = True


class Features:
    """Turns a text and its entities into feature names."""

    def __init__(self, settings: Settings, cut: Callable[[str], Iterable[str]]) -> None:
        self.settings = settings
        self._cut = cut

    def __call__(self, text: str, entities: Sequence[Entity] = ()) -> list[str]:
        """The features of ``text``, each as often as it occurs."""
        symbols, words = self.parts(text, entities)
        found = [name for gram in self.grams(symbols) for name in self.names(gram)]
        found += [f"{WORD}{word}" for word in words if not is_mask(word)]
        return [*found, *pairs(words)] if self.settings.pairs else found

    def parts(self, text: str, entities: Sequence[Entity]) -> tuple[list[str], list[str]]:
        """The symbols of a text, and its words where they are looked at."""
        folded = fold(text)
        pieces = masked(folded, entities) if self.settings.masks else [folded]
        words = [word for piece in pieces for word in self._words(piece)]
        return symbols_of(pieces), words

    def grams(self, symbols: Sequence[str]) -> list[Gram]:
        """Every symbol after those that a run with it may begin with, and both ends of the text."""
        longest = self.settings.longest
        padded = [*[""] * (longest - 1), *symbols]
        found: list[Gram] = list(zip(*(padded[at:] for at in range(longest)), strict=False))
        if self.settings.marks and symbols:
            found += [(None, symbols[0]), (symbols[-1], None)]
        return found

    def names(self, gram: Gram) -> list[str]:
        """The features that are seen in a gram: runs that end with it, as written and as heard."""
        found = runs(gram)
        if self.settings.sounds:
            heard = runs([symbol if symbol is None else sound_of(symbol) for symbol in gram])
            found += [f"{SOUND}{run}" for run in heard]
        return found

    def _words(self, piece: str) -> list[str]:
        if not self.settings.words:
            return []
        if is_mask(piece):
            return [piece]
        return [word for word in self._cut(piece) if is_content(word[0])]


def is_run(name: str) -> bool:
    """Whether a feature is a run of symbols as they are written."""
    return not name.startswith((SOUND, WORD, PAIR))


def masked(folded: str, entities: Sequence[Entity]) -> list[str]:
    """The text in pieces: what stands between the entities, and each entity as ``<type>``."""
    pieces, end = [], 0
    for entity in apart(entities):
        pieces += [folded[end : entity.start], f"<{entity.type}>"]
        end = entity.end
    return [piece for piece in (*pieces, folded[end:]) if piece]


def apart(entities: Sequence[Entity]) -> list[Entity]:
    """The strict entities by position; of overlapping ones the longest, then the earliest."""
    taken: list[Entity] = []
    strict = [entity for entity in entities if entity.strict]
    # Looking at all that were taken before would be the square of a long line of dates.
    covered = bytearray(max((entity.end for entity in strict), default=0))
    for entity in sorted(strict, key=lambda e: (e.start - e.end, e.start)):
        if not any(covered[entity.start : entity.end]):
            covered[entity.start : entity.end] = b"x" * (entity.end - entity.start)
            taken.append(entity)
    return sorted(taken, key=lambda e: e.start)


def is_mask(piece: str) -> bool:
    """Whether a piece of a masked text stands for an entity."""
    return len(piece) > 1 and piece[0] == "<" and piece[-1] == ">"


def symbols_of(pieces: Iterable[str]) -> list[str]:
    """Masks whole, other pieces character by character, without spaces and punctuation.

    A text that is nothing but punctuation keeps it: ``？`` says something too.
    """
    pieces = list(pieces)
    symbols: list[str] = []
    for piece in pieces:
        symbols += [piece] if is_mask(piece) else filter(is_content, piece)
    return symbols or [character for piece in pieces for character in piece.strip()]


def sound_of(symbol: str) -> str:
    """The syllable of a character with a space after it; other symbols as they are."""
    syllable = SYLLABLES[symbol] if len(symbol) == 1 else ""
    return f"{syllable} " if syllable else symbol


def pairs(words: Sequence[str]) -> Iterator[str]:
    """Every two words that stand near each other, whichever of them comes first."""
    for at, word in enumerate(words):
        for other in words[at + 1 : at + 1 + APART]:
            yield f"{PAIR}{word} {other}" if word < other else f"{PAIR}{other} {word}"


def runs(gram: Sequence[str | None]) -> list[str]:
    """The runs of symbols that end with a gram, the longest first."""
    if None in gram:
        first, last = gram
        return [f"{START}{last}"] if first is None else [f"{first}{END}"]
    symbols = [symbol for symbol in gram if symbol]
    return ["".join(symbols[at:]) for at in range(len(symbols))]
