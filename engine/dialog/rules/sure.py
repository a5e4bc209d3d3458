"""Which business a part of a message is clearly about."""

from __future__ import annotations

from collections.abc import Callable

from engine.dialog.moment import intending
from engine.dialog.scripts.loading import Scripts
from engine.nlu.parse import Parse

Understand = Callable[[str], Parse]

#: A part of a message is a wish of its own only when it is this clearly one.
SURE = 0.8


def business_of(parse: Parse, scripts: Scripts) -> str:
    """The intent of the business, or nothing where it is unsure or beyond what that one does."""
    intent = parse.intent
    is_one = intent.name in scripts.by_intent and intent.confidence >= SURE
    is_one = is_one and not intending.is_beyond(intent.name, parse.text, scripts)
    return intent.name if is_one else ""
