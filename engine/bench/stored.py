"""A database with many sessions, as an installation has it that many customers have written to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from engine.bench.client import openid
from engine.dialog.state.session import Session, encode
from engine.message import Button, Reply
from engine.settings import Settings
from engine.store.opening import open_store
from engine.store.schema import sessions

#: Rows of one transaction.
_BATCH = 20_000

#: What a customer was told last, and the choices with it: most of a session that is at rest.
_LAST = Reply(
    text="您好，我可以为您办理值机、充话费、查航班和话费余额，请问需要什么帮助？",
    buttons=tuple(Button(f"业务{number}", f"/business_{number}") for number in range(8)),
)


async def lay(home: Path, account: str, count: int, told: Callable[[str], None]) -> None:
    """Put sessions of the crowd's customers into the database of a home. Raises `StoreError`."""
    state = encode(Session(last=[_LAST]))
    row = {"account": account, "state": state, "version": 1, "at": datetime.now(UTC)}
    async with await open_store(Settings(home=home)) as store:
        for first in range(1, count + 1, _BATCH):
            told(f"sessions {first} to {min(first + _BATCH - 1, count)}")
            numbers = range(first, min(first + _BATCH, count + 1))
            rows = [row | {"openid": openid(number)} for number in numbers]
            async with store.writing() as connection:
                await connection.execute(insert(sessions), rows)
