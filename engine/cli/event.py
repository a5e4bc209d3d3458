"""`banli event`: tell a running provider what has happened at the company."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.failing import CommandError, told_too

if TYPE_CHECKING:
    from engine.business.provider import Business
    from engine.dialog.scripts.loading import Scripts
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
    dialogs: Annotated[
        Path | None, typer.Option(help="Folder of scripts, for events that they declare.")
    ] = None,
    key: Annotated[
        str, typer.Option(help="Of a script's event: told once. By default always another one.")
    ] = "",
) -> None:
    """Let something happen at the company; customers whom it concerns are told by the provider."""
    from engine.business.load import load as load_business
    from engine.business.provider import Refused
    from engine.settings import load_settings

    try:
        settings = load_settings(database=database, business=business, dialogs=dialogs)
        found = load_business(settings.business)
        told = dict(_fact(fact) for fact in facts or ())
        scripts = {} if name in found.events else _scripts(settings)
        _demand(found, scripts, name, told)
        with told_too(ValueError):
            asyncio.run(_happen(found, scripts, name, told, key or secrets.token_hex(8), settings))
    except Refused as refused:
        why = ", ".join([refused.reason, *(f"{k}={v}" for k, v in refused.facts.items())])
        typer.echo(f"banli event: {name} refused: {why}", err=True)
        raise typer.Exit(1) from None


def _scripts(settings: Settings) -> dict[str, Scripts]:
    """The scripts of all accounts, and those of `banli chat`."""
    from engine.dialog.scripts import loading
    from engine.loaded import accounts_of, places_of

    served = accounts_of(settings) if any(settings.accounts.glob("*.toml")) else {}
    folders = {name: places_of(settings, account)[0] for name, account in served.items()}
    return {
        name: loading.load(folder) for name, folder in {"chat": settings.dialogs, **folders}.items()
    }


def _fact(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        raise CommandError(f"{written!r}: write a fact as NAME=VALUE")
    return name, value


def _demand(
    business: Business, scripts: Mapping[str, Scripts], name: str, told: dict[str, str]
) -> None:
    import inspect

    from engine.reporting import declared

    event = business.events.get(name)
    if event is None:
        if not declared(scripts, name):
            known = ", ".join(sorted(business.events)) or "none at all"
            raise CommandError(
                f"the business has no event {name!r}; it has {known}, and no script declares it"
            )
        return
    try:
        inspect.signature(event).bind(None, **told)
    except TypeError as error:
        raise CommandError(f"{name}: {error}; see `banli dialogs calls`") from None


async def _happen(
    business: Business,
    scripts: Mapping[str, Scripts],
    name: str,
    told: dict[str, str],
    key: str,
    settings: Settings,
) -> None:
    from engine.reporting import happen
    from engine.store.opening import open_store
    from engine.wiring import clock

    async with await open_store(settings) as store, store.writing() as connection:
        for prepare in business.preparations:
            await prepare(connection, clock())
        await happen(connection, business, scripts, name, told, key=key, now=clock())
