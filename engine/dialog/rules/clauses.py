"""The parts of a message: its clauses, and what words like 再 and 然后 put apart."""

from __future__ import annotations

import re

from engine.dialog.scripts.phrases import Phrases
from engine.dialog.wording import words

_STOPS = "，,；;。！!…\n"


def parts_of(text: str, cues: tuple[str, ...]) -> list[str]:
    """The parts between stops and any of the words ``cues``."""
    # 「宽带下个月再说」 is one part, and 「行李再多存两天」; 「先值机，再加件行李」 are two.
    more = "说多少" if "先" in text else "说多少加续延添"
    parts = re.split(rf"(?!再[{more}])(?:{words.either((*cues, *_STOPS)).pattern})", text)
    return [part.strip() for part in parts if part.strip()]


def pieces_of(text: str, cues: tuple[str, ...] = ()) -> list[str]:
    """The parts, or what spaces part where nothing else does."""
    parts = parts_of(text, cues)
    return parts if len(parts) > 1 else text.split()


def without_put_off(text: str, phrases: Phrases) -> str:
    """What is wished for now: 「先不办了，晚点再说」 asks after no delay."""
    later = [words.cue(cue) for cue in (*phrases.put_off_cues, *phrases.another_time_cues)]
    parts = parts_of(text, ())
    return "，".join(part for part in parts if not any(cue.search(part) for cue in later))
