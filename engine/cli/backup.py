"""`banli backup` and `banli restore`: copies of the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[str | None, typer.Option(help="Address of the database.", show_default=False)]


def backup(
    file: Annotated[Path, typer.Argument(help="The new file.")], database: Database = None
) -> None:
    """Copy the SQLite database as it is now, also while a provider serves with it."""
    from engine.settings import load_settings
    from engine.store.backup import back_up

    back_up(load_settings(database=database).database, file)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def restore(
    file: Annotated[Path, typer.Argument(help="What `banli backup` wrote.")],
    database: Database = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move the database that is there aside.")
    ] = False,
) -> None:
    """Make a backup the SQLite database; the provider must not be running."""
    from engine.settings import load_settings
    from engine.store.backup import restore as put_back
    from engine.store.store import sqlite_file

    address = load_settings(database=database).database
    place = sqlite_file(address)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = place.with_name(f"{place.name}.{stamp}") if place and replace else None
    put_back(address, file, aside=aside)
    typer.echo(f"restored from {file}" + (f"; the old one is {aside}" if aside else ""))
