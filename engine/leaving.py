"""Forgetting a customer: at the company and in every table of the store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, union

from engine.business.provider import Business, Work
from engine.store import Store
from engine.store.forget import forget
from engine.store.schema import OWN, metadata


async def forget_customer(
    store: Store, business: Business, *, account: str, openid: str, now: datetime
) -> None:
    """Delete everything that is kept of a customer, in one transaction."""
    async with store.writing() as connection:
        work = Work(connection, now, account, openid)
        for forget_there in business.forgettings:
            await forget_there(work)
        await forget(connection, account=account, openid=openid)


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
