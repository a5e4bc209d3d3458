"""The page of behaviours: which transcripts show each of them, by their tags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.replay.reading import Source

#: A line of the table: number, behaviour, transcripts.
_ROW = re.compile(r"^\| (\d+|complaint-[a-z-]+) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
_TAG = re.compile(r"(?:row-)?(\d+|complaint-[a-z-]+)")


def shown(sources: Iterable[Source]) -> dict[str, list[str]]:
    """The transcripts that show each behaviour by its number, and each complaint by its tag."""
    rows: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for tag in source.transcript.tags:
            if found := _TAG.fullmatch(tag):
                rows[found[1]].append(source.file.stem)
    return {number: sorted(names) for number, names in sorted(rows.items())}


def rewritten(page: str, rows: Mapping[str, list[str]]) -> str:
    """The page with the transcripts of each row in its last column; the words stay."""

    def line(match: re.Match[str]) -> str:
        names = ", ".join(f"`{name}`" for name in rows.get(match[1], ()))
        return f"| {match[1]} | {match[2]} | {names} |"

    return _ROW.sub(line, page)


def listed(page: str) -> dict[str, list[str]]:
    """The transcripts that the page names, by row."""
    return {m[1]: re.findall(r"`([^`]+)`", m[3]) for m in _ROW.finditer(page)}
