"""`banli desk`: accounts of the people who answer customers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from engine.cli.failing import Commands

if TYPE_CHECKING:
    from engine.store import Store

app = typer.Typer(cls=Commands, no_args_is_help=True, help="People who answer customers at /desk.")

_Result = TypeVar("_Result")
Name = Annotated[str, typer.Argument(help="The clerk's name; customers see it.")]


@app.command()
def add(name: Name) -> None:
    """Give a clerk an account, or a new password, which is asked for or read from stdin."""
    from engine.desk.signin import create

    password = _password()
    _with_store(lambda store: create(store, name=name, password=password))
    typer.echo(f"banli desk: {name} may sign in at /desk", err=True)


@app.command()
def remove(name: Name) -> None:
    """Take a clerk's account away; what is signed in ends."""
    from engine.store import clerks

    async def drop(store: Store) -> bool:
        async with store.writing() as connection:
            return await clerks.remove(connection, name)

    is_gone = _with_store(drop)
    if not is_gone:
        typer.echo(f"banli desk: there is no clerk {name}", err=True)
        raise typer.Exit(1)


@app.command("list")
def list_() -> None:
    """Who has an account, one a line."""
    from engine.store import clerks

    async def names(store: Store) -> list[str]:
        async with store.reading() as connection:
            return await clerks.names(connection)

    for name in _with_store(names):
        typer.echo(name)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("password", hide_input=True, confirmation_prompt=True))


def _with_store(work: Callable[[Store], Awaitable[_Result]]) -> _Result:
    from engine.settings import load_settings
    from engine.store.opening import open_store

    async def run() -> _Result:
        async with await open_store(load_settings()) as store:
            return await work(store)

    return asyncio.run(run())
