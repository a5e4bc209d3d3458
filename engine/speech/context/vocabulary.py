"""Written phrases, put into the words that a model has."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import lru_cache

#: Words of models that stand for what is no word, such as ``[unk]``, ``<eps>`` and ``#0``.
_SIGNS = ("[", "<", "#", "!")

#: No word of a graph has more characters.
_LONGEST = 8


def is_word(text: str) -> bool:
    """Whether a label of a model's graph is a word, and no sign for noise or the unknown."""
    return not text.startswith(_SIGNS)


class Vocabulary:
    """The words of a model, and how phrases are segmented into them.

    Vosk leaves a word out of a grammar that its model does not have, which makes another phrase;
    so what cannot be made of the words is not asked for at all. ``knows`` says whether the model
    has a word.
    """

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows

    @classmethod
    def of(cls, words: Container[str]) -> Vocabulary:
        """A vocabulary that is at hand as words."""
        return cls(words.__contains__)

    def segmented(self, text: str) -> tuple[str, ...]:
        """The fewest words of the model that make up a text, or none when it has not all of them.

        >>> Vocabulary.of({"上海", "上", "海", "到"}).segmented("到上海")
        ('到', '上海')
        """
        best: list[tuple[str, ...] | None] = [()]
        for end in range(1, len(text) + 1):
            found: tuple[str, ...] | None = None
            for start in range(max(0, end - _LONGEST), end):
                before = best[start]
                if before is None or (found is not None and len(found) <= len(before) + 1):
                    continue
                if word := self._spelled(text[start:end]):
                    found = (*before, word)
            best.append(found)
        return best[-1] or ()

    @lru_cache(maxsize=65_536)  # noqa: B019 - a process has one vocabulary
    def _spelled(self, word: str) -> str:
        """A word as the model writes it; models differ in the case of letters."""
        if not is_word(word) or word.isspace():
            return ""
        return next((form for form in (word, word.upper(), word.lower()) if self._knows(form)), "")
