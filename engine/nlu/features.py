"""What the classifier looks at: runs of symbols, and words.

A symbol is a character, or a whole entity as its type (``<phone>``), so that a phrase learnt with
one phone number, flight or city stands for the same phrase with any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from engine.nlu.folding import fold, is_content
from engine.nlu.parse import Entity

START, END = "^", "$"


class Settings(msgspec.Struct, frozen=True):
    """Which features are used; kept with a model, for training and serving must agree.

    ``longest`` is the longest run of symbols; ``words`` adds jieba's words; ``marks`` the edges of
    the text; ``masks`` entities by type, ``kept`` the characters of the masked ones as well.
    """

    longest: int = 3
    words: bool = True
    marks: bool = True
    masks: bool = True
    kept: bool = False


class Features:
    """Turns a text and its entities into feature names."""

    def __init__(self, settings: Settings, cut: Callable[[str], Iterable[str]]) -> None:
        self.settings = settings
        self._cut = cut

    def __call__(self, text: str, entities: Sequence[Entity] = ()) -> list[str]:
        """The features of ``text``, each as often as it occurs."""
        folded = fold(text)
        pieces = masked(folded, entities) if self.settings.masks else [folded]
        found = list(self._of(pieces))
        if self.settings.kept and len(pieces) > 1:
            found += self._of([folded])
        return found

    def _of(self, pieces: list[str]) -> Iterator[str]:
        symbols = list(symbols_of(pieces))
        if self.settings.marks:
            symbols = [START, *symbols, END]
        yield from runs(symbols, self.settings.longest)
        if self.settings.words:
            for piece in pieces:
                if not is_mask(piece):
                    yield from (f"w:{word}" for word in self._cut(piece) if is_content(word[0]))


def masked(folded: str, entities: Sequence[Entity]) -> list[str]:
    """The text in pieces: what stands between the entities, and each entity as ``<type>``.

    Of overlapping entities the longest counts, then the first.
    """
    pieces, end = [], 0
    for entity in apart(entities):
        pieces += [folded[end : entity.start], f"<{entity.type}>"]
        end = entity.end
    return [piece for piece in (*pieces, folded[end:]) if piece]


def apart(entities: Sequence[Entity]) -> list[Entity]:
    """The strict entities that do not overlap, by position: the longest first, then the earliest."""
    taken: list[Entity] = []
    strict = (entity for entity in entities if entity.strict)
    for entity in sorted(strict, key=lambda e: (e.start - e.end, e.start)):
        if all(entity.end <= other.start or other.end <= entity.start for other in taken):
            taken.append(entity)
    return sorted(taken, key=lambda e: e.start)


def is_mask(piece: str) -> bool:
    """Whether a piece of a masked text stands for an entity."""
    return len(piece) > 1 and piece[0] == "<" and piece[-1] == ">"


def symbols_of(pieces: Iterable[str]) -> Iterator[str]:
    """Masks whole, other pieces character by character, without spaces and punctuation."""
    for piece in pieces:
        if is_mask(piece):
            yield piece
        else:
            yield from filter(is_content, piece)


def runs(symbols: Sequence[str], longest: int) -> Iterator[str]:
    """Every run of 1 to ``longest`` neighbouring symbols."""
    for length in range(1, longest + 1):
        for start in range(len(symbols) - length + 1):
            yield "".join(symbols[start : start + length])
