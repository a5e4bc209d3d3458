"""How far a probability is to be believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Probabilities are taken to be at least this far from 0 and 1, for log-odds to be finite.
SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the best of an utterance's probabilities is to be believed (Platt 1999).

    Its log-odds become ``slope`` times themselves plus ``offset``; the others share the rest as
    they did. No other ever becomes the best.
    """

    slope: float = 1.0
    offset: float = 0.0

    def best(self, probability: float) -> float:
        """What the best probability becomes."""
        bounded = min(max(probability, SURE), 1 - SURE)
        odds = math.log(bounded / (1 - bounded))
        return 1 / (1 + math.exp(-(self.slope * odds + self.offset)))

    def __call__(self, probabilities: Sequence[float]) -> list[float]:
        """The probabilities of an utterance, the two best first, trusted so far."""
        found, *others = probabilities
        rest = 1 - found
        if (self.slope, self.offset) == (1, 0) or rest <= SURE:
            return [found, *others]
        second = others[0] / rest
        best = max(self.best(found), second / (1 + second))
        return [best, *(other * (1 - best) / rest for other in others)]
