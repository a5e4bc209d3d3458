"""`banli simulate`: customers with goals, played against the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.replay.simulation.told import Dialog


def simulate(
    dialogs: Annotated[int, typer.Option(help="How many dialogs.", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="All that is left to chance follows from it.")] = 0,
    customers: Annotated[
        Path | None, typer.Option(help="Another file of customers; docs/simulate.md.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
    show: Annotated[int, typer.Option(help="So many failures as transcripts.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Only the figures, as JSON.")] = False,
) -> None:
    """Play simulated customers against the engine and say how many reach their goal."""
    import msgspec

    from engine.replay.simulation import goals
    from engine.replay.simulation.summary import Summary

    goals.load(customers)
    summary, shown = Summary(), 0
    for dialog in _played(dialogs, seed, customers, workers):
        summary.add(dialog)
        if dialog.faults and shown < show and not as_json:
            shown += 1
            typer.echo(f"{dialog.as_transcript()}\n{dialog.error}")
    typer.echo(msgspec.json.encode(summary) if as_json else "\n".join(summary.lines()))
    raise typer.Exit(1 if summary.unconfirmed or summary.exceptions else 0)


def _played(dialogs: int, seed: int, customers: Path | None, workers: int) -> Iterator[Dialog]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    parts = [(seed, range(n, dialogs, workers), customers) for n in range(workers)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_part, parts):
            yield from part


def _part(told: tuple[int, range, Path | None]) -> list[Dialog]:
    """The dialogs of one process."""
    import asyncio
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return asyncio.run(_play(*told))


async def _play(seed: int, numbers: range, customers: Path | None) -> list[Dialog]:
    from engine.replay import assemble
    from engine.replay.databases import Databases
    from engine.replay.simulation import goals
    from engine.replay.simulation.playing import play

    world = goals.load(customers)
    with Databases() as databases:
        troupe = assemble(databases)
        return [await play(world, troupe, seed=seed, number=number) for number in numbers]
