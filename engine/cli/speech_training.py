"""`banli speech train` and `banli speech evaluate`: a network learns, a model is measured."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

if TYPE_CHECKING:
    from engine.speech.evaluation import Evaluation
    from engine.speech.training.trainer import Report

Corpora = Annotated[list[Path], typer.Option(help="Folder with a manifest.tsv; repeatable.")]


def train(
    corpus: Corpora,
    out: Annotated[Path, typer.Option(help="Folder for checkpoint and curve; goes on from there.")],
    dev: Annotated[list[Path] | None, typer.Option(help="Folder that is only measured on.")] = None,
    hours: Annotated[float, typer.Option(help="Of sound to hear in all, over and over.")] = 200.0,
    hidden: Annotated[int, typer.Option(help="Width of the network.")] = 480,
    bottleneck: Annotated[int, typer.Option(help="Width between its halves.")] = 120,
    batch: Annotated[int, typer.Option(help="Sounds of a step.")] = 8,
    every: Annotated[float, typer.Option(help="Hours of sound between two reports.")] = 4.0,
    start: Annotated[Path | None, typer.Option(help="Model to start from.")] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="Highest learning rate; lower with --start."),
    ] = None,
) -> None:
    """Teach a network what syllables sound like; may be stopped, and goes on when started again."""
    from engine.cli.speech import needing_torch

    with needing_torch():
        from engine.speech.training.network import Shape
        from engine.speech.training.session import Training, train
        from engine.speech.training.trainer import Schedule
        from engine.speech.units import PHONES

        shape = Shape(len(PHONES), hidden, bottleneck)
        schedule = Schedule.onwards(hours) if start else Schedule(hours)
        schedule = replace(schedule, peak=rate or schedule.peak)
        places = (tuple(corpus), tuple(dev or ()), out, schedule)
        train(Training(*places, shape, batch, every=every, start=start), _tell)


def _tell(report: Report) -> None:
    sources = "  ".join(f"{name} {rate:.1%}" for name, rate in report.errors.rates().items())
    typer.echo(
        f"{report.hours:7.1f} h  loss {report.loss:.3f}  rate {report.rate:.1e}  "
        f"{report.seconds:.0f} s  syllables wrong {report.errors.rate:.1%}  {sources}"
    )


def evaluate(
    corpora: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv.")],
    model: Annotated[
        Path | None, typer.Option(help="Vosk model; the shipped one otherwise.")
    ] = None,
    words: Annotated[Path | None, typer.Option(help="Hear only these phrases, one a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Syllable and character errors and speed of a model over recordings, by stock Vosk."""
    from engine import assets
    from engine.cli.speech import needing_torch
    from engine.speech.corpus import load, read_manifest
    from engine.speech.evaluation import evaluate

    phrases = words.read_text(encoding="utf-8").split("\n") if words else []
    with needing_torch(), Progress(console=Console(stderr=True), transient=True) as progress:
        recordings = [load(read_manifest(corpus)) for corpus in corpora]
        task = progress.add_task("hearing", total=sum(map(len, recordings)))
        found = evaluate(
            model or assets.models() / "speech" / "zh-banli",
            recordings,
            [phrase for phrase in phrases if phrase.strip()],
            lambda _: progress.advance(task),
        )
    typer.echo(json.dumps(_figures(found), ensure_ascii=False)) if as_json else _print(found)


def _figures(found: Evaluation) -> dict[str, Any]:
    return {
        "syllable_error": found.syllables.rate,
        "by_source": found.syllables.rates(),
        "by_speaker": found.speakers.rates(),
        "character_error": found.characters.rate,
        "whole": {source: sum(right) / len(right) for source, right in found.whole.items()},
        "real_time_factor": found.real_time_factor,
        "seconds": found.seconds,
    }


def _print(found: Evaluation) -> None:
    table = Table("source", "clips", "syllables", "wrong", "characters wrong", "wholly right")
    characters = found.characters.rates()
    for source, rate in found.syllables.rates().items():
        right = found.whole[source]
        table.add_row(
            source,
            str(len(right)),
            str(found.syllables.said[source]),
            f"{rate:.1%}",
            f"{characters[source]:.1%}" if source in characters else "–",
            f"{sum(right)}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"syllables wrong {found.syllables.rate:.1%} of {found.syllables.said.total()}, "
        f"characters wrong {found.characters.rate:.1%} of {found.characters.said.total()}, "
        f"real-time factor {found.real_time_factor:.3f} over {found.seconds:.0f} s"
    )
