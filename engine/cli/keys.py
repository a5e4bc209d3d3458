"""`banli keys`: the keys that seal what customers said in the database."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from engine.cli.failing import Commands

app = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Keys that seal what customers said in the database."
)

Database = Annotated[str | None, typer.Option(help="Address of the database.", show_default=False)]


@app.command()
def new() -> None:
    """Make a key that seals from the next start on; the ones there are go on opening."""
    from engine.settings import load_settings
    from engine.store.keys import Ring, fresh, put_first

    settings, key = load_settings(), fresh()
    [name] = Ring.read(key).names
    if settings.store_keys:
        typer.echo(key)
        told = f"key {name}: put it before the others in BANLI_STORE_KEYS"
    else:
        put_first(settings.key_file, key)
        told = f"key {name} is the first of {settings.key_file}"
    typer.echo(f"banli keys: {told}; restart the providers, then banli keys rotate", err=True)


@app.command("list")
def list_(database: Database = None) -> None:
    """Each key with the number of values that it has sealed; the first one seals."""
    from engine.settings import load_settings
    from engine.store.opening import open_store, ring_of
    from engine.store.resealing import census

    async def count() -> dict[str, int]:
        async with await open_store(settings) as store:
            return await census(store)

    settings = load_settings(database=database)
    names = ring_of(settings).names
    found = asyncio.run(count())
    for name in dict.fromkeys((*names, *sorted(found))):
        missing = "" if name in names or not name else "  not in the ring"
        typer.echo(f"{name or 'in clear':8}  {found.get(name, 0)}{missing}")


@app.command()
def rotate(database: Database = None) -> None:
    """Seal everything with the first key, while providers serve; it goes on where it stopped."""
    from engine.settings import load_settings
    from engine.store.opening import open_store, ring_of
    from engine.store.resealing import reseal

    async def run() -> int:
        async with await open_store(settings) as store:
            return sum([rows async for rows in reseal(store, ring)])

    settings = load_settings(database=database)
    ring = ring_of(settings)
    rows = asyncio.run(run())
    typer.echo(f"banli keys: {rows} rows sealed anew with {ring.names[0]}", err=True)
