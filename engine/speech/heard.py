"""What was heard: the words, when they were said, and how sure that is."""

from __future__ import annotations

import msgspec


class Word(msgspec.Struct, frozen=True):
    """One word from ``start`` to ``end``, in seconds of the sound; ``confidence`` is 0..1."""

    text: str
    start: float
    end: float
    confidence: float


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """``text`` is what the customer would have typed: no spaces, numbers in Chinese numerals.

    ``confidence`` is the chance that the whole text is right. ``alternatives`` are other texts
    with their confidences, the likeliest first, without ``text`` itself. ``in_context`` says
    whether these are words that were expected at that moment. ``others`` are the alternatives that
    are nearly as likely, with their own words, for who knows more of what is meant; they have none.
    """

    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    in_context: bool = False
    others: tuple[Heard, ...] = ()
