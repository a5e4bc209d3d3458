"""What an account understands with: its trained model and its scripts, which fit together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import msgspec

from engine.dialog.moment.voice import Voice
from engine.dialog.rules.compound import wishes
from engine.dialog.scripts.doubling import doubled
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session
from engine.message import Inbound, Kind
from engine.nlu.interpreter import Interpreter
from engine.nlu.parse import Parse


def worded(inbound: Inbound, session: Session) -> Inbound:
    """A tapped choice with the words that it was shown with, where it came without them."""
    if inbound.text or not inbound.payload or inbound.kind is not Kind.TEXT:
        return inbound
    shown = [button for reply in session.last for button in reply.buttons]
    words = (button.label for button in shown if button.payload == inbound.payload)
    return msgspec.structs.replace(inbound, text=next(words, ""))


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means; ``parts`` are its wishes, where there are several."""

    parse: Parse
    voice: Voice | None
    parts: tuple[Parse, ...]


@dataclass(frozen=True, slots=True)
class Mind:
    """What understands and what decides: the trained model and the scripts, which fit together."""

    interpreter: Interpreter
    scripts: Scripts

    def understand(
        self, inbound: Inbound, voice: Voice | None, session: Session, *, now: datetime
    ) -> Understood:
        """What was typed or heard, as a whole and in its parts."""
        said = voice.text if voice else inbound.text

        # A message is looked at as a whole and in parts, which are often the whole again.
        @cache
        def understood(text: str) -> Parse:
            return self.interpreter.parse(text, now=now)

        parse = understood(said)
        active = session.task.intent if session.task else ""
        parts = doubled(parse, self.scripts, understood, active=active)
        parts = parts or wishes(said, self.scripts, understood, active=active)
        return Understood(parse, _weighed(voice, parse, understood), parts)


def _weighed(voice: Voice | None, parse: Parse, understood: Callable[[str], Parse]) -> Voice | None:
    """A voice message with the chance of other texts that mean the same: 行吧 and 行啊."""
    if voice is None or voice.heard is None:
        return voice
    others = (
        chance
        for text, chance in voice.heard.alternatives
        if understood(text).intent.name == parse.intent.name
    )
    return replace(voice, agreeing=sum(others))
