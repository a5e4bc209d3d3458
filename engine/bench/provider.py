"""The echo provider of the relay's measurement, which can be killed and begun again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from engine.bench.server import Server, running

_ECHO = ("-m", "engine.bench.echo")


class Provider:
    """The echo in a process of its own, which can be killed and begun again on its port."""

    def __init__(self, home: Path) -> None:
        self.accounts = home / "accounts"
        self.notes = home / "notes.tsv"
        self.url = ""
        self.kills = 0

    @asynccontextmanager
    async def begun(self) -> AsyncIterator[Server]:
        """Run it while the block runs."""
        port = urlsplit(self.url).port or 0
        async with running((*_ECHO, str(self.accounts), str(self.notes), str(port)), {}) as server:
            self.url = server.url
            yield server

    async def restart(self, server: Server, stack: AsyncExitStack, *, down: float) -> None:
        """Kill it without warning, and begin it again a while later."""
        os.kill(server.pid, signal.SIGKILL)
        self.kills += 1
        await asyncio.sleep(down)
        await stack.enter_async_context(self.begun())

    def noted(self) -> dict[str, Counter[str]]:
        """For each text that arrived, its MsgIds and how often each came."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for line in self.notes.read_text("utf-8").splitlines():
            msg_id, _, words = line.partition("\t")
            found[words][msg_id] += 1
        return found
