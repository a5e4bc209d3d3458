"""`banli dialogs`: what writers of scripts need, without a database or a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.failing import Commands

if TYPE_CHECKING:
    from engine.dialog.errors import Problem
    from engine.dialog.scripts.loading import Scripts

app = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Check dialog scripts and describe their format."
)


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of scripts.", show_default=False)
    ] = None,
    business: Annotated[
        str | None, typer.Option(help="The company's Business, as module:attribute.")
    ] = None,
    phrases: Annotated[
        list[Path] | None, typer.Option(help="Training phrases. By default those of the program.")
    ] = None,
) -> None:
    """Find what is wrong with the scripts of a folder, with file and line."""
    from engine.business.provider import BusinessError
    from engine.dialog.errors import ScriptError
    from engine.nlu.errors import NluError
    from engine.settings import SettingsError, load_settings

    try:
        settings = load_settings(dialogs=folder, business=business)
        scripts, problems = _checked(settings.dialogs, settings.business, phrases)
    except ScriptError as error:
        _report(error.problems)
        raise typer.Exit(1) from None
    except (SettingsError, BusinessError, NluError) as error:
        typer.echo(f"banli dialogs check: {error}", err=True)
        raise typer.Exit(1) from None
    _report(problems)
    if not all(problem.is_warning for problem in problems):
        raise typer.Exit(1)
    typer.echo(_summary(scripts, len(problems)))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Its intent: small letters, digits and _.")],
    title: Annotated[str, typer.Option(help="What menus call it, in the customers' words.")] = "",
    folder: Annotated[Path, typer.Option("--in", help="Folder to write below.")] = Path(),
) -> None:
    """Write a business that works, to be changed: script, phrases and a transcript."""
    from engine.dialog.errors import ScriptError
    from engine.dialog.starting import start

    try:
        script, phrases, transcript = start(folder, name=name, title=title or name)
    except ScriptError as error:
        _report(error.problems)
        raise typer.Exit(1) from None
    typer.echo(f"{script}\n{phrases}\n{transcript}\n\nIt works as it is:")
    typer.echo(f"  banli dialogs check {script.parent} --phrases {phrases.parent}")
    typer.echo(f"  banli replay {transcript} --dialogs {script.parent}")
    typer.echo("and once customers shall find it in words of their own:")
    typer.echo(f"  banli train --with-acts {phrases.parent} --out models/nlu")


def _checked(
    folder: Path, business: str, phrases: list[Path] | None
) -> tuple[Scripts, list[Problem]]:
    from engine import assets
    from engine.business.load import load as load_business
    from engine.dialog import checking
    from engine.dialog.scripts import loading
    from engine.nlu import dataset

    scripts = loading.load(folder)
    examples = dataset.read(phrases or [assets.data() / "nlu", assets.data() / "faq"])
    return scripts, checking.check(scripts, load_business(business), examples=examples)


def _report(problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)


def _summary(scripts: Scripts, warnings: int) -> str:
    found = scripts.by_intent.values()
    slots = sum(len(script.slots) for script in found)
    effects = sum(script.answer.changes_something for script in found)
    counts = [(len(found), "script"), (slots, "slot"), (effects, "effect")]
    note = f", {_counted(warnings, 'warning')}" if warnings else ""
    return f"{', '.join(_counted(*count) for count in counts)}: no problems{note}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


@app.command()
def calls(
    business: Annotated[
        str | None, typer.Option(help="The company's Business, as module:attribute.")
    ] = None,
) -> None:
    """Show what scripts may call and what may happen, with arguments, rows and refusals."""
    from engine.business.load import load as load_business
    from engine.business.provider import BusinessError
    from engine.settings import SettingsError, load_settings

    try:
        found = load_business(load_settings(business=business).business)
    except (SettingsError, BusinessError) as error:
        typer.echo(f"banli dialogs calls: {error}", err=True)
        raise typer.Exit(1) from None
    kinds: dict[str, Mapping[str, Callable[..., object]]] = {
        "query": found.queries,
        "effect": found.effects,
        "event": found.events,
    }
    for kind, functions in kinds.items():
        for name, function in sorted(functions.items()):
            typer.echo("\n".join(_shown(kind, name, function)))


def _shown(kind: str, name: str, function: Callable[..., object]) -> Iterator[str]:
    """One call as its author described it; the first parameter is the engine's."""
    import inspect

    _, *taken = inspect.signature(function).parameters.values()
    arguments = [p.name if p.default is p.empty else f"[{p.name}]" for p in taken]
    yield f"{kind}: {name}  with: {', '.join(arguments) or 'nothing'}"
    yield from (f"    {line}".rstrip() for line in (inspect.getdoc(function) or "").splitlines())
    yield ""


@app.command()
def schema() -> None:
    """Print the JSON Schema of scripts, for editors."""
    from engine.dialog.scripts.schema import script_schema

    typer.echo(script_schema(), nl=False)
