"""What an account understands with: its trained model and its scripts, which fit together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import msgspec

from engine.dialog.moment.expecting import YES_NO
from engine.dialog.moment.fitting import fitted
from engine.dialog.moment.voice import Voice
from engine.dialog.rules.compound import wishes
from engine.dialog.scripts.doubling import doubled
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session
from engine.hearing import Fetch, Hears, Holds, answering, listen
from engine.message import Inbound, Kind
from engine.nlu.interpreter import Interpreter
from engine.nlu.parse import Parse
from engine.speech.expected import Expected


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
            parse = self.interpreter.parse(text, now=now)
            return fitted(parse, self.scripts) if text == said and not active else parse

        active = session.task.intent if session.task else ""
        parse = understood(said)
        parts = doubled(parse, self.scripts, understood, active=active)
        parts = parts or wishes(said, self.scripts, understood, active=active)
        return Understood(parse, _weighed(voice, parse, understood), parts)

    async def listen(
        self,
        inbound: Inbound,
        expected: Expected,
        *,
        ears: Hears | None,
        fetch: Fetch | None,
        now: datetime,
    ) -> Voice:
        """What came of a voice message, as `hearing.listen` tells it, with an ear for answers."""
        platform = self.scripts.phrases.voice.floors.platform
        voice = await listen(inbound, expected, ears=ears, fetch=fetch, platform=platform)
        if voice.heard is None:
            return voice
        return replace(
            voice, heard=answering(voice.heard, holding(self.interpreter, expected, now))
        )


def holding(interpreter: Interpreter, expected: Expected, now: datetime) -> Holds:
    """Whether a text holds a value of a kind that is asked for.

    Every text does where nothing is asked for, or a yes: no value is heard in place of a yes.
    """
    kinds = expected.kinds
    if not kinds or YES_NO in kinds:
        return lambda text: True
    parse = interpreter.parse
    return lambda text: any(entity.type in kinds for entity in parse(text, now=now).entities)


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
