"""What people tell the tagger beside marked phrases: synonyms, lookup tables and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.nlu.folding import fold
from engine.nlu.parse import Entity


@dataclass(frozen=True, slots=True)
class Hints:
    """``synonyms`` give a folded text its value; ``patterns`` are named; ``lookups`` are values.

    A lookup is (value, type). Only training needs them: the tagger keeps its values.
    """

    synonyms: dict[str, str] = field(default_factory=dict)
    patterns: Sequence[tuple[str, re.Pattern[str]]] = ()
    lookups: Sequence[tuple[str, str]] = ()

    @classmethod
    def of(
        cls,
        synonyms: Mapping[str, str],
        patterns: Iterable[tuple[str, str]],
        lookups: Iterable[tuple[str, str]] = (),
    ) -> Hints:
        """Hints of plain text. Raises `re.error` for a pattern that is none."""
        compiled = [(name, re.compile(pattern)) for name, pattern in patterns]
        folded = {fold(text): value for text, value in synonyms.items()}
        return cls(folded, compiled, tuple(lookups))

    def value(self, text: str) -> str:
        """The value that a text stands for; the text itself where no synonym is known."""
        return self.synonyms.get(fold(text), text)

    def entities(self, folded: str) -> list[Entity]:
        """What the patterns find: clues for the tagger, of types like ``/name/``."""
        return [
            Entity(f"/{name}/", None, match[0], *match.span())
            for name, pattern in self.patterns
            for match in pattern.finditer(folded)
            if match[0]
        ]
