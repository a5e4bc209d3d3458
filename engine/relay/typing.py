"""That an account is typing: the platform's page "typing". In memory; it lasts for moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.relay.contacts import Contact
from engine.relay.errors import ApiError

#: Seconds that it is shown, and how long ago the customer may have written.
SHOWN, RECENT = 15.0, 30.0


@dataclass(frozen=True, slots=True)
class Typing:
    """News for the pages of a terminal: an account types for so many seconds, 0 when it stops."""

    account: str
    seconds: float


@dataclass(slots=True)
class Typists:
    """Who is typing to whom, since when. `clock` gives seconds."""

    clock: Callable[[], float]
    _since: dict[tuple[str, int], float] = field(default_factory=dict)

    def command(self, contact: Contact, command: str, *, written: float, answered: float) -> Typing:
        """Begin or end it. Raises `ApiError`.

        The customer last wrote at `written`; what the account last said, at `answered`, ended it.
        """
        who, now = (contact.account, contact.terminal), self.clock()
        if command not in {"Typing", "CancelTyping"}:
            raise ApiError(45072, "command field must be in [Typing, CancelTyping]")
        if written < now - RECENT:
            raise ApiError(45080, "can only be used within 30 seconds after the user's message")
        if command == "CancelTyping":
            self._since.pop(who, None)
            return Typing(contact.account, 0.0)
        since = self._since.get(who, 0.0)
        if answered < since and now < since + SHOWN:
            raise ApiError(45081, "already in the typing status")
        self._since[who] = now
        return Typing(contact.account, SHOWN)
