"""`banli bench`: what things cost on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.bench.turns import Comparison

app = typer.Typer(no_args_is_help=True, help="Benchmarks, each a table or --json.")


@app.callback()
def bench() -> None:
    """Benchmarks, each a table or --json."""


@app.command()
def turns(
    requests: Annotated[int, typer.Option(min=4, max=1_000_000, help="Turns to measure.")] = 2000,
    concurrency: Annotated[int, typer.Option(min=1, max=512, help="Customers at once.")] = 16,
    folder: Annotated[Path | None, typer.Option("--dir", help="Where the databases are.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Signed text turns over HTTP with a durable commit, beside a floor that only keeps a row."""
    import asyncio

    import msgspec

    from engine.bench.server import BenchError
    from engine.bench.turns import compare

    try:
        comparison = asyncio.run(
            compare(
                requests=requests,
                concurrency=concurrency,
                folder=folder,
                told=lambda line: typer.echo(line, err=True),
            )
        )
    except (BenchError, TimeoutError, OSError) as error:
        typer.echo(f"banli bench turns: {error or 'the server did not start'}", err=True)
        raise typer.Exit(1) from None
    if json:
        typer.echo(msgspec.json.encode(comparison.as_json()).decode())
    else:
        _table(comparison)
    if comparison.engine.failures or comparison.floor.failures:
        typer.echo("banli bench turns: some messages got no answer", err=True)
        raise typer.Exit(1)


def _table(comparison: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{comparison.requests} turns, {comparison.concurrency} customers at once")
    for column in ("", "turns/s", "p50 ms", "p99 ms", "CPU ms/turn", "failures"):
        table.add_column(column, justify="right" if column else "left")
    for name, figures in (("engine", comparison.engine), ("floor", comparison.floor)):
        table.add_row(
            name,
            f"{figures.turns_per_second:.1f}",
            f"{figures.p50:.2f}",
            f"{figures.p99:.2f}",
            f"{figures.cpu:.3f}",
            str(figures.failures),
        )
    console = Console()
    console.print(table)
    console.print(f"ratio {comparison.ratio:.3f}")
