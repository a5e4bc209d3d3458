"""Opening the store of an installation, with the keys that its settings name."""

from __future__ import annotations

from sqlalchemy import select

from engine.settings import Settings
from engine.store.keys import Ring, fresh, read_or_make
from engine.store.schema import sessions
from engine.store.store import Store

#: A database that ends with its store: so do its keys.
PRIVATE = "sqlite://"


def ring_of(settings: Settings) -> Ring:
    """The ring of the settings, else that of the home folder, made if need be.

    Raises `StoreError`.
    """
    if settings.database == PRIVATE:
        return Ring.read(fresh())
    if settings.store_keys:
        return Ring.read(settings.store_keys)
    return read_or_make(settings.key_file)


async def open_store(settings: Settings) -> Store:
    """The store, whose sessions can be read. Raises `StoreError`."""
    store = await Store.open(settings.database, ring=ring_of(settings))
    try:
        async with store.reading() as connection:
            await connection.scalar(select(sessions.c.state).limit(1))
    except BaseException:
        await store.close()
        raise
    return store
