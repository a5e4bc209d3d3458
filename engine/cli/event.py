"""`banli event`: tell a running provider what has happened at the company."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.business.provider import Business, Event
    from engine.settings import Settings


def event(
    name: Annotated[str, typer.Argument(help="As `banli dialogs calls` lists it.")],
    facts: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What happened.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Address of the provider's database.", show_default=False)
    ] = None,
    business: Annotated[
        str | None, typer.Option(help="The company's Business, as module:attribute.")
    ] = None,
) -> None:
    """Let something happen at the company; customers whom it concerns are told by the provider."""
    from engine.business.load import load as load_business
    from engine.business.provider import BusinessError, Refused
    from engine.settings import SettingsError, load_settings
    from engine.store import StoreError

    try:
        settings = load_settings(database=database, business=business)
        found = load_business(settings.business)
        happening = _event(found, name)
        told = dict(_fact(fact) for fact in facts or ())
        _demand(happening, name, told)
        asyncio.run(_happen(found, happening, told, settings))
    except Refused as refused:
        why = ", ".join([refused.reason, *(f"{k}={v}" for k, v in refused.facts.items())])
        typer.echo(f"banli event: {name} refused: {why}", err=True)
        raise typer.Exit(1) from None
    except (SettingsError, BusinessError, StoreError, ValueError) as error:
        typer.echo(f"banli event: {error}", err=True)
        raise typer.Exit(1) from None


def _event(business: Business, name: str) -> Event:
    if name not in business.events:
        known = ", ".join(sorted(business.events)) or "none at all"
        raise ValueError(f"the business has no event {name!r}; it has {known}")
    return business.events[name]


def _fact(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        raise ValueError(f"{written!r}: write a fact as NAME=VALUE")
    return name, value


def _demand(event: Event, name: str, told: dict[str, str]) -> None:
    import inspect

    try:
        inspect.signature(event).bind(None, **told)
    except TypeError as error:
        raise ValueError(f"{name}: {error}; see `banli dialogs calls`") from None


async def _happen(
    business: Business, event: Event, told: dict[str, str], settings: Settings
) -> None:
    from engine.business.provider import Work
    from engine.store.opening import open_store
    from engine.wiring import clock

    async with await open_store(settings) as store, store.writing() as connection:
        for prepare in business.preparations:
            await prepare(connection, clock())
        await event(Work(connection, clock(), "", ""), **told)
