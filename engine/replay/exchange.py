"""One step of a transcript and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.message import Inbound, Reply
from engine.replay.transcript import DIRECT, Happening
from engine.store.waiting import Waiting
from engine.turn import Turned

#: The account that the customers of transcripts write to.
ACCOUNT = "replay"


@dataclass(frozen=True, slots=True)
class Effect:
    """A business effect as the ledger has it."""

    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One step and what came of it. ``turned`` is None where an old answer was given again.

    ``inbound`` is the customer's message, ``happening`` what happened at the company; both are None
    where only time passed. ``pushed`` was said beside the answer; ``refused`` is why the company
    did not take what happened. ``channel`` is what all this went over.
    ``at_desk`` and ``transcript`` are what a clerk sees afterwards, where somebody looks.
    """

    inbound: Inbound | None
    replies: tuple[Reply, ...]
    turned: Turned | None
    effects: tuple[Effect, ...]
    pushed: tuple[Reply, ...] = ()
    happening: Happening | None = None
    at_desk: Waiting | None = None
    transcript: str = ""
    refused: str = ""
    channel: str = DIRECT

    @property
    def shown(self) -> tuple[Reply, ...]:
        """All that the customer sees."""
        return (*self.replies, *self.pushed)

    @property
    def text(self) -> str:
        """All that was said."""
        return said(self.replies)

    @property
    def heard(self) -> str:
        """What was heard in a voice message."""
        voice = self.turned.voice if self.turned else None
        return voice.text if voice else ""

    def repeats(self, before: Exchange | None) -> bool:
        """Whether it says again what was said before.

        On the wire only what answers a request comes again: what followed it has arrived.
        """
        old = before.replies if before else ()
        return self.replies == (old if self.channel == DIRECT else old[: len(self.replies)])


def said(replies: Iterable[Reply]) -> str:
    """The words of replies."""
    return "\n".join(reply.text for reply in replies)
