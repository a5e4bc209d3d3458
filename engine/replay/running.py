"""Playing a transcript through the engine, step by step, to its first fault."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from engine.dialog.errors import ScriptError
from engine.dialog.state.session import CONFIRM
from engine.message import Button, Inbound, Kind
from engine.replay import checking, ending, names
from engine.replay.errors import NotShown, TranscriptError
from engine.replay.exchange import ACCOUNT, Exchange
from engine.replay.faults import Fault
from engine.replay.fitting import lacking
from engine.replay.prompting import recording
from engine.replay.reading import Source, read
from engine.replay.stage import Stage
from engine.replay.transcript import DIRECT, Click, Step
from engine.replay.troupe import Troupe
from engine.replay.words import NONE, is_said

#: What a message consists of beside who sent it and when.
_ON_THE_WIRE = {"voice": Kind.VOICE, "image": Kind.IMAGE, "event": Kind.EVENT}


@dataclass(frozen=True, slots=True)
class Run:
    """One playing of a transcript: with the n-th wording of every `say_any`, over a channel."""

    source: Source
    wording: int = 0
    channel: str = DIRECT

    def __str__(self) -> str:
        stem, transcript = self.source.file.stem, self.source.transcript
        named = stem if transcript.wordings == 1 else f"{stem}[{self.wording + 1}]"
        return named if self.channel == transcript.own_channel else f"{named}@{self.channel}"


@dataclass(slots=True)
class Played:
    """What came of a run: its exchanges, step by step, and its faults."""

    run: Run
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def runs_of(files: Iterable[Path], channel: str = "") -> list[Run]:
    """Every run of every file, each over its own channel, or over this one those that it carries.

    Raises `TranscriptError`.
    """
    return [
        Run(source, n, channel or source.transcript.own_channel)
        for source in map(read, files)
        if not (channel and lacking(source.transcript, channel))
        for n in range(source.transcript.wordings)
    ]


async def play(run: Run, troupe: Troupe) -> Played:
    """Play one run and check what it expects. Raises `TranscriptError` for faults of the file."""
    played, source = Played(run), run.source
    names.demand(source, troupe.scripts, troupe.business)
    try:
        async with Stage.open(troupe, source.transcript, run.channel) as stage:
            await _steps(played, stage)
            if not played.faults:
                played.faults += await ending.check(source, stage)
                played.faults += await _again(run, troupe, stage)
    except TranscriptError as error:
        raise TranscriptError(str(source.document.problem(error.place, str(error)))) from error
    return played


async def _again(run: Run, troupe: Troupe, stage: Stage) -> list[Fault]:
    """The faults of what the log kept of a conversation, played once more as a transcript."""
    source = run.source
    numbers = source.transcript.recorded
    if numbers is None:
        return []
    member = source.transcript.user.member
    logged = await stage.logged(numbers, member=member.name if member else "")
    with tempfile.TemporaryDirectory(prefix="banli-recorded-") as folder:
        file = Path(folder) / source.file.name
        file.write_text(logged.text(), encoding="utf-8")
        played = await play(Run(read(file)), troupe)
    faults = [str(fault) for fault in played.faults] + logged.gaps
    return [Fault.at_end(source, "recorded", "the same again", each) for each in faults]


async def _steps(played: Played, stage: Stage) -> None:
    source = played.run.source
    for n, step in enumerate(source.transcript.steps):
        previous = _last(played)
        try:
            exchange = await _act(step, n, played, stage)
        except TranscriptError:
            raise
        except NotShown as error:
            played.faults.append(
                Fault.at_step(source, n, "click", "a button shown before", str(error))
            )
            return
        except Exception:
            played.faults.append(
                Fault.at_step(source, n, step.actor, "an answer", traceback.format_exc(limit=-4))
            )
            return
        if exchange is None:
            if played.faults:
                return
            continue
        if step.expect and step.expect.desk is not None:
            exchange = await stage.looked_at(exchange)
        played.exchanges[n] = exchange
        played.faults += checking.check(source, n, exchange, previous)
        if played.faults:
            return


def _last(played: Played) -> Exchange | None:
    """The newest step of those that could be delivered again."""
    delivered = [n for n, each in played.exchanges.items() if _is_delivered(each)]
    return played.exchanges[max(delivered)] if delivered else None


def _is_delivered(exchange: Exchange) -> bool:
    inbound = exchange.inbound
    return bool(exchange.happening or (inbound and inbound.kind is not Kind.DESK))


async def _act(step: Step, n: int, played: Played, stage: Stage) -> Exchange | None:
    if step.wait is not None:
        return await stage.wait(step.wait)
    if step.business is not None:
        return await stage.happen(step.business)
    if step.restart:
        await stage.restart()
        return None
    if step.reload is not None:
        played.faults += _reloaded(step, n, played.run.source, stage)
        return None
    if step.clerk:
        return await stage.clerk(step.clerk)
    last = _last(played)
    if step.redeliver:
        if last is None:
            raise TranscriptError(
                "nothing was sent that could be delivered again", place=("steps", n)
            )
        if last.happening is not None:
            return await stage.happen(last.happening)
        assert last.inbound is not None  # noqa: S101 - one of both can be delivered
        return await stage.send(last.inbound)
    inbound = _inbound(step, n, played, at=stage.now, openid=stage.openid)
    inbound = msgspec.structs.replace(inbound, text=stage.referred(inbound.text))
    if step.at_once:
        return await stage.send_all(
            [
                msgspec.structs.replace(inbound, text=text, key=f"{inbound.key}.{number}")
                for number, text in enumerate(step.at_once)
            ]
        )
    folder = played.run.source.file.parent
    fetch = recording(step, n, folder, stage.ears) if step.voice is not None else None
    return await stage.send(inbound, fetch, times=step.deliveries, late=step.late)


def _reloaded(step: Step, n: int, source: Source, stage: Stage) -> Iterator[Fault]:
    """The faults of scripts that are read anew: others than those expected, or none."""
    problems = ""
    try:
        stage.reload(step.reload or {})
    except ScriptError as error:
        problems = str(error)
    wanted = step.expect.problems if step.expect and step.expect.problems else ()
    for pattern in wanted:
        if not problems or not is_said(pattern, problems):
            yield Fault.at_step(source, n, "problems", pattern, problems or NONE)
    if problems and not wanted:
        yield Fault.at_step(source, n, "problems", NONE, problems)


def _inbound(step: Step, n: int, played: Played, *, at: datetime, openid: str) -> Inbound:
    text, payload = _said(step, played.run.wording), ""
    if step.click is not None:
        tapped = _shown(step.click, played)
        text, payload = tapped.label, tapped.payload
    return Inbound(
        account=ACCOUNT,
        openid=openid,
        key=f"message-{n}",
        at=at,
        kind=_ON_THE_WIRE.get(step.actor, Kind.TEXT),
        text=text,
        payload=step.event.key if step.event else payload,
        event=step.event.name if step.event else "",
        media_id=step.voice or step.image or "",
    )


def _said(step: Step, wording: int) -> str:
    if step.say_any:
        return step.say_any[wording % len(step.say_any)]
    return step.say or ""


def _shown(click: Click, played: Played) -> Button:
    """The button that is tapped: the newest one shown that is the one meant."""
    shown = [
        button
        for index, exchange in played.exchanges.items()
        for reply in exchange.shown
        for button in reply.buttons
        if click.step in (None, index + 1)
    ]
    for button in reversed(shown):
        if _is_meant(click, button):
            return button
    labels = "、".join(dict.fromkeys(button.label for button in shown)) or "no button at all"
    raise NotShown(f"{click.label or click.payload} was never shown; shown were: {labels}")


def _is_meant(click: Click, button: Button) -> bool:
    if click.label:
        return click.label == button.label
    is_yes = click.intent == "affirm" and button.payload.startswith(f"{CONFIRM}=")
    return is_yes or click.payload == button.payload
