"""Values of slots as script text sees them: as text, with the columns of their rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import jinja2

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class _Ordered:
    """What is more or less than something else as a number where both are some, else as text.

    What is no number is neither more nor less than one.
    """

    def __lt__(self, other: object) -> bool:
        return _order(self, other) < 0

    def __gt__(self, other: object) -> bool:
        return _order(self, other) > 0

    def __le__(self, other: object) -> bool:
        return _order(self, other) <= 0

    def __ge__(self, other: object) -> bool:
        return _order(self, other) >= 0


def _order(one: object, other: object) -> float:
    """Below 0 where one value is less than the other, above 0 where it is more; else no number."""
    if all(_NUMBER.fullmatch(str(side)) for side in (one, other)):
        return float(str(one)) - float(str(other))
    if isinstance(other, int | float):
        return math.nan
    return (str(one) > str(other)) - (str(one) < str(other))


class Figure(_Ordered, str):
    """A number that the business gives as text, as money is: it compares as a number."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        is_number = isinstance(other, int | float)
        return float(self) == other if is_number else str(self) == str(other)

    __hash__ = str.__hash__

    def lower(self) -> str:
        """Itself: filters of templates compare text in small letters."""
        return self


def figure(value: object) -> object:
    """A column as templates see it, where it is text that is a number."""
    return Figure(value) if type(value) is str and _NUMBER.fullmatch(value) else value


class Picked(_Ordered):
    """A slot in templates: its value as text, with the columns of its row as attributes.

    It compares with a number as a number: ``amount > 100``, ``count > coin.limit``.
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

    def __init__(
        self,
        values: Sequence[str],
        rows: Sequence[Mapping[str, Any]] = (),
        labels: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        of = rows if len(rows) == len(values) else [None] * len(values)
        each = zip(values, of, strict=True)
        self._each = [Picked(value, row, labels.get(value, "")) for value, row in each]

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
    value: str | Sequence[str],
    row: Any = None,
    rows: Any = (),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Picked | Several:
    """A value of a slot as templates see it; ``labels`` are those of its fixed choices."""
    if isinstance(value, str):
        return Picked(value, row, labels.get(value, ""))
    return Several(value, rows, labels)


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
    return str(value) if isinstance(value, Picked | Figure) else value


def listed(values: object) -> str:
    """Values joined as Chinese lists are: ``30、50``."""
    if not isinstance(values, Iterable) or isinstance(values, str | Mapping | Picked):
        return ""
    return "、".join(str(shown(value)) for value in values)
