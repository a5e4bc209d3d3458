"""When there is too little evidence for any intent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

#: Evidence may be wrong by less than this, by the order that it is summed in.
ROUNDING = 1e-4


class Likeness(Protocol):
    """How like, 0 to 1, the nearest training utterances in and out of scope are.

    ``foreign_at_most`` is found much sooner, and never less than ``foreign``.
    """

    @property
    def nearest(self) -> float: ...
    @property
    def foreign(self) -> float: ...
    @property
    def foreign_at_most(self) -> float: ...


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
class Sought:
    """The same signals, where to look for the nearest utterances takes most of the time."""

    lead: float
    known: float
    best: float
    background: float
    likeness: Likeness

    def found(self) -> Signals:
        """All of them."""
        nearest, foreign = self.likeness.nearest, self.likeness.foreign
        return Signals(self.lead, nearest, foreign, self.known, self.best, self.background)


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

    def refuses_sought(self, sought: Sought) -> bool:
        """The same; the nearest utterances are looked for only as far as they can change it."""
        likeness = sought.likeness
        sure = self.evidence(
            Signals(sought.lead, 0.0, 0.0, sought.known, sought.best, sought.background)
        )
        said = self._settled(sure, self.nearest, self.foreign * likeness.foreign_at_most)
        if said is None:
            sure += self.foreign * likeness.foreign
            said = self._settled(sure, self.nearest)
        return self.refuses(sought.found()) if said is None else said

    def _settled(self, evidence: float, *changes: float) -> bool | None:
        """Whether evidence is too little, wherever from 0 to each of the changes it moves."""
        least = evidence + sum(min(change, 0.0) for change in changes)
        most = evidence + sum(max(change, 0.0) for change in changes)
        if least - ROUNDING >= self.threshold:
            return False
        return True if most + ROUNDING < self.threshold else None
