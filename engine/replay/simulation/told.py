"""A simulated dialog as it went: what was done and said, and what an auditor says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.replay.exchange import Effect, Exchange
from engine.replay.recording import flow

_PERSON = ("人工", "客服")


@dataclass(slots=True)
class Dialog:
    """One dialog and what came of it. ``faults`` are told by name; ``error`` is a traceback."""

    number: int
    goal: str
    traits: tuple[str, ...]
    member: str
    clock: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    reached: bool = False
    messages: int = 0
    offers_person: bool = False
    faults: list[str] = field(default_factory=list)
    error: str = ""

    def keep(self, step: dict[str, Any], exchange: Exchange) -> None:
        """One more step with what came of it."""
        if exchange.pushed:
            step["expect"] = _expected(exchange)
        texts = [reply.text for reply in exchange.shown]
        buttons = [button.label for reply in exchange.shown for button in reply.buttons]
        self.steps.append(step)
        self.said.append("\n".join(texts))
        self.effects += exchange.effects
        if any(word in text for word in _PERSON for text in (*texts, *buttons)):
            self.offers_person = True

    def as_transcript(self) -> str:
        """In the format of `docs/replay.md`: what was answered as comments, what was done as it is.

        It plays again as it went, faults included: they are named in the first line.
        """
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"# {', '.join(self.faults) or 'reached'}; traits: {', '.join(self.traits) or 'none'}"
        user = {"id": "u-sim"} | ({"member": self.member} if self.member else {})
        yield "format: 1"
        yield f"name: 模拟-{self.goal}-{self.number}"
        yield f"clock: {self.clock}"
        yield f"user: {flow(user)}"
        yield "steps:"
        for step, said in zip(self.steps, self.said, strict=True):
            yield f"  - {flow(step)}"
            yield from (f"    # {line}" for line in said.splitlines())
        if self.effects:
            yield "effects:"
            yield from (f"  - {flow({each.name: _facts(each)})}" for each in self.effects)


def _facts(effect: Effect) -> dict[str, Any]:
    return {name: value for name, value in effect.arguments.items() if isinstance(value, str)}


def _expected(exchange: Exchange) -> dict[str, Any]:
    """What a transcript has to name where something is pushed, to play without a fault."""
    lines = [line for reply in exchange.pushed for line in reply.text.splitlines() if line]
    pictures = [reply.picture.kind for reply in exchange.shown if reply.picture]
    expected: dict[str, Any] = {"pushed": lines[:1]}
    if pictures:
        expected["image"] = pictures if len(pictures) > 1 else pictures[0]
    if any(reply.link for reply in exchange.shown):
        expected["link"] = "/.+/"
    return expected
