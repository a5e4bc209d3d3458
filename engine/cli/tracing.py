"""How a turn was decided, in two lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.dialog.moment.voice import Voice
    from engine.turn import Turned


def traced(turned: Turned) -> str:
    """The rule, what was understood, and what the task knows now."""
    trace = turned.decision.trace
    known = "  ".join(f"{name}={value}" for name, value in trace.slots.items())
    happened = {
        "task": trace.task,
        "asks": trace.asks,
        "repair": trace.repair,
        "reject": trace.reject,
        "done": trace.done,
        "resumes": trace.resumes,
    }
    said = "  ".join(f"{key}: {value}" for key, value in happened.items() if value)
    line = f"[{trace.rule}] {trace.intent} {trace.confidence:.2f}  {said}\n  {known}".rstrip()
    return "\n".join([*_traced_voice(turned.voice), line])


def _traced_voice(voice: Voice | None) -> Iterator[str]:
    """How a voice message was heard, and what else it may have been."""
    if voice is None or voice.heard is None:
        yield from [f"[voice] {voice.trouble}"] if voice else []
        return
    heard = voice.heard
    where = "as expected" if heard.in_context else "anything"
    others = "  ".join(f"{text} {chance:.2f}" for text, chance in heard.alternatives[:3])
    yield f"[voice] {heard.text} {heard.confidence:.2f} {where}  {others}".rstrip()
