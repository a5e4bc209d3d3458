"""Errors of what is heard against what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


def distance(heard: Sequence[object], said: Sequence[object]) -> int:
    """Insertions, deletions and substitutions between two sequences (Levenshtein)."""
    row = list(range(len(said) + 1))
    for i, one in enumerate(heard, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(said, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (one != other))
    return row[-1]


@dataclass(slots=True)
class Errors:
    """Errors, and what they are counted in, of each group (a source, a speaker)."""

    wrong: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)

    def add(self, group: str, wrong: int, said: int) -> None:
        """One more utterance."""
        self.wrong[group] += wrong
        self.said[group] += said

    @property
    def rate(self) -> float:
        """Errors of all that was said; above 1 when more is heard than was said."""
        return sum(self.wrong.values()) / max(1, sum(self.said.values()))

    def rates(self) -> dict[str, float]:
        """Of each group, by name."""
        return {group: self.wrong[group] / said for group, said in sorted(self.said.items())}
