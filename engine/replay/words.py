"""The values of a transcript as the dialog writes them, and what may stand for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

#: What stands for "there is none" where a value is expected.
NONE = "none"


def plain(value: Any) -> Any:
    """YAML's numbers and dates as the words that slots, rows and pictures hold."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def is_said(pattern: str, text: str) -> bool:
    """Whether a text is as a transcript wants it.

    ``=whole text``, ``/regular expression/``, ``not:part`` (absent), else a part of it.
    """
    if pattern.startswith("not:"):
        return not is_said(pattern[4:], text)
    if pattern.startswith("="):
        return text == pattern[1:]
    if regex := _regex(pattern):
        return regex.search(text) is not None
    return pattern in text


def fits(wanted: Any, came: Any) -> bool:
    """Whether a value is as wanted: mappings by the keys wanted, words whole or by ``/regex/``."""
    wanted, came = plain(wanted), plain(came)
    if isinstance(wanted, Mapping):
        return isinstance(came, Mapping) and all(
            fits(value, came.get(key, "")) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(came, list)
            and len(wanted) == len(came)
            and all(fits(one, other) for one, other in zip(wanted, came, strict=True))
        )
    if wanted == NONE:
        return came in (None, "", NONE)
    if isinstance(wanted, str) and isinstance(came, str) and (regex := _regex(wanted)):
        return regex.search(came) is not None
    return bool(wanted == came)


def distance(one: str, other: str) -> int:
    """How many characters have to be put in, left out or exchanged between two texts."""
    row = list(range(len(other) + 1))
    for at, character in enumerate(one, start=1):
        before, row[0] = row[0], at
        for there, wanted in enumerate(other, start=1):
            exchanged = before + (character != wanted)
            before = row[there]
            row[there] = min(row[there] + 1, row[there - 1] + 1, exchanged)
    return row[-1]


def _regex(pattern: str) -> re.Pattern[str] | None:
    is_regex = len(pattern) > 1 and pattern[0] == pattern[-1] == "/"
    return re.compile(pattern[1:-1]) if is_regex else None
