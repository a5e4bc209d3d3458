"""How a turn went, masked, for `banli trace`: what was understood, what changed, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2s
from typing import Any

from engine.dialog.dialog import Decision
from engine.dialog.moment.voice import Voice
from engine.dialog.state.session import Session
from engine.dialog.state.trace import values_of
from engine.nlu.parse import Parse

#: As many intents as a question which one is meant would offer.
_RANKED = 3


def turn_id(key: str) -> str:
    """The name of a turn in logs: the same for every delivery of a message, and no openid in it."""
    return blake2s(key.encode(), digest_size=6).hexdigest()


def known(session: Session) -> dict[str, str]:
    """What the active task knows, by slot."""
    return values_of(session.task) if session.task else {}


def traced(
    parse: Parse,
    decision: Decision,
    voice: Voice | None,
    *,
    before: Mapping[str, str],
    seconds: Mapping[str, float],
    hide: Callable[[str], str],
) -> dict[str, Any]:
    """A turn as JSON; ``hide`` masks a text, ``before`` is what the task knew, by slot.

    ``ms`` has the stages so far: what comes after is not known before it is kept.
    """
    trace = decision.trace
    told = {
        "rule": trace.rule,
        "intents": [[each.name, round(each.confidence, 4)] for each in parse.ranking[:_RANKED]],
        "intent": trace.intent,
        "entities": [
            [each.type, hide(each.value or ""), hide(each.text)] for each in parse.entities
        ],
        "voice": _heard(voice),
        "before": {name: hide(value) for name, value in before.items()},
        "slots": {name: hide(value) for name, value in trace.slots.items()},
        "changed": trace.changed,
        "task": trace.task,
        "asks": trace.asks,
        "repair": trace.repair,
        "reject": trace.reject,
        "done": trace.done,
        "resumes": trace.resumes,
        "handoff": trace.handoff,
        "pictures": [each.picture.kind for each in decision.replies if each.picture],
        "links": sum(bool(each.link) for each in decision.replies),
        "ms": {stage: round(took * 1000, 2) for stage, took in seconds.items()},
    }
    return {key: value for key, value in told.items() if value}


def _heard(voice: Voice | None) -> dict[str, Any]:
    if voice is None:
        return {}
    if voice.heard is None:
        return {"trouble": voice.trouble}
    heard = voice.heard
    return {
        "confidence": round(heard.confidence, 3),
        "meaning": round(voice.meaning, 3),
        "in_context": heard.in_context,
    }
