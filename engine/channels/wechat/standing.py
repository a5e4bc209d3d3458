"""What the platform lets an account do, as far as its answers have told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import structlog

from engine.channels.wechat.messages import Message, Text
from engine.channels.wechat.wire import SHANGHAI

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Standing:
    """One account in this process; a restart asks the platform anew.

    ``may_write``: customer-service messages are granted. ``plain`` are the kinds of message that
    have to be said in words. Nothing is called before ``closed_until``.
    """

    account: str
    may_write: bool
    plain: set[type[Message]] = field(default_factory=set)
    closed_until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        """Whether the quota of the day is used up."""
        return self.closed_until is not None and now < self.closed_until

    def close(self, now: datetime) -> datetime:
        """Stop calling until the quota is new, at midnight in China; says when."""
        day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
        self.closed_until = datetime.combine(day, time(), SHANGHAI)
        log.error("quota used up", account=self.account, until=str(self.closed_until))
        return self.closed_until

    def refused(self, kind: type[Message], why: str) -> None:
        """The account has no right to a kind of message; to words means to any."""
        if kind is Text:
            self.may_write = False
        else:
            self.plain.add(kind)
        log.error("feature off", account=self.account, what=kind.__name__, why=why)
