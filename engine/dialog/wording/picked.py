"""Values of slots as script text sees them: as text, with the columns of their rows."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jinja2

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@functools.total_ordering
class Picked:
    """A slot in templates: its value as text, with the columns of its row as attributes.

    It compares with a number as a number: ``amount > 100``, ``seats|int + 1``.
    """

    def __init__(self, value: str, row: Mapping[str, Any] | None, label: str = "") -> None:
        self._value = value
        self._row = row or {}
        self._label = label

    @property
    def shown(self) -> str:
        """What customers see of it: of a fixed choice its label."""
        return self._label or self._value

    def __str__(self) -> str:
        return self._value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, float) and _NUMBER.fullmatch(self._value):
            # 「不能超过账单」: 860 is no more than 860.0.
            return float(self._value) == other
        return self._value == str(other)

    def __hash__(self) -> int:
        return hash(self._value)

    def __lt__(self, other: object) -> bool:
        if isinstance(other, int | float):
            return float(self._value) < other
        return self._value < str(other)

    def __int__(self) -> int:
        return int(self._value)

    def __float__(self) -> float:
        return float(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __contains__(self, part: object) -> bool:
        return str(part) in self._value

    def __getitem__(self, place: int | slice) -> str:
        return self._value[place]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._row[name]
        except KeyError:
            raise AttributeError(name) from None


class Several:
    """A slot with a list in templates: loops give each value with its row; as text, all of them."""

    def __init__(self, values: Sequence[str], rows: Sequence[Mapping[str, Any]] = ()) -> None:
        of = rows if len(rows) == len(values) else [None] * len(values)
        self._each = [Picked(value, row) for value, row in zip(values, of, strict=True)]

    def __str__(self) -> str:
        return listed(self._each)

    def __iter__(self) -> Iterator[Picked]:
        return iter(self._each)

    def __len__(self) -> int:
        return len(self._each)

    def __contains__(self, value: object) -> bool:
        return any(each == value for each in self._each)

    def __getitem__(self, place: int) -> Picked:
        return self._each[place]


def picked(
    value: str | Sequence[str], row: Any = None, rows: Any = (), label: str = ""
) -> Picked | Several:
    """A value of a slot as templates see it; ``label`` is that of a fixed choice."""
    return Picked(value, row, label) if isinstance(value, str) else Several(value, rows)


def shown(value: object) -> object:
    """What a template says of a value: of a fixed choice its label, of what is null nothing."""
    if isinstance(value, Picked):
        return value.shown
    return "" if value is None else value


def plain(value: Any) -> Any:
    """A value for the business: a slot becomes its text, anything undefined becomes None."""
    if isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, Several | list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return str(value) if isinstance(value, Picked) else value


def listed(values: object) -> str:
    """Values joined as Chinese lists are: ``30、50``."""
    if not isinstance(values, Iterable) or isinstance(values, str | Mapping | Picked):
        return ""
    return "、".join(str(value) for value in values)
