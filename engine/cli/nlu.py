"""`banli train`, `banli evaluate`, `banli parse`: the understanding of utterances."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from engine import assets

Files = Annotated[list[Path] | None, typer.Argument(help="Files or folders of phrases.")]
Lexicons = Annotated[Path | None, typer.Option(help="Folder of lexicon tables.")]


def train(
    files: Files = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model.")] = None,
    dev: Annotated[Path | None, typer.Option(help="Phrases to evaluate the model on.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same model.")] = 0,
    lexicons: Lexicons = None,
) -> None:
    """Train the classifier of intents and cross-validate it."""
    from engine.nlu import model
    from engine.nlu.features import Settings
    from engine.nlu.recognizer import Recognizer
    from engine.nlu.training import report
    from engine.nlu.training.train import train as fit

    with one_line():
        recognizer = Recognizer(lexicons or assets.data() / "lexicons")
        folder = out or assets.models() / "nlu"
        trained = fit(
            files or [assets.data() / "nlu"],
            recognizer=recognizer,
            settings=Settings(),
            seed=seed,
            now=datetime.now(UTC),
            command=shlex.join(["banli", *sys.argv[1:]]),
            progress=lambda step: typer.echo(step, err=True),
        )
        model.save(trained.model, trained.card, folder)
        lines = [*report.table(trained.inside, trained.model.classifier.labels)]
        lines += report.summary(trained.card.figures, trained.card.confusions)
    for line in lines:
        typer.echo(line)
    typer.echo(f"model in {folder}", err=True)


def parse(
    texts: Annotated[list[str] | None, typer.Argument(help="Utterances; - reads lines.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the model.")] = None,
    now: Annotated[str, typer.Option(help="The time that relative dates count from, ISO.")] = "",
    lexicons: Lexicons = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON; the only form there is.")] = True,
) -> None:
    """Understand utterances: one JSON object a line."""
    import msgspec

    from engine.nlu.interpreter import Interpreter

    with one_line():
        moment = _moment(now)
        folder = model or assets.models() / "nlu"
        interpreter = Interpreter.load(folder, lexicons=lexicons or assets.data() / "lexicons")
    for given in texts or ["-"]:
        for text in _lines_of_stdin() if given == "-" else [given]:
            parsed = interpreter.parse(text, now=moment)
            typer.echo(msgspec.json.encode(parsed).decode())


@contextlib.contextmanager
def one_line() -> Iterator[None]:
    """An error of the nlu room is one line on stderr and exit status 1."""
    from engine.nlu.errors import NluError

    try:
        yield
    except NluError as error:
        typer.echo(f"banli: {error}", err=True)
        raise typer.Exit(1) from error


def _lines_of_stdin() -> list[str]:
    return [line.rstrip("\r\n") for line in sys.stdin]


def _moment(given: str) -> datetime:
    """The time that was given, in China when it names no zone; by default the time it is."""
    from zoneinfo import ZoneInfo

    china = ZoneInfo("Asia/Shanghai")
    if not given:
        return datetime.now(china)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        message = f"{given!r} is not an ISO time like 2026-11-23T10:00"
        raise typer.BadParameter(message, param_hint="--now") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=china)
