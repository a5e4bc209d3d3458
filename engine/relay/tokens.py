"""Access tokens of the API, with the overlaps that the platform grants."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.relay.errors import ApiError

#: A token lives so long, and this much longer when a new one has taken its place.
LIFE, OVERLAP = 7200, 300

#: Seconds between two forced ones.
FORCE_EVERY = 30


@dataclass(slots=True)
class Tokens:
    """The tokens of all accounts, in memory: after a restart providers must fetch new ones.

    `clock` gives seconds. The two ways of asking are isolated from each other, as on the platform.
    """

    clock: Callable[[], float]
    _ends: dict[str, tuple[str, float]] = field(default_factory=dict)
    _newest: dict[tuple[str, str], str] = field(default_factory=dict)
    _forced: dict[str, float] = field(default_factory=dict)

    def fresh(self, account: str) -> tuple[str, int]:
        """A new token and its seconds; the one before lives on for the overlap."""
        return self._replace(account, "fresh", OVERLAP), LIFE

    def stable(self, account: str, *, force: bool = False) -> tuple[str, int]:
        """The same token until shortly before its end; a forced one ends the old at once.

        Raises `ApiError` 45011 for force after force.
        """
        kept = self._newest.get((account, "stable"), "")
        left = self._ends[kept][1] - self.clock() if kept in self._ends else 0
        if left > OVERLAP and not force:
            return kept, int(left)
        if force and not self._may_force(account):
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        return self._replace(account, "stable", 0 if force else OVERLAP), LIFE

    def _may_force(self, account: str) -> bool:
        last, self._forced[account] = self._forced.get(account, 0.0), self.clock()
        return self.clock() - last >= FORCE_EVERY

    def account(self, token: str) -> str | None:
        """Whose living token this is."""
        account, end = self._ends.get(token, ("", 0.0))
        return account if account and end > self.clock() else None

    def _replace(self, account: str, way: str, overlap: int) -> str:
        now = self.clock()
        self._ends = {token: kept for token, kept in self._ends.items() if kept[1] > now}
        old = self._newest.get((account, way), "")
        if old in self._ends:
            self._ends[old] = account, min(self._ends[old][1], now + overlap)
        token = secrets.token_urlsafe(96)
        self._ends[token] = account, now + LIFE
        self._newest[account, way] = token
        return token
