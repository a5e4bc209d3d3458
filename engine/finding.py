"""One thing that was looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``grade`` is ``ok``, ``warn`` or ``fail``; ``remedy`` says what to do, where it is not ok."""

    grade: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n      → {self.remedy}" if self.remedy else ""
        return f"{self.grade:4}  {self.what}{remedy}"
