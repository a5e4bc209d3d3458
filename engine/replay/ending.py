"""What must be so once a conversation is over."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from engine.business.provider import Refused
from engine.replay.checking import effects_fit, listed, told
from engine.replay.errors import TranscriptError
from engine.replay.faults import Fault
from engine.replay.reading import Source
from engine.replay.stage import Stage
from engine.replay.transcript import Check
from engine.replay.words import NONE, fits


async def check(source: Source, stage: Stage) -> list[Fault]:
    """The faults of the whole: effects, what was never to be tried, stubs, the business after."""
    transcript = source.transcript
    faults = []
    done = await stage.effects()
    if not effects_fit(transcript.effects, done):
        wanted = told(transcript.effects) or NONE
        faults.append(Fault.at_end(source, "effects", wanted, listed(done) or NONE))
    faults += _tried(source, stage)
    faults += [
        Fault.at_end(source, "stubs", f"{name} to be called", "never, or less often")
        for name in stage.stubbed.unused
    ]
    for number, question in enumerate(transcript.after):
        if fault := await _after(source, stage, number, question):
            faults.append(fault)
    return faults


def _tried(source: Source, stage: Stage) -> Iterator[Fault]:
    for pattern in source.transcript.never:
        for name in stage.stubbed.tried:
            if fnmatchcase(name, pattern):
                yield Fault.at_end(source, "never", f"no {pattern}", f"{name} was tried")


async def _after(source: Source, stage: Stage, number: int, question: Check) -> Fault | None:
    try:
        rows = await stage.ask(question.query, question.arguments)
    except KeyError as error:
        raise TranscriptError(f"after: the business has no query {error}") from error
    except Refused as refused:
        return Fault.at_end(source, "after", question.rows, f"refused: {refused.reason}")
    if fits(question.rows, rows):
        return None
    return Fault(
        source.file,
        source.line("after", number, "rows"),
        0,
        f"after: {question.query}",
        str(question.rows),
        str(rows),
    )
