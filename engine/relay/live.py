"""Tells the open pages of a terminal what is new."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from engine.relay.messages import Message
from engine.relay.typing import Typing

#: A page that is this far behind is cut off; it comes back and asks for what it missed.
_BEHIND = 200

News = Message | Typing | str | None
Feed = asyncio.Queue[News]

#: In a feed, in place of a message: the contacts have changed.
CONTACTS = "contacts"


class Live:
    """Feeds of news by terminal. None in a feed ends it."""

    def __init__(self) -> None:
        self._feeds: defaultdict[int, set[Feed]] = defaultdict(set)

    @contextmanager
    def feed(self, terminal: int) -> Iterator[Feed]:
        """What is told to a terminal from now on."""
        feed: Feed = asyncio.Queue()
        self._feeds[terminal].add(feed)
        try:
            yield feed
        finally:
            self._feeds[terminal].discard(feed)
            if not self._feeds[terminal]:
                del self._feeds[terminal]

    def tell(self, terminal: int, news: News) -> None:
        """Put news into every feed of a terminal; never waits."""
        for feed in self._feeds.get(terminal, ()):
            feed.put_nowait(None if feed.qsize() >= _BEHIND else news)

    def close(self) -> None:
        """End every feed."""
        for terminal in list(self._feeds):
            self.tell(terminal, None)
