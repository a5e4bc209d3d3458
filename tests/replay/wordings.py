"""Wordings in states: a conversation is brought to a moment once, and left at it many times.

`tests/wordings/*.yaml` has the states; `python -m tests.replay.wordings [FILES]` tells what came of
each wording that was not understood as written there.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
import yaml
from pydantic import Field

from engine.message import Inbound, Kind
from engine.replay import assemble, checking
from engine.replay.databases import Databases
from engine.replay.exchange import ACCOUNT, Exchange
from engine.replay.expect import Data, Expect, Word, Words
from engine.replay.prompting import recording
from engine.replay.stage import Stage
from engine.replay.transcript import Step, Transcript
from engine.replay.troupe import Troupe

FOLDER = Path(__file__).parents[1] / "wordings"
#: What happens beside the words that a wording is about: compared only where it is expected.
_BESIDE = {"pushed", "image", "link"}


class Meaning(Expect):
    """What some wordings come to: the keys of a transcript's `expect`.

    Without ``effects_delta`` nothing may be done. ``or`` has other outcomes that are right as well.
    """

    say: Words
    others: tuple[Expect, ...] = Field((), alias="or")


class State(Data):
    """A moment of a conversation, and what customers may say at it.

    It is brought about by what they write, and perhaps a voice message after that.
    """

    state: Word
    clock: datetime = datetime(2026, 11, 23, 10)
    member: Word | None = None
    world: dict[str, Any] = Field(default_factory=dict)
    begin: Words = ()
    voice: Step | None = None
    there: Expect = Expect()
    means: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A wording that came to something else. ``kind``: `effect`, `wrong` or `asked`."""

    state: str
    said: str
    kind: str
    came: str

    def __str__(self) -> str:
        return f"{self.kind:6} [{self.state}] {self.said}\n       {self.came}"


def read(file: Path) -> list[State]:
    """The states of a file."""
    return [State.model_validate(each) for each in yaml.safe_load(file.read_text("utf-8"))]


async def play(state: State, troupe: Troupe) -> AsyncIterator[Miss | None]:
    """Say every wording in a state: None for each that came to what it means."""
    member = {"member": state.member} if state.member else {}
    transcript = Transcript.model_validate(
        {"format": 1, "name": state.state, "clock": state.clock, "world": state.world}
        | {"user": {"id": "u-1", **member}, "steps": [{"say": "-"}]}
    )
    async with Stage.open(troupe, transcript) as stage:
        last = None
        for number, text in enumerate(state.begin):
            last = await _say(stage, text, number)
        if state.voice is not None:
            last = await _speak(stage, state.voice)
        if last is not None and (wrong := list(_wrong(state.there, last))):
            raise AssertionError(f"{state.state}: {wrong}, said: {last.text}")
        for meaning in state.means:
            for text in meaning.say:
                async with stage.apart() as apart:
                    came = await _say(apart, text, len(state.begin))
                yield _judged(state, text, meaning, came, last)


async def _say(stage: Stage, text: str, number: int) -> Exchange:
    return await stage.send(_inbound(stage, f"message-{number}", Kind.TEXT, text))


async def _speak(stage: Stage, step: Step) -> Exchange:
    fetch = recording(step, 0, FOLDER, stage.ears)
    return await stage.send(_inbound(stage, "message-voice", Kind.VOICE), fetch)


def _inbound(stage: Stage, key: str, kind: Kind, text: str = "") -> Inbound:
    return Inbound(
        account=ACCOUNT,
        openid=stage.openid,
        key=key,
        at=stage.now,
        kind=kind,
        text=text,
        media_id="a.amr" if kind is Kind.VOICE else "",
    )


def _wrong(expect: Expect, exchange: Exchange) -> Iterator[checking.Difference]:
    for difference in checking.differences(expect, exchange, None):
        key = difference[0]
        if key not in _BESIDE or getattr(expect, key) is not None:
            yield difference


def _judged(
    state: State, text: str, meaning: Meaning, came: Exchange, before: Exchange | None
) -> Miss | None:
    done = meaning.effects_delta or ()
    wanted = (meaning.model_copy(update={"effects_delta": done}), *meaning.others)
    wrong = [list(_wrong(each, came)) for each in wanted]
    if not all(wrong):
        return None
    lines = ["; ".join(f"{key}: {value}, not {want}" for key, want, value in wrong[0])]
    if came.turned:
        trace = came.turned.decision.trace
        lines.append(f"{trace.rule}/{trace.intent} {trace.task}:{trace.asks} {trace.slots}")
    lines.append(came.text.replace("\n", " "))
    return Miss(state.state, text, _kind(wanted, came, before), "\n       ".join(lines))


def _kind(wanted: Iterable[Expect], came: Exchange, before: Exchange | None) -> str:
    """How bad it is: something was done, something else was understood, or it was asked again."""
    if came.effects and not any(
        checking.effects_fit(each.effects_delta or (), came.effects) for each in wanted
    ):
        return "effect"
    trace = came.turned.decision.trace if came.turned else None
    earlier = before.turned.decision.trace if before and before.turned else None
    was = (earlier.task, earlier.asks) if earlier else ("", "")
    if trace is None or trace.changed or trace.done or (trace.task, trace.asks) != was:
        return "wrong"
    return "asked"


async def main(files: list[Path]) -> None:
    """Print what was not understood, and how much was."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with Databases() as databases:
        troupe = assemble(databases)
        for file in files:
            counts = Counter[str]()
            for state in read(file):
                async for miss in play(state, troupe):
                    counts[miss.kind if miss else "right"] += 1
                    if miss:
                        print(miss)
            print(f"{file.name}: {counts.total()} wordings, {dict(counts)}")


if __name__ == "__main__":
    asyncio.run(main([Path(each) for each in sys.argv[1:]] or sorted(FOLDER.glob("*.yaml"))))
