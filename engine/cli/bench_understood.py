"""`banli bench understood`: how much of what is said by voice arrives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.bench.understood import Outcome


def understood(
    manifests: Annotated[
        list[Path] | None, typer.Argument(help="Files like tests/speech/voices/manifest.tsv.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A Vosk model; the one that is set up, or the shipped one.")
    ] = None,
    now: Annotated[str, typer.Option(help="What dates count from.")] = "2026-11-23T10:00+08:00",
    show: Annotated[bool, typer.Option("--show", help="Each message and what was heard.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Voices through hearing and understanding: intents and slots that are right, by kind."""
    import asyncio

    import msgspec

    from engine import assets, logs

    logs.configure("warning")
    places = manifests or [assets.root() / "tests" / "speech" / "voices" / "manifest.tsv"]
    outcome = asyncio.run(_understood(places, model, now, show=show))
    if json:
        typer.echo(msgspec.json.encode(dict(outcome.kinds)).decode())
    else:
        _table(outcome)


async def _understood(places: list[Path], model: Path | None, now: str, *, show: bool) -> Outcome:
    from contextlib import AsyncExitStack
    from datetime import datetime

    from engine import assets
    from engine.bench.understood import Message, listen, messages_in
    from engine.cli.speech_model import model_folder
    from engine.dialog.scripts import loading
    from engine.nlu.interpreter import Interpreter
    from engine.speech.heard import Heard
    from engine.wiring import open_ears

    def told(message: Message, heard: Heard | None) -> None:
        if show:
            words = f"{heard.text} {heard.confidence:.2f}" if heard else "(nothing)"
            typer.echo(f"{message.kind}\t{message.text}\t{words}", err=True)

    messages = [message for place in places for message in messages_in(place)]
    interpreter = Interpreter.load(assets.models() / "nlu", lexicons=assets.data() / "lexicons")
    async with AsyncExitStack() as stack:
        ears = await open_ears(model_folder(model), stack, patience=60.0)
        scripts = loading.load(assets.dialogs())
        when = datetime.fromisoformat(now)
        return await listen(messages, ears, interpreter, scripts, now=when, told=told)


def _table(outcome: Outcome) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("kind", "messages", "same text", "intents", "slots", "caught", "unheard")
    for kind, tally in [*sorted(outcome.kinds.items()), ("all", outcome.whole())]:
        table.add_row(
            kind,
            str(tally.messages),
            str(tally.same),
            f"{tally.intents_right} / {tally.intents}",
            f"{tally.slots_right} / {tally.slots}",
            str(tally.caught),
            str(tally.unheard),
        )
    Console().print(table)
