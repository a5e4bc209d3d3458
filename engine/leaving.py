"""Customers who leave, and such as want to be told nothing more that they do not ask for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, true, union

from engine.business.provider import Business, Work
from engine.store import Store
from engine.store.forget import forget
from engine.store.schema import OWN, follows, metadata, notices, outbox


async def forget_customer(
    store: Store, business: Business, *, account: str, openid: str, now: datetime
) -> None:
    """Delete everything that is kept of a customer, in one transaction."""
    async with store.writing() as connection:
        work = Work(connection, now, account, openid)
        for forget_there in business.forgettings:
            await forget_there(work)
        await forget(connection, account=account, openid=openid)


async def silence_customer(
    store: Store, business: Business, *, account: str, openid: str, now: datetime
) -> None:
    """End all that a customer subscribed to, and what is on its way to them, in one transaction."""
    async with store.writing() as connection:
        work = Work(connection, now, account, openid)
        for silence_there in business.silencings:
            await silence_there(work)
        for table in (follows, notices, outbox):
            mine = (table.c.account == account) & (table.c.openid == openid)
            told = outbox.c.notice.is_not(None) if table is outbox else true()
            await connection.execute(delete(table).where(mine, told))


async def accounts_of(store: Store, openid: str) -> list[str]:
    """The accounts that keep something of a customer."""
    known = union(
        *(
            select(table.c.account).where(table.c.openid == openid)
            for table in metadata.sorted_tables
            if table not in OWN
        )
    )
    async with store.reading() as connection:
        return sorted(await connection.scalars(known))
