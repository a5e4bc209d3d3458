"""Writing variants made one, character for character, so that spans stay true.

Beside what the grammars fold (full width, traditional), every code point becomes its NFKC form in
lower case; one that would become several stays as it is.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from engine.nlu.grammar import fold as grammar


class _Folded(dict[int, str]):
    """A translation table that fills itself."""

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code <= 0xDFFF:
            self[code] = "\ufffd"
            return self[code]
        character = grammar.fold(chr(code))
        for variant in (unicodedata.normalize("NFKC", character).lower(), character.lower()):
            if len(variant) == 1:
                break
        else:
            variant = character
        self[code] = variant
        return variant


_FOLDED = _Folded()


def fold(text: str) -> str:
    """``text`` with its writing variants made one; of the same length.

    >>> fold("ＣＡ１２３４　Ok")
    'ca1234 ok'
    """
    return text.translate(_FOLDED)


@cache
def is_content(character: str) -> bool:
    """Whether a character says something: no space, punctuation, control or combining mark."""
    return unicodedata.category(character)[0] not in "ZPCM"


def is_code(character: str) -> bool:
    """Whether a character is a Latin letter or a digit."""
    return character.isascii() and character.isalnum()


def squeeze(text: str) -> str:
    """``text`` folded and freed from what is no content: equal for the same words.

    A text that is nothing but punctuation keeps it: ``？`` says something too.
    """
    folded = fold(text)
    return "".join(filter(is_content, folded)) or folded.strip()
