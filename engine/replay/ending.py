"""What must be so once a conversation is over."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from engine.business.provider import Refused
from engine.replay.checking import effects_fit, listed, told
from engine.replay.faults import Fault
from engine.replay.reading import Source
from engine.replay.stage import Stage
from engine.replay.transcript import Check
from engine.replay.words import NONE, fits


async def check(source: Source, stage: Stage) -> list[Fault]:
    """The faults of the whole: effects, what was never to be tried, stubs, the business after."""
    transcript = source.transcript
    faults = []
    done = stage.effects
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
    except Refused as refused:
        return _answered(source, number, question, f"refused: {refused.reason}")
    return None if fits(question.rows, rows) else _answered(source, number, question, rows)


def _answered(source: Source, number: int, question: Check, came: object) -> Fault:
    line = source.line("after", number, "rows")
    what = f"after: {question.query}"
    return Fault(source.file, line, 0, what, str(question.rows), str(came))
