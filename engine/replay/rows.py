"""The page of behaviours: which transcripts show each of them, by their tags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.replay.reading import Source

#: A line of the table: number, behaviour, transcripts.
_ROW = re.compile(r"^\| (\d+) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
_TAG = re.compile(r"row-(\d+)")


def shown(sources: Iterable[Source]) -> dict[int, list[str]]:
    """The transcripts that show each behaviour, by its number."""
    rows: dict[int, list[str]] = defaultdict(list)
    for source in sources:
        for tag in source.transcript.tags:
            if found := _TAG.fullmatch(tag):
                rows[int(found[1])].append(source.file.stem)
    return {number: sorted(names) for number, names in sorted(rows.items())}


def rewritten(page: str, rows: Mapping[int, list[str]]) -> str:
    """The page with the transcripts of each row in its last column; the words stay."""

    def line(match: re.Match[str]) -> str:
        names = ", ".join(f"`{name}`" for name in rows.get(int(match[1]), ()))
        return f"| {match[1]} | {match[2]} | {names} |"

    return _ROW.sub(line, page)


def listed(page: str) -> dict[int, list[str]]:
    """The transcripts that the page names, by row."""
    return {int(m[1]): re.findall(r"`([^`]+)`", m[3]) for m in _ROW.finditer(page)}
