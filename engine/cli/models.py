"""`banli models`: which models there are, what they can do, and getting more of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from engine import assets
from engine.cli.failing import Commands, told_too

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

    from engine.fetch.catalogue import Catalogue, Model

app = typer.Typer(cls=Commands, no_args_is_help=True, help="List, fetch and describe models.")

Out = Annotated[Path | None, typer.Option("--out", help="Folder that fetched models go into.")]
Site = Annotated[str, typer.Option("--from", help="Another site with the same archives.")]


@app.command("list")
def list_models(
    online: Annotated[bool, typer.Option("--online", help="Ask the site what it has.")] = False,
    out: Out = None,
    site: Site = "",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """The models on this machine, and those that can be fetched by name."""
    import msgspec

    from engine.fetch import shelf

    with told_too(OSError):
        known = _catalogue(site)
        here = list(shelf.shelved(_places(out)))
        offered = {**known.models, **(asyncio.run(_online(known)) if online else {})}
    if json:
        rows = {
            "here": [{"name": each.name, "folder": str(each.folder)} for each in here],
            "offered": offered,
        }
        typer.echo(msgspec.json.encode(rows).decode())
        return
    for each in here:
        typer.echo(f"{each.name:<34} {_bytes(each.size):>9}  {each.folder}")
    names = {each.name for each in here}
    for name, model in sorted(offered.items(), key=lambda item: (item[1].language, item[0])):
        if name not in names:
            typer.echo(f"{name:<34} {_bytes(model.size):>9}  {_about(model)}")
    typer.echo("\nbanli models fetch NAME gets one; BANLI_SPEECH_MODEL=FOLDER hears with it.")


@app.command()
def fetch(
    names: Annotated[list[str], typer.Argument(help="As banli models list names them.")],
    out: Out = None,
    site: Site = "",
) -> None:
    """Download official models of Vosk, hold them to their published sums, unpack them."""
    from engine.fetch.fetching import Place
    from engine.fetch.fetching import fetch as run

    with _going_on():
        place = Place(_catalogue(site), _fetched(out))
        for name in dict.fromkeys(names):
            with _Bar() as told:
                folder = asyncio.run(run(name, place, told=told, clock=lambda: datetime.now(UTC)))
            typer.echo(folder)


@app.command()
def card(
    model: Annotated[str, typer.Argument(help="A model's name, or its folder.")],
    out: Out = None,
) -> None:
    """What a model on this machine says of itself: data, licence, figures, limits."""
    import msgspec

    from engine.fetch import shelf

    found = next((each.folder for each in shelf.shelved(_places(out)) if each.name == model), None)
    said = shelf.card(found or Path(model))
    if said is None:
        typer.echo(f"banli models card: {model} has no card here; see banli models list", err=True)
        raise typer.Exit(1)
    if not isinstance(said, str):
        said = msgspec.json.format(msgspec.json.encode(said), indent=1).decode()
    typer.echo(said.rstrip())


class _Bar:
    """Shows the steps of a fetch one below the other, if somebody looks at stderr."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()

    def __call__(self, step: str, done: int, whole: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        if self._progress is None:
            console = Console(stderr=True)
            self._progress = Progress(
                *_columns(), console=console, transient=True, disable=not console.is_terminal
            )
            self._progress.start()
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=None)
        self._progress.update(self._tasks[step], completed=done, total=whole or None)


def _columns() -> list[ProgressColumn]:
    from rich import progress

    return [
        progress.TextColumn("{task.description:>8}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    ]


def _catalogue(site: str) -> Catalogue:
    import msgspec

    from engine.fetch import catalogue

    known = catalogue.load()
    return msgspec.structs.replace(known, site=site.rstrip("/")) if site else known


async def _online(known: Catalogue) -> dict[str, Model]:
    import aiohttp

    from engine.fetch.fetching import online

    async with aiohttp.ClientSession(trust_env=True) as session:
        return await online(known, session)


def _fetched(out: Path | None) -> Path:
    from engine.settings import load_settings

    return out or load_settings().home / "models"


def _places(out: Path | None) -> list[Path]:
    return [assets.models(), assets.models() / "speech", _fetched(out)]


def _about(model: Model) -> str:
    return " · ".join(filter(None, [model.language, model.about]))


def _bytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size else "?"


@contextlib.contextmanager
def _going_on() -> Iterator[None]:
    """Trouble with files and the network is told; so is that a fetch goes on where it stopped."""
    try:
        with told_too(OSError):
            yield
    except KeyboardInterrupt:
        typer.echo("banli models fetch: stopped; the same command goes on from there", err=True)
        raise typer.Exit(130) from None
