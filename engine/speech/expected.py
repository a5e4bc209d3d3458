"""What a moment of the conversation expects to hear."""

from __future__ import annotations

import msgspec


class Expected(msgspec.Struct, frozen=True):
    """``kinds`` of values that are asked for, and ``phrases`` that are likely besides.

    Kinds are the names of entity types (``phone``, ``money``, ``date``, ``seat``, …) and
    ``yes_no``; one that nothing is known about is ignored. Phrases are written Chinese: names of
    this booking's passengers, labels of buttons, numbers of flights. Nothing at all is an open
    question, heard with the general model alone.
    """

    kinds: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.phrases)
