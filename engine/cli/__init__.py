"""The program `banli`. Every command has its own module, which imports its room when it runs."""

from __future__ import annotations

import typer

import engine
from engine.cli import (
    backup,
    bench,
    bench_nlu,
    bench_relay,
    bench_understood,
    chat,
    desk,
    dialogs,
    doctor,
    event,
    forget,
    keys,
    models,
    nlu,
    relay,
    replay,
    serve,
    simulate,
    speech,
    speech_lm,
    speech_training,
    trace,
    transcribe,
    wechat,
)
from engine.cli.failing import Commands

app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback(invoke_without_command=True)
def banli(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """Business done inside a chat."""
    if version:
        typer.echo(f"banli {engine.__version__}")
        raise typer.Exit


app.command()(nlu.train)
app.command()(nlu.evaluate)
app.command()(nlu.parse)
app.command()(serve.serve)
app.command()(relay.relay)
app.command()(relay.demo)
app.command()(replay.replay)
app.command()(simulate.simulate)
app.command()(chat.chat)
app.command()(event.event)
app.command()(transcribe.transcribe)
app.command()(doctor.doctor)
app.command()(trace.trace)
app.command()(forget.forget)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(dialogs.app, name="dialogs")
app.add_typer(desk.app, name="desk")
app.add_typer(keys.app, name="keys")
app.add_typer(models.app, name="models")
app.add_typer(wechat.app, name="wechat")
app.add_typer(bench.app, name="bench")
bench.app.command()(bench_nlu.nlu)
bench.app.command()(bench_understood.understood)
bench.app.command()(bench_relay.relay)
app.add_typer(speech.app, name="speech")
speech.app.command()(speech_training.train)
speech.app.command()(speech_training.evaluate)
speech.app.command()(speech_lm.lm)
speech.app.command()(speech_lm.arpa)


def main() -> None:
    """Run the command line."""
    app()
