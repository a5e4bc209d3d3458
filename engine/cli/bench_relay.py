"""`banli bench relay`: whether the relay loses or doubles anything under load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.failing import told_too

if TYPE_CHECKING:
    from engine.bench.relay import Figures


def relay(
    terminals: Annotated[int, typer.Option(min=1, max=5000, help="Terminals at once.")] = 200,
    rate: Annotated[float, typer.Option(min=0.1, max=1000, help="Messages a second.")] = 20.0,
    seconds: Annotated[float, typer.Option(min=1, max=86400, help="How long they talk.")] = 300.0,
    down: Annotated[
        float, typer.Option(min=0, max=4, help="Seconds the killed provider is away.")
    ] = 2.0,
    folder: Annotated[Path | None, typer.Option("--dir", help="Where the database is.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Messages through the relay, its provider killed half-way; counts lost and doubled ones."""
    import asyncio

    import aiohttp
    import msgspec

    from engine.bench.relay import Load, measure

    def told(line: str) -> None:
        typer.echo(line, err=True)

    with told_too(aiohttp.ClientError, OSError):
        figures = asyncio.run(
            measure(Load(terminals, rate, seconds, down), folder=folder, told=told)
        )
    if json:
        typer.echo(msgspec.json.encode(figures.as_json()).decode())
    else:
        _table(figures)
    if not figures.is_whole:
        typer.echo("banli bench relay: messages were lost, doubled or refused", err=True)
        raise typer.Exit(1)


def _table(figures: Figures) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="The relay under load", show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    for name, value in (
        ("messages sent / answered", f"{figures.sent} / {figures.answered}"),
        ("lost / doubled / never seen by the provider", _counts(figures)),
        ("out-of-order notices", str(figures.notices)),
        ("further tries of a message", str(figures.repeats)),
        ("the provider was killed", str(figures.kills)),
        ("connections of all terminals", str(figures.feeds)),
        ("page to answer, p50 / p99", f"{figures.p50} / {figures.p99} ms"),
        ("the longest", f"{figures.worst} ms"),
        ("CPU of the relay, a message", f"{figures.cpu} ms"),
    ):
        table.add_row(name, value)
    Console().print(table)


def _counts(figures: Figures) -> str:
    return f"{figures.lost} / {figures.doubled} / {figures.unseen}"
