"""One business in the place of another, in one message: what is wanted, and not what is not."""

from __future__ import annotations

import re

from engine.dialog.rules.clauses import parts_of
from engine.dialog.rules.sure import SURE, Understand, business_of
from engine.dialog.scripts.loading import Scripts
from engine.nlu.parse import Parse

#: The act that drops what is running.
CANCEL = "cancel"
#: The act that only lets it wait.
DENY = "deny"
#: What calls off what was said before it.
_OFF = re.compile("[哦噢哎诶嗯那]*(?:还是|要不)?(?:算了|不用了|不要了)[吧，, ]*(?:还是|先)?")


def instead(text: str, scripts: Scripts, understand: Understand, active: str) -> tuple[Parse, ...]:
    """Another business in place of the one that is running: 「算了别充了，帮我查下余额」."""
    parts = parts_of(text, ())
    if len(parts) < 2:
        return ()
    first, *others = (understand(part) for part in parts)
    wish = _wish_among(others, scripts, understand, active)
    if wish is None or first.intent.confidence < SURE:
        return ()
    if first.intent.name == DENY and not first.entities:
        # 「先别充，CA1234晚点没」 lets it wait.
        return (wish,)
    return (first, wish) if first.intent.name == CANCEL else ()


def _wish_among(
    parts: list[Parse], scripts: Scripts, understand: Understand, other: str
) -> Parse | None:
    """The first part with another business, and what follows: 「我要值机，CA1234 12A」."""
    at = next((i for i, p in enumerate(parts) if business_of(p, scripts) not in ("", other)), None)
    if at is None:
        return None
    whole = understand("，".join(part.text for part in parts[at:]))
    return whole if whole.intent.name == parts[at].intent.name else parts[at]


def rather(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The business that is wanted where another one is not: 「我不要值机，我要看航班」."""
    parts = parts_of(text, ())
    if len(parts) < 2:
        return ()
    first, *others = (understand(part) for part in parts)
    refused = business_of(first, scripts)
    phrases = scripts.phrases
    # 「我没带身份证能值机吗」 refuses nothing, and 「老婆有事去不了」 no answer.
    asks = any(cue in first.text for cue in phrases.question_cues)
    if (
        refused in ("", *scripts.faqs)
        or asks
        or not any(cue in first.text for cue in phrases.desk.not_cues)
    ):
        return ()
    wish = _wish_among(others, scripts, understand, refused)
    return (wish,) if wish else ()


def called_off(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The business that comes after another one is called off: 「充五十，算了，先查下余额」."""
    first, *others = parts_of(text, ()) or [""]
    at = next((n for n, part in enumerate(others) if _OFF.match(part)), None)
    if at is None or not (begun := business_of(understand(first), scripts)):
        return ()
    rest = "，".join(filter(None, (_OFF.sub("", others[at]), *others[at + 1 :])))
    wish = understand(rest)
    return (wish,) if business_of(wish, scripts) not in ("", begun) else ()
