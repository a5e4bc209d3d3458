"""`banli speech`: making the model that hears."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.failing import CommandError, Commands

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Make the model that hears.")


@app.callback()
def speech() -> None:
    """Make the model that hears."""


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Option(help="Of training; or a model, to keep its network.")],
    lexicon: Annotated[Path, typer.Option(help="Lines of word, syllables and share, by tabs.")],
    lm: Annotated[Path, typer.Option(help="ARPA n-grams over the words, perhaps .gz.")],
    out: Annotated[Path, typer.Option(help="Folder for the model; replaced when there is one.")],
    blank: Annotated[float, typer.Option(help="Less silence: ln of what divides the blank.")] = 0.0,
    unknown: Annotated[float, typer.Option(help="Cost of a phone of [unk] in grammars.")] = 1.5,
    about: Annotated[Path | None, typer.Option(help="Markdown to keep as its card.md.")] = None,
    halved: Annotated[bool, typer.Option(help="Weights in 16 bit, half as many bytes.")] = False,
    hiss: Annotated[float, typer.Option(help="Added to what is heard, in units of 16 bit.")] = 0.0,
    option: Annotated[
        list[str] | None, typer.Option(help="A line of model.conf, as NAME=VALUE.")
    ] = None,
) -> None:
    """Put network, lexicon and n-grams together to a model that Vosk loads."""
    from engine.speech.export import model, parts
    from engine.speech.export.lexicon_graph import Costs

    decoding = dict(_named(line) for line in option or [])
    how = parts.How(Costs(unknown=unknown), blank, halved, decoding, hiss)
    with needing_torch():
        whole = parts.read(checkpoint, lexicon, lm, how)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        command = shlex.join(["banli", *sys.argv[1:]])
        said = about.read_bytes() if about else b""
        card = model.assemble(out, whole, model.Card(made=made, command=command), about=said)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    typer.echo(
        f"{card.parameters} parameters, {card.words} words, {card.grammar_arcs} arcs of grammar, "
        f"{size / 1e6:.1f} MB in {out}"
    )


def _named(line: str) -> tuple[str, str]:
    name, equals, value = line.removeprefix("--").partition("=")
    if not (name and equals):
        raise typer.BadParameter(f"{line!r} is not NAME=VALUE", param_hint="--option")
    return name, value


@contextlib.contextmanager
def needing_torch() -> Iterator[None]:
    """Says what to install where the packages for training are missing."""
    try:
        yield
    except ImportError as error:
        raise CommandError(f"{error}; install banli[speech-training]") from error
