"""Writing down a conversation in the terminal as a transcript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.message import Inbound, Reply
    from engine.replay.recording import Recorded
    from engine.store import Store
    from engine.turn import Turned


class Recorder:
    """Keeps what is said; `write` makes the transcript of it."""

    def __init__(self, file: Path, *, account: str, openid: str) -> None:
        self._file = file
        self._owner = {"account": account, "openid": openid}
        self._done = 0
        self._turns: list[Recorded] = []

    async def note(
        self,
        store: Store,
        inbound: Inbound,
        replies: tuple[Reply, ...],
        turned: Turned | None,
        pushed: tuple[Reply, ...],
    ) -> None:
        """Keep one message with what came of it."""
        from engine.replay.recording import Recorded
        from engine.store import ledger

        async with store.reading() as connection:
            done = await ledger.of(connection, **self._owner)
        new, self._done = tuple(done[self._done :]), len(done)
        self._turns.append(Recorded(inbound, replies, turned, new, pushed))

    def write(self) -> None:
        """Write the transcript, if anything was said."""
        from engine.replay.recording import Recording

        if self._turns:
            openid, begun = self._owner["openid"], self._turns[0].inbound.at
            recording = Recording(self._file.stem, openid, begun, self._turns)
            self._file.write_text(recording.text(), encoding="utf-8")
