"""`banli bench`: what things cost on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.failing import Commands, told_too

if TYPE_CHECKING:
    from engine.bench.turns import Comparison
    from engine.bench.voice import Figures

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Benchmarks, each a table or --json.")


@app.callback()
def bench() -> None:
    """Benchmarks, each a table or --json."""


@app.command()
def turns(
    requests: Annotated[int, typer.Option(min=4, max=1_000_000, help="Turns to measure.")] = 2000,
    concurrency: Annotated[int, typer.Option(min=1, max=512, help="Customers at once.")] = 16,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes of the engine.")] = 1,
    stored: Annotated[
        int, typer.Option(min=0, help="Sessions of the engine, beside itself with none (SQLite).")
    ] = 0,
    folder: Annotated[Path | None, typer.Option("--dir", help="Where the databases are.")] = None,
    plot: Annotated[Path | None, typer.Option(help="A PNG of how long turns took.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Signed text turns over HTTP with a durable commit, beside a floor that only keeps a row."""
    import asyncio

    import msgspec

    from engine.bench.turns import compare

    with told_too(OSError):
        comparison = asyncio.run(
            compare(
                requests=requests,
                concurrency=concurrency,
                workers=workers,
                stored=stored,
                folder=folder,
                told=lambda line: typer.echo(line, err=True),
            )
        )
    if json:
        typer.echo(msgspec.json.encode(comparison.as_json()).decode())
    else:
        _table(comparison)
    if plot:
        _plot(comparison, plot)
    if comparison.engine.failures or comparison.other.failures:
        typer.echo("banli bench turns: some messages got no answer", err=True)
        raise typer.Exit(1)


def _plot(comparison: Comparison, file: Path) -> None:
    from engine.bench.plot import times

    both = comparison.engine.cuts, comparison.other.cuts
    with told_too(OSError):
        times(dict(zip(comparison.names, both, strict=True)), file)


def _table(comparison: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{comparison.requests} turns, {comparison.concurrency} customers at once")
    for column in ("", "turns/s", "p50 ms", "p99 ms", "CPU ms/turn", "failures"):
        table.add_column(column, justify="right" if column else "left")
    both = comparison.engine, comparison.other
    for name, figures in zip(comparison.names, both, strict=True):
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
    took = comparison.footprint
    console.print(f"ratio {comparison.ratio:.3f}, p50 {comparison.slower} times the other's")
    console.print(
        f"engine: {took.start_cpu} s of CPU to start, {took.before} MB resident, "
        f"{took.after} MB after the turns"
    )


@app.command()
def voice(
    model: Annotated[
        Path | None, typer.Option(help="A Vosk model; the one that is set up, or the shipped one.")
    ] = None,
    clips: Annotated[
        Path | None, typer.Option(help="Recordings with a manifest.tsv; those of the tests.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Messages heard at a time.")] = 2,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Hearing: real-time factor, latency of messages of 5 s, memory, messages at a time."""
    import asyncio

    import msgspec

    from engine import assets
    from engine.bench.clips import clips_in
    from engine.bench.voice import measure
    from engine.cli.speech_model import model_folder

    figures = asyncio.run(
        measure(
            model_folder(model),
            clips_in(clips or assets.root() / "tests" / "speech" / "voices"),
            workers=workers,
            told=lambda line: typer.echo(line, err=True),
        )
    )
    if json:
        typer.echo(msgspec.json.encode(figures.as_json()).decode())
    else:
        _voice_table(figures)


def _voice_table(figures: Figures) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{figures.clips} clips, {figures.seconds} s, {figures.unheard} unheard")
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("CPU seconds for a second of sound", f"{figures.rtf:.3f}")
    table.add_row("5 s from upload to text, p50", f"{figures.p50:.0f} ms")
    table.add_row("5 s from upload to text, p95", f"{figures.p95:.0f} ms")
    table.add_row(f"seconds heard in a second, {figures.workers} at a time", f"{figures.at_once}")
    table.add_row("memory of this process", f"{figures.process_mb} MB")
    table.add_row("memory of the decoding processes", f"{figures.decoders_mb} MB")
    table.add_row("memory added by voice", f"{figures.memory_mb} MB")
    Console().print(table)
