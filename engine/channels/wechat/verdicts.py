"""What becomes of replies that the platform did not take."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from engine.channels.wechat.codes import Handling, meaning
from engine.channels.wechat.errors import ApiError, ApiRefused
from engine.channels.wechat.standing import Standing
from engine.store.held import HELD

#: Waiting doubles from here with every attempt, up to the most.
RETRY_FIRST, RETRY_MOST = timedelta(seconds=5), timedelta(minutes=10)
ATTEMPTS = 30

log = structlog.get_logger(__name__)


class Fate(enum.Enum):
    """What becomes of a row of the outbox."""

    #: Due again at a time; `HELD` waits for the customer's next message.
    WAIT = enum.auto()
    #: Never sent again, kept for people to look at.
    KEEP = enum.auto()
    #: Gone.
    DROP = enum.auto()
    #: In its place stands that nothing reaches this customer.
    MARK = enum.auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``at`` says when, where the fate is to wait."""

    fate: Fate
    error: str
    at: datetime = HELD


def judge(error: ApiError, *, attempts: int, now: datetime, standing: Standing) -> Verdict:
    """What to do after an error, as the table of return codes says; logs what people must see."""
    handling = meaning(error.code).handling if isinstance(error, ApiRefused) else Handling.RETRY
    told = str(error)
    _tell(error, handling, standing.account)
    match handling:
        case Handling.HOLD | Handling.OFF:
            return Verdict(Fate.WAIT, told)
        case Handling.QUOTA:
            return Verdict(Fate.WAIT, told, standing.close(now))
        case Handling.MARK:
            return Verdict(Fate.MARK, told)
        case Handling.DROP | Handling.IGNORE:
            return Verdict(Fate.DROP, told)
        case Handling.ALARM if attempts < ATTEMPTS:
            return Verdict(Fate.WAIT, told, now + RETRY_MOST)
        case Handling.RETRY | Handling.RENEW if attempts < ATTEMPTS:
            wait = min(RETRY_FIRST * 2 ** min(attempts - 1, 16), RETRY_MOST)
            return Verdict(Fate.WAIT, told, now + wait)
    return Verdict(Fate.KEEP, told)


def _tell(error: ApiError, handling: Handling, account: str) -> None:
    if not isinstance(error, ApiRefused):
        log.warning("late reply failed", account=account, error=str(error))
        return
    is_for_people = handling in (Handling.ALARM, Handling.BUG, Handling.UNKNOWN)
    tell = log.error if is_for_people else log.warning
    tell(
        "platform refused",
        account=account,
        handling=handling.name.lower(),
        meaning=meaning(error.code).meaning,
        code=error.code,
        error=str(error),
        rid=error.rid,
    )
