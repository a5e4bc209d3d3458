"""`banli forget`: delete everything that is kept of a customer, as if they had left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.settings import Settings


def forget(
    openid: Annotated[str, typer.Argument(help="The customer, as the platform names them.")],
    account: Annotated[
        str | None, typer.Option(help="Only with this account.", show_default="all")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Address of the database.", show_default=False)
    ] = None,
) -> None:
    """Delete everything that the store and the company's business keep of a customer."""
    from engine.settings import load_settings

    forgot = asyncio.run(_forgotten(load_settings(database=database), openid, account))
    if not forgot:
        typer.echo("banli forget: nothing is kept of this customer", err=True)
        raise typer.Exit(1)
    typer.echo(f"banli forget: forgotten with {', '.join(forgot)}", err=True)


async def _forgotten(settings: Settings, openid: str, account: str | None) -> list[str]:
    from engine.business.load import load
    from engine.leaving import accounts_of, forget_customer
    from engine.store.opening import open_store
    from engine.wiring import clock

    business = load(settings.business)
    async with await open_store(settings) as store:
        accounts = [account] if account else await accounts_of(store, openid)
        async with store.writing() as connection:
            for prepare in business.preparations:
                await prepare(connection, clock())
        for each in accounts:
            await forget_customer(store, business, account=each, openid=openid, now=clock())
    return accounts
