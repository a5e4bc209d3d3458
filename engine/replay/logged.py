"""A conversation from the store's log, written as a transcript.

The log is masked: a number is whole again only where the author gives it, and what a transcript
cannot have from the log alone is told in `Logged.gaps`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.dialog.wording.filters import mask
from engine.nlu.parse import OUT_OF_SCOPE
from engine.replay.recording import flow
from engine.store.conversation import Line

_PAUSE = timedelta(minutes=1)
_ZONE = ZoneInfo("Asia/Shanghai")
_MASKED = re.compile(r"\d*\*{3,}[\dXx]*")
#: What a trace says of every turn, and of some.
_ALWAYS, _SOMETIMES = ("intent", "asks"), ("repair", "reject", "done", "resumes", "handoff")
#: Turns that nobody's message began; and the one whose message was tapped.
_UNASKED, _TAPPED = frozenset({"notice", "timer"}), "button"
_WORDLESS = ("[语音]", "[图片]", "[视频]", "[位置]", "[链接]")


@dataclass(slots=True)
class Logged:
    """The lines of one customer, oldest first, and the effects that the ledger has of them.

    ``numbers`` are whole numbers that stand masked in the lines. ``gaps`` is filled by `text`:
    what could not be written so that it plays again.
    """

    name: str
    openid: str
    lines: Sequence[Line]
    effects: Sequence[str] = ()
    numbers: Collection[str] = ()
    member: str = ""
    gaps: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The transcript."""
        user = {"id": self.openid} | ({"member": self.member} if self.member else {})
        begun = self.lines[0].at.astimezone(_ZONE).replace(tzinfo=None, microsecond=0)
        tasks = [line.trace.get("task", "") for line in self.lines if line.trace]
        head = {
            "format": 1,
            "name": self.name,
            "tags": list(dict.fromkeys(filter(None, tasks))),
            "clock": begun,
            "user": user,
        }
        parts = [f"{key}: {flow(value)}\n" for key, value in head.items()]
        parts += ["steps:\n", *self._steps()]
        if self.effects:
            parts += ["effects:\n", *(f"  - {flow({name: {}})}\n" for name in self.effects)]
        return "".join(parts)

    def _steps(self) -> Iterator[str]:
        before = self.lines[0].at
        for line in self.lines:
            gap = line.at - before
            if line.trace is None or line.trace.get("rule") in _UNASKED:
                if line.trace is not None or line.author == "clerk":
                    yield from self._left_out(line)
                continue
            if gap >= _PAUSE:
                before += timedelta(minutes=gap // _PAUSE)
                yield f"  - wait: {gap // _PAUSE}m\n"
            sent = self._sent(line, line.trace)
            if sent is None:
                yield from self._left_out(line)
                continue
            for number, (key, value) in enumerate(sent.items()):
                yield f"  {' ' if number else '-'} {key}: {flow(value)}\n"
            yield f"    expect: {flow(_expected(line, line.trace))}\n"

    def _sent(self, line: Line, trace: dict[str, Any]) -> dict[str, Any] | None:
        """What the customer did; None where the log does not tell."""
        if line.author != "customer":
            return {"event": "subscribe"} if trace.get("rule") == "event" else None
        if line.text in _WORDLESS:
            return None
        text = _MASKED.sub(self._whole, line.text)
        if "voice" in trace:
            voice = {"voice": "recorded.amr", "heard": text}
            sure = trace["voice"].get("confidence")
            return voice if sure is None else {**voice, "confidence": sure}
        return {"click": {"label": text}} if trace.get("rule") == _TAPPED else {"say": text}

    def _whole(self, masked: re.Match[str]) -> str:
        for number in self.numbers:
            if mask(number) == masked[0]:
                return number
        self.gaps.append(f"{masked[0]} stands masked in the log: give it with --number")
        return masked[0]

    def _left_out(self, line: Line) -> Iterator[str]:
        brief = " ".join(line.text.split())[:40]
        self.gaps.append(f"left out, for the log does not tell how it came about: {brief}")
        yield f"  # {line.author}: {brief}\n"


def _expected(line: Line, trace: dict[str, Any]) -> dict[str, Any]:
    expected: dict[str, Any] = {key: trace[key] for key in _SOMETIMES if trace.get(key)}
    expected |= {key: trace.get(key) or "none" for key in _ALWAYS}
    if trace.get("rule") in (_TAPPED, "event") or trace.get("intent") == OUT_OF_SCOPE:
        del expected["intent"]
    if shown := trace.get("pictures"):
        expected["image"] = shown if len(shown) > 1 else shown[0]
    if trace.get("links"):
        expected["link"] = "/"
    # A masked value is none that a slot could be compared with.
    slots = {name: said for name, said in trace.get("slots", {}).items() if "*" not in said}
    return expected | ({"slots": slots} if slots else {})
