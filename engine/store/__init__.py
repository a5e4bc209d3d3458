"""Keeping: sessions, inbox, outbox, ledger, notices, pictures, conversations, desk in one database.

Each kind of record has a module of its own (`sessions`, `inbox`, `ledger`, `outbox`, `notices`,
`pictures`, `conversation`, `waiting`, `clerks`, `forget`) with functions over a connection, so that
they share the transaction of the turn. What customers said is sealed with keys (`keys`, `sealing`,
`resealing`); `opening` finds those of an installation.
"""

from __future__ import annotations

from engine.store.connection import Connection
from engine.store.errors import AlreadyAnswered, Conflict, StoreError
from engine.store.store import Store

__all__ = ["AlreadyAnswered", "Conflict", "Connection", "Store", "StoreError"]
