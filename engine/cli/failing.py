"""What goes wrong in a command: one line on the standard error, and exit status 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup


class CommandError(Exception):
    """A command cannot go on; the text is for the person at the keyboard."""


class Commands(TyperGroup):
    """Commands whose errors are told, whichever of the rooms raised them; all else is a fault."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not type(error).__module__.startswith("engine."):
                raise
            typer.echo(f"{_name(ctx)}: {error}", err=True)
            raise typer.Exit(1) from None


def _name(ctx: Any) -> str:
    """The command as it is typed, however the program was started."""
    groups: list[str] = []
    at = ctx
    while at.parent is not None:
        groups.insert(0, at.info_name or "")
        at = at.parent
    return " ".join(["banli", *groups, *filter(None, [ctx.invoked_subcommand])])


@contextmanager
def told_too(*kinds: type[Exception]) -> Iterator[None]:
    """Errors of these kinds, which no room raises, are for the person at the keyboard too."""
    try:
        yield
    except kinds as error:
        raise CommandError(str(error) or "it took too long") from error
