"""Deleting what is older than it has to be, a batch in a transaction, while others serve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, select, tuple_, update

from engine.store.schema import (
    api_messages,
    choices,
    conversation,
    inbox,
    ledger,
    pictures,
    sessions,
)
from engine.store.store import Store

#: Rows in one transaction: other writers wait about as long as for a turn.
BATCH = 500


async def expire(store: Store, days: Mapping[str, int], *, now: datetime) -> dict[str, int]:
    """Delete what is older than so many days, by kind, and tell how many rows of each were.

    The kinds are those of `engine.settings.Keep`. A session counts from its last turn.
    """
    before = {kind: now - timedelta(days=count) for kind, count in days.items()}
    gone = {
        "sessions": await _delete(store, sessions, sessions.c.at < before["sessions"]),
        "answers": await _delete(store, inbox, inbox.c.at < before["answers"]),
        "ledger": await _delete(store, ledger, ledger.c.at < before["ledger"]),
        "pictures": await _delete(store, pictures, pictures.c.at < before["pictures"]),
        "conversation": await _delete(
            store, conversation, conversation.c.at < before["conversation"]
        ),
    }
    for table in (api_messages, choices):
        gone["answers"] += await _delete(store, table, table.c.at < before["answers"])
    is_old_trace = conversation.c.trace.is_not(None) & (conversation.c.at < before["traces"])
    async with store.writing() as connection:
        bared = await connection.execute(
            update(conversation).where(is_old_trace).values(trace=None)
        )
    return {**gone, "traces": bared.rowcount}


async def _delete(store: Store, table: Table, is_old: ColumnElement[bool]) -> int:
    """Found by a reader and an index of times, so that looking for it keeps nobody waiting."""
    key, gone = list(table.primary_key), 0
    while True:
        async with store.reading() as connection:
            found = (await connection.execute(select(*key).where(is_old).limit(BATCH))).all()
        if not found:
            return gone
        async with store.writing() as connection:
            old = tuple_(*key).in_([tuple(row) for row in found])
            done = await connection.execute(delete(table).where(old, is_old))
        gone += done.rowcount
