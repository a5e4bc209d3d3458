"""A conversation that was had, written as a transcript that expects the same again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import yaml

from engine.message import Inbound, Kind, Reply
from engine.nlu.parse import OUT_OF_SCOPE
from engine.turn import Turned

#: A pause that a transcript has to wait through as well.
_PAUSE = timedelta(minutes=1)
_FIGURE = re.compile("[0-9]")
#: What a trace says of every turn, and of some.
_ALWAYS, _SOMETIMES = ("intent", "asks"), ("repair", "reject", "done", "resumes")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message with what came of it; ``effects`` by name with their arguments.

    ``pushed`` was said beside the answer.
    """

    inbound: Inbound
    replies: tuple[Reply, ...]
    turned: Turned | None
    effects: tuple[tuple[str, dict[str, Any]], ...] = ()
    pushed: tuple[Reply, ...] = ()


@dataclass(slots=True)
class Recording:
    """What is recorded of one customer, in order."""

    name: str
    openid: str
    begun: datetime
    turns: list[Recorded] = field(default_factory=list)

    def text(self) -> str:
        """The transcript."""
        head: dict[str, Any] = {
            "format": 1,
            "name": self.name,
            "tags": self._tags(),
            "clock": self.begun.replace(tzinfo=None, microsecond=0),
            "user": {"id": self.openid},
        }
        effects = [{name: arguments} for each in self.turns for name, arguments in each.effects]
        parts = [*(f"{key}: {flow(value)}\n" for key, value in head.items()), "steps:\n"]
        parts += (line for step in self._steps() for line in _step(step))
        if effects:
            parts += ["effects:\n", *(f"  - {flow(effect)}\n" for effect in effects)]
        return "".join(parts)

    def _tags(self) -> list[str]:
        tasks = [each.turned.decision.trace.task for each in self.turns if each.turned]
        return list(dict.fromkeys(filter(None, tasks)))

    def _steps(self) -> Iterator[dict[str, Any]]:
        before = self.begun
        for each in self.turns:
            gap = each.inbound.at - before
            if gap >= _PAUSE:
                before += timedelta(minutes=gap // _PAUSE)
                yield {"wait": f"{gap // _PAUSE}m"}
            yield _sent(each.inbound, each.turned) | {"expect": _expected(each)}


def _sent(inbound: Inbound, turned: Turned | None) -> dict[str, Any]:
    """The actor of a step: what the customer did."""
    if inbound.event:
        event = {"name": inbound.event, "key": inbound.payload}
        return {"event": event if inbound.payload else inbound.event}
    if inbound.payload:
        return {"click": {"label": inbound.text}}
    if inbound.kind is Kind.VOICE:
        return {"voice": inbound.media_id, "heard": turned.parse.text if turned else ""}
    return {"say": inbound.text}


def _expected(recorded: Recorded) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    if recorded.turned is not None:
        trace = recorded.turned.decision.trace
        expected |= {key: getattr(trace, key) for key in _SOMETIMES if getattr(trace, key)}
        expected |= {key: getattr(trace, key) or "none" for key in _ALWAYS}
        if recorded.inbound.payload or recorded.inbound.event or trace.intent == OUT_OF_SCOPE:
            # An answer need not mean a business or an act, and a tap is not understood but known.
            del expected["intent"]
        if trace.slots:
            expected["slots"] = dict(trace.slots)
    if not recorded.replies:
        expected["reply"] = "none"
    if recorded.pushed:
        # Up to the first figure: a code or a time is another one the next time.
        expected["pushed"] = [_FIGURE.split(reply.text)[0] for reply in recorded.pushed]
    for reply in (*recorded.replies, *recorded.pushed):
        if reply.picture:
            expected["image"] = reply.picture.kind
        if reply.link:
            expected["link"] = reply.link
    if recorded.effects:
        expected["effects_delta"] = [name for name, _ in recorded.effects]
    return expected


def _step(step: dict[str, Any]) -> Iterator[str]:
    """A step in block style, with what is in it in flow style: `- say: …` and `  expect: {…}`."""
    for number, (key, value) in enumerate(step.items()):
        yield f"  {' ' if number else '-'} {key}: {flow(value)}\n"


def flow(value: object) -> str:
    """A value as YAML in one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6
    )
    return text.removesuffix("\n").removesuffix("...").rstrip("\n")
