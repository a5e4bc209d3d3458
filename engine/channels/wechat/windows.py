"""What the platform's reply windows still hold, before it has to refuse.

What a customer does opens a window of some customer-service messages for some time (the platform's
page "customer messages"). How windows add up is not documented; here a message needs room in one
open window and counts in each, as in the relay. Messages that other processes sent are not counted:
where those fill a window, the platform tells.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.store import Store, inbox


@dataclass(frozen=True, slots=True)
class Window:
    """How many messages may be sent for how long after what opened it."""

    messages: int
    span: timedelta


_MESSAGE = Window(5, timedelta(hours=48))
_MINUTE = Window(3, timedelta(minutes=1))
#: What an event opens; one that is not named opens nothing.
_EVENTS = dict.fromkeys(
    ("click", "scancode_push", "scancode_waitmsg", "subscribe", "scan"), _MINUTE
)

#: Customers whose messages are remembered, the latest; about 1 kB each.
_REMEMBERED = 10_000


class Windows:
    """Of one account, in this process."""

    def __init__(self, account: str, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._store = store
        self._clock = clock
        self._sent: OrderedDict[str, deque[datetime]] = OrderedDict()

    def sent(self, openid: str) -> None:
        """Note a message that the platform took."""
        times = self._sent.setdefault(openid, deque(maxlen=_MESSAGE.messages))
        self._sent.move_to_end(openid)
        times.append(self._clock())
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    async def shut(self, openid: str) -> str:
        """Why a message would be refused; nothing if it may go, or if nothing is known."""
        async with self._store.reading() as connection:
            rows = await inbox.latest(connection, account=self._account, openid=openid)
        actions = [(window, at) for key, at in rows if (window := self._opened(key, openid))]
        if not actions:
            return ""
        now = self._clock()
        opened = [(window, at) for window, at in actions if now < at + window.span]
        if not opened:
            return "outside the reply window"
        rooms = (window.messages - self._since(openid, at) for window, at in opened)
        return "" if max(rooms) > 0 else "the reply window is full"

    def _since(self, openid: str, at: datetime) -> int:
        return sum(sent >= at for sent in self._sent.get(openid, ()))

    def _opened(self, key: str, openid: str) -> Window | None:
        """What a turn's message opened; its key is as `wire` makes it."""
        begin = f"{self._account} {openid} "
        if not key.startswith(begin):
            return None
        _, _, rest = key.removeprefix(begin).partition(" ")
        return _MESSAGE if rest.isdigit() else _EVENTS.get(rest.partition(" ")[0])
