"""When there is too little evidence for any intent."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against the best intent.

    ``lead``: its score over the second best, the background counted; ``nearest`` and ``foreign``:
    how like, 0 to 1, the nearest training utterances in and out of scope are; ``known``: how much
    of the utterance training has seen at all, 0 to 1; ``best``: its score as such; ``background``:
    the score of what is out of scope, 0 where training had no example of it.
    """

    lead: float
    nearest: float
    foreign: float
    known: float = 1.0
    best: float = 0.0
    background: float = 0.0


@dataclass(frozen=True, slots=True)
class Rejection:
    """Turns signals into the log-odds of being in scope; below ``threshold`` there is no intent.

    Training fits the weights where there are examples of what is out of scope.
    """

    lead: float = 1.0
    nearest: float = 4.0
    foreign: float = 0.0
    offset: float = 0.0
    threshold: float = 0.0
    known: float = 0.0
    best: float = 0.0
    background: float = 0.0

    def evidence(self, signals: Signals) -> float:
        """The log-odds of being in scope."""
        return (
            self.lead * signals.lead
            + self.nearest * signals.nearest
            + self.foreign * signals.foreign
            + self.known * signals.known
            + self.best * signals.best
            + self.background * signals.background
            + self.offset
        )

    def in_scope(self, signals: Signals) -> float:
        """The probability of being in scope."""
        return 1 / (1 + math.exp(-self.evidence(signals)))

    def refuses(self, signals: Signals) -> bool:
        """Whether the evidence is too little."""
        return self.evidence(signals) < self.threshold
