"""How fast one customer, and all of an account, may write: token buckets of this process.

Several processes count each for itself, so together they take as many times more.
"""

from __future__ import annotations

import enum
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: Customers that are remembered; who has not written for longest is forgotten first.
REMEMBERED = 50_000


class Verdict(enum.Enum):
    """What becomes of a message: it is taken, refused in words, or met with silence."""

    TAKE = enum.auto()
    TELL = enum.auto()
    DROP = enum.auto()


@dataclass(frozen=True, slots=True)
class Rate:
    """So many ``at_once``, and ``per_second`` more."""

    at_once: float
    per_second: float


#: Far above what people type. `engine.settings.Settings` has the same.
CUSTOMER, ACCOUNT = Rate(200, 5), Rate(2000, 1000)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    is_told: bool = False

    def fill(self, rate: Rate, now: float) -> None:
        """Let what has come since the last look in; a full half forgives."""
        self.left = min(rate.at_once, self.left + (now - self.at) * rate.per_second)
        self.at = now
        self.is_told = self.is_told and self.left < rate.at_once / 2


class Limits:
    """Counts the messages of accounts and customers. ``clock`` gives seconds that only grow."""

    def __init__(
        self,
        *,
        customer: Rate = CUSTOMER,
        account: Rate = ACCOUNT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._customer = customer
        self._account = account
        self._clock = clock
        self._customers: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()
        self._accounts: dict[str, _Bucket] = {}

    def judge(self, account: str, openid: str) -> Verdict:
        """Count one message. Who is too fast is told once, until they have slowed down."""
        mine = self._bucket_of(account, openid)
        everybody = self._accounts.setdefault(
            account, _Bucket(self._account.at_once, self._clock())
        )
        everybody.fill(self._account, self._clock())
        if mine.left >= 1 and everybody.left >= 1:
            mine.left -= 1
            everybody.left -= 1
            return Verdict.TAKE
        verdict = Verdict.DROP if mine.is_told else Verdict.TELL
        mine.is_told = True
        return verdict

    def _bucket_of(self, account: str, openid: str) -> _Bucket:
        now, owner = self._clock(), (account, openid)
        bucket = self._customers.get(owner)
        if bucket is None:
            bucket = self._customers[owner] = _Bucket(self._customer.at_once, now)
            if len(self._customers) > REMEMBERED:
                self._customers.popitem(last=False)
        self._customers.move_to_end(owner)
        bucket.fill(self._customer, now)
        return bucket
