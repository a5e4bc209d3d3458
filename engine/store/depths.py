"""How much waits in the store: for the metrics, and for who asks whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select

from engine.store.connection import Connection
from engine.store.held import HELD
from engine.store.schema import notices, outbox, waiting


@dataclass(frozen=True, slots=True)
class Depths:
    """Rows that wait, by where; ``overdue`` is the age of the oldest due reply, in seconds.

    ``held`` replies wait for their customer to write, ``given_up`` ones for a person to look.
    """

    outbox: int
    held: int
    given_up: int
    notices: int
    desk: int
    overdue: float


async def depths(connection: Connection, *, now: datetime) -> Depths:
    """As it is now."""
    is_open = outbox.c.due < HELD
    oldest = await connection.scalar(select(func.min(outbox.c.due)).where(is_open))

    async def count(table: Table, *conditions: object) -> int:
        query = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        return await connection.scalar(query) or 0

    return Depths(
        outbox=await count(outbox, is_open),
        held=await count(outbox, outbox.c.due >= HELD),
        given_up=await count(outbox, outbox.c.due.is_(None)),
        notices=await count(notices),
        desk=await count(waiting),
        overdue=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
    )
