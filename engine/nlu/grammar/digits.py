"""Digits said one by one: phone, identity and order numbers, with pauses, fillers and 三个八."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPOKEN = {
    **{str(value): str(value) for value in range(10)},
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    "洞": "0",
    "幺": "1",
    "要": "1",
    "妖": "1",
    "两": "2",
    "拐": "7",
    "勾": "9",
}
_TIMES = {**{char: int(SPOKEN[char]) for char in "二两三四五六七八九23456789"}, "俩": 2, "仨": 3}

_DIGIT = f"[{''.join(SPOKEN)}]"
_REPEAT = rf"[{''.join(_TIMES)}]个{_DIGIT}"
TOKEN = rf"(?:{_REPEAT}|{_DIGIT})"
#: What stands between digits of one number: marks, hesitation, connecting words.
GAP = (
    r"(?:[\s\-—–_.·,，、。…~()]|呃|嗯|额|啊|哦|唔|诶(?![0-9])|那个|这个|"
    r"就是|然后|后面是|横杠|杠){0,4}"
)
_RUN = re.compile(rf"{_REPEAT}(?:{GAP}{TOKEN})*|{_DIGIT}(?:{GAP}{TOKEN})+")
_TOKEN = re.compile(TOKEN)
#: Codes are far shorter; a longer run is not looked into.
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that belong together at ``[start:end]`` of the folded text.

    ``digits[i]`` stands at ``starts[i]:ends[i]``; a repeat like 三个八 gives three digits with one
    place. ``groups`` are the index ranges of digits with nothing between them.
    """

    start: int
    end: int
    digits: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    groups: tuple[tuple[int, int], ...]

    def windows(self, length: int) -> list[tuple[int, int]]:
        """Index ranges of neighbouring whole groups that hold exactly ``length`` digits."""
        begins = {begin for begin, _ in self.groups}
        finishes = {end for _, end in self.groups}
        return [(at, at + length) for at in sorted(begins) if at + length in finishes]

    def shape(self, begin: int, end: int) -> tuple[int, ...]:
        """The lengths of the groups inside an index range."""
        return tuple(b - a for a, b in self.groups if begin <= a and b <= end)


def find_runs(folded: str, *, least: int = 2) -> list[Run]:
    """Every run of spoken or written digits, in order; works in one pass over the text.

    Those of fewer digits than ``least`` may be left out.
    """
    return [
        _run(folded, match.start(), match.end())
        for match in _RUN.finditer(folded)
        if match.end() - match.start() <= _LONGEST
        # Only 三个八 is more digits than characters.
        and (match.end() - match.start() >= least or "个" in match[0])
    ]


def _run(folded: str, start: int, end: int) -> Run:
    digits: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    groups: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(folded, start, end):
        said = token[0]
        times = _TIMES[said[0]] if len(said) > 1 else 1
        joined = bool(ends) and ends[-1] == token.start()
        first = groups.pop()[0] if joined else len(digits)
        digits += SPOKEN[said[-1]] * times
        starts += [token.start()] * times
        ends += [token.end()] * times
        groups.append((first, len(digits)))
    return Run(start, end, "".join(digits), tuple(starts), tuple(ends), tuple(groups))
