"""What is asked for once it is done, and comes by itself then: 「充100，充好了告诉我」."""

from __future__ import annotations

import functools
import re

from engine.dialog.rules.clauses import parts_of
from engine.dialog.wording.lexicon import either, lexicon


def without(text: str) -> str:
    """A message without such clauses; nothing where it has none, or is nothing else."""
    parts = parts_of(text, ())
    left = [part for part in parts if not _comes_by_itself().fullmatch(part)]
    return "，".join(left) if len(left) < len(parts) else ""


@functools.cache
def _comes_by_itself() -> re.Pattern[str]:
    """「办完发我登机牌」; 「充完告诉我余额」 asks for more than comes."""
    words = lexicon().afterwards
    done, told, beside = (either(each) for each in (words.done, words.told, words.beside))
    return re.compile(rf"[^\W\d不没别]{{0,3}}?(?:{done})(?:{beside})*(?:{told})(?:{beside})*")
