"""Wordings in states: a bank of what customers may say at one moment, and what each means there.

A bank is a list of states in YAML: ``said`` brings a conversation there, and every utterance of
``by`` is said to it anew, and must come to what stands beside it in the words of `expect`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from engine.dialog.scripts.yaml_lines import Document
from engine.message import Inbound, Kind
from engine.replay.checking import effects_fit, listed
from engine.replay.exchange import ACCOUNT, Exchange
from engine.replay.expect import Data, Expect, Word, Words
from engine.replay.stage import Stage
from engine.replay.transcript import Transcript
from engine.replay.troupe import Troupe
from engine.replay.words import fits, is_said

_TRACED = ("task", "asks", "done", "rule", "repair", "reject", "resumes", "handoff", "intent")


class Meaning(Expect):
    """What several wordings mean in a state: an `expect` without pictures, and the wordings.

    Where no effect is named, none may happen.
    """

    by: Words


class State(Data):
    """A moment of a conversation, and what may be said there. ``asks`` is that it was reached."""

    state: Word
    member: Word = ""
    clock: Word = "2026-11-23T10:00:00"
    said: Words = ()
    asks: Word | None = None
    means: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A wording, what it was to mean, and what came of it."""

    state: State
    meaning: Meaning
    wording: str
    exchange: Exchange

    @property
    def misses(self) -> list[str]:
        """What came otherwise, each in a line."""
        return _misses(self.meaning, self.exchange)

    def __str__(self) -> str:
        trace = self.exchange.turned.decision.trace if self.exchange.turned else None
        return (
            f"{self.state.state}: 「{self.wording}」 {'; '.join(self.misses) or 'as meant'}\n"
            f"    {trace.rule if trace else 'no turn'} ({trace.intent if trace else ''}): "
            f"{self.exchange.text}"
        )


def read(file: Path) -> tuple[State, ...]:
    """The states of a bank."""
    return TypeAdapter(tuple[State, ...]).validate_python(Document.read(file).content)


async def hear(state: State, troupe: Troupe) -> AsyncIterator[Heard]:
    """Say every wording of a state, each to a conversation of its own."""
    for meaning in state.means:
        for wording in meaning.by:
            yield Heard(state, meaning, wording, await _said(state, wording, troupe))


async def _said(state: State, wording: str, troupe: Troupe) -> Exchange:
    user = {"member": state.member} if state.member else {}
    steps = [{"say": text} for text in (*state.said, wording)]
    head = {"format": 1, "name": state.state, "clock": state.clock}
    transcript = Transcript.model_validate({**head, "user": user, "steps": steps})
    async with Stage.open(troupe, transcript) as stage:
        exchanges = [
            await stage.send(_inbound(stage, str(n), text))
            for n, text in enumerate((*state.said, wording))
        ]
    if state.asks is not None:
        turned = exchanges[-2].turned
        reached = turned.decision.trace.asks if turned else ""
        assert fits(state.asks, reached), f"{state.state} asks {reached}: {exchanges[-2].text}"
    return exchanges[-1]


def _inbound(stage: Stage, key: str, text: str) -> Inbound:
    return Inbound(
        account=ACCOUNT, openid=stage.openid, key=key, at=stage.now, kind=Kind.TEXT, text=text
    )


def _misses(meaning: Meaning, exchange: Exchange) -> list[str]:
    if exchange.turned is None:
        return ["no turn"]
    trace = exchange.turned.decision.trace
    wanted = [(key, getattr(meaning, key), getattr(trace, key)) for key in _TRACED]
    slots = meaning.slots or {}
    wanted += [(f"slots.{name}", value, trace.slots.get(name, "")) for name, value in slots.items()]
    wanted += [("options", meaning.options and list(meaning.options), list(trace.offers))]
    found = [
        f"{key} {came or 'none'}, not {value}"
        for key, value, came in wanted
        if value is not None and not fits(value, came)
    ]
    text = exchange.text
    found += [f"reply lacks {each}" for each in meaning.reply or () if not is_said(each, text)]
    if not effects_fit(meaning.effects_delta or (), exchange.effects):
        found.append(f"effects {listed(exchange.effects) or 'none'}")
    return found
