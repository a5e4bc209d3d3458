"""`banli replay`: play transcripts through the engine and say what is not as they expect."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from engine.dialog.scripts.loading import Scripts
    from engine.replay import Played, Run
    from engine.replay.coverage import Coverage
    from engine.replay.troupe import Troupe
    from engine.settings import Settings


#: Seconds for hearing a clip: nobody waits, and the machine may have other work.
_PATIENCE = 10.0


class Voice(enum.StrEnum):
    """How the voice steps of transcripts are played."""

    TEXT = "text"
    REAL = "real"


class Channel(enum.StrEnum):
    """What messages go over, in and out."""

    DIRECT = "direct"
    WECHAT = "wechat"
    API = "api"
    SMS = "sms"


_Paths = Annotated[list[Path], typer.Argument(help="Transcripts, or folders of them.")]
_Voice = Annotated[
    Voice, typer.Option(help="`real` hears the clips of voices, `text` takes their `heard`.")
]
_Channel = Annotated[
    Channel | None,
    typer.Option(help="What they go over; by default what each says.", show_default=False),
]
_Dialogs = Annotated[Path | None, typer.Option(help="Folder of scripts.")]
_Model = Annotated[Path | None, typer.Option(help="Folder of the trained model.")]
_Business = Annotated[str | None, typer.Option(help="The company's Business, as module:attribute.")]
_Update = Annotated[
    bool, typer.Option("--update", help="Put what comes in place of what was expected.")
]
_Yes = Annotated[bool, typer.Option("--yes", help="With --update: do not ask.")]
_Rows = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Only write into this page which transcripts show what."),
]
_Coverage = Annotated[
    bool, typer.Option("--coverage", help="Tell what of scripts and dialog was reached.")
]
_Page = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The same as a page.", dir_okay=False)
]
_Record = Annotated[
    str, typer.Option(metavar="OPENID", help="Write the kept conversation of a customer to PATHS.")
]
_Account = Annotated[str, typer.Option(help="With --record: the account.")]
_Numbers = Annotated[
    list[str] | None,
    typer.Option(help="With --record: a whole number that stands masked; may be repeated."),
]
_Member = Annotated[str, typer.Option(help="With --record: the customer's member.")]
_Database = Annotated[
    str | None, typer.Option(help="With --record: the database.", show_default=False)
]


def replay(
    paths: _Paths,
    voice: _Voice = Voice.TEXT,
    channel: _Channel = None,
    dialogs: _Dialogs = None,
    model: _Model = None,
    business: _Business = None,
    update: _Update = False,
    yes: _Yes = False,
    rows: _Rows = None,
    coverage: _Coverage = False,
    coverage_html: _Page = None,
    record: _Record = "",
    account: _Account = "demo",
    number: _Numbers = None,
    member: _Member = "",
    database: _Database = None,
) -> None:
    """Play transcripts against the scripts, the model and the demo business."""
    with _told():
        if record:
            owner = {"account": account, "member": member}
            _record(paths[0], record, database, number or [], **owner)
        if rows:
            _write_rows(rows, paths)
        told = {"dialogs": dialogs, "model": model, "business": business}
        if update:
            _update(paths, asks=not yes, **told)
        over = channel.value if channel else ""
        hears = voice is Voice.REAL
        _replay(paths, over, _Reached(coverage, coverage_html), hears=hears, **told)


@contextmanager
def _told() -> Iterator[None]:
    """Errors of files and settings are one line and a status, and nothing else is logged."""
    import logging

    import structlog

    from engine.business.provider import BusinessError
    from engine.dialog.errors import DialogError
    from engine.nlu.errors import NluError
    from engine.replay import ReplayError
    from engine.settings import SettingsError
    from engine.speech.errors import SpeechError
    from engine.store import StoreError

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    except (
        *(ReplayError, DialogError, NluError, BusinessError),
        *(SettingsError, SpeechError, StoreError),
    ) as error:
        typer.echo(f"banli replay: {error}", err=True)
        raise typer.Exit(1) from None


def _record(
    file: Path, openid: str, database: str | None, numbers: list[str], *, account: str, member: str
) -> NoReturn:
    from engine.cli.logged import record as write_kept
    from engine.settings import load_settings

    settings = load_settings(database=database)
    owner = {"account": account, "member": member}
    raise typer.Exit(write_kept(settings, file, openid, numbers=numbers, **owner))


def _update(paths: list[Path], *, asks: bool, **told: Any) -> NoReturn:
    import asyncio

    from engine.cli.update import bring_up_to_date
    from engine.replay import find
    from engine.settings import load_settings

    raise typer.Exit(asyncio.run(bring_up_to_date(find(paths), load_settings(**told), asks=asks)))


def _replay(
    paths: list[Path], channel: str, reached: _Reached, *, hears: bool, **told: Any
) -> NoReturn:
    import asyncio
    import time

    from engine.replay import find, runs_of
    from engine.settings import load_settings

    started = time.monotonic()
    files = find(paths)
    runs = runs_of(files, channel)
    failed = asyncio.run(_play(runs, load_settings(**told), reached, hears=hears))
    played = len({run.source.file for run in runs})
    took = time.monotonic() - started
    reached.tell()
    left = f", {len(files) - played} that {channel} cannot carry" if len(files) > played else ""
    typer.echo(f"{played} transcripts, {len(runs)} runs, {failed} failed, {took:.1f} s{left}")
    raise typer.Exit(1 if failed else 0)


def _write_rows(page: Path, paths: list[Path]) -> NoReturn:
    from engine.replay import find, read
    from engine.replay.rows import rewritten, shown

    text = page.read_text(encoding="utf-8")
    page.write_text(rewritten(text, shown(map(read, find(paths)))), encoding="utf-8")
    raise typer.Exit


class _Reached:
    """What the runs reach of the scripts, where anybody wants to know."""

    def __init__(self, shows: bool, page: Path | None) -> None:
        self._shows = shows
        self._page = page
        self._coverage: Coverage | None = None

    def begin(self, scripts: Scripts) -> None:
        from engine.replay.coverage import Coverage

        if self._shows or self._page:
            self._coverage = Coverage(scripts)

    async def play(self, run: Run, troupe: Troupe) -> Played:
        from engine.replay import play

        if self._coverage is None:
            return await play(run, troupe)
        with self._coverage.listening():
            played = await play(run, troupe)
        self._coverage.saw(played)
        return played

    def tell(self) -> None:
        from engine.replay import coverage_report

        if self._coverage is None:
            return
        if self._page:
            self._page.write_text(coverage_report.page(self._coverage), encoding="utf-8")
        if self._shows:
            typer.echo("\n".join(coverage_report.lines(self._coverage)))


async def _play(runs: list[Run], settings: Settings, reached: _Reached, *, hears: bool) -> int:
    """Play the runs one by one; the number of those that failed."""
    from contextlib import AsyncExitStack

    from engine.replay import assemble, report
    from engine.replay.databases import Databases
    from engine.wiring import open_ears

    failed = 0
    async with AsyncExitStack() as stack:
        speech = settings.speech_model
        ears = await open_ears(speech, stack, patience=_PATIENCE) if hears else None
        troupe = assemble(
            stack.enter_context(Databases()),
            dialogs=settings.dialogs,
            model=settings.model,
            business=settings.business,
            ears=ears,
        )
        reached.begin(troupe.scripts)
        for run in runs:
            played = await reached.play(run, troupe)
            failed += bool(played.faults)
            for line in report.lines(played):
                typer.echo(line)
    return failed
