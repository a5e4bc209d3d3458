"""How fast one customer, and all of an account, may write: token buckets of a server.

Processes that have a `Limits` from before they were forked count together; other machines count for
themselves, so together they take as many times more.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from engine.limits.buckets import Buckets, Rate

#: Customers that are remembered, in 1.6 MB; who has not written for long is forgotten first.
REMEMBERED = 50_000


class Verdict(enum.Enum):
    """What becomes of a message: it is taken, refused in words, or met with silence."""

    TAKE = enum.auto()
    TELL = enum.auto()
    DROP = enum.auto()


#: Far above what people type. `engine.settings.Settings` has the same.
CUSTOMER, ACCOUNT = Rate(200, 5), Rate(2000, 1000)


class Limits:
    """Counts the messages of accounts and customers.

    ``clock`` gives seconds that only grow, and are the same for all processes of a machine.
    """

    def __init__(
        self,
        *,
        customer: Rate = CUSTOMER,
        account: Rate = ACCOUNT,
        clock: Callable[[], float] = time.monotonic,
        remembered: int = REMEMBERED,
    ) -> None:
        self.customer = customer
        self.account = account
        self._clock = clock
        self._customers = Buckets(remembered)
        self._accounts = Buckets(1000)

    def judge(self, account: str, openid: str) -> Verdict:
        """Count one message. Who is too fast is told once, until they have slowed down."""
        name, now = f"{account} {openid}", self._clock()
        with (
            self._customers.alone(),
            self._accounts.open(account, self.account, now) as everybody,
            self._customers.open(name, self.customer, now) as mine,
        ):
            if mine.left >= 1 and everybody.left >= 1:
                mine.left -= 1
                everybody.left -= 1
                return Verdict.TAKE
            verdict = Verdict.DROP if mine.is_told else Verdict.TELL
            mine.is_told = True
            return verdict
