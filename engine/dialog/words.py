"""Turning script text into words and values: sandboxed Jinja with the filters that scripts use."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.dialog.errors import WordsError

_WEEKDAYS = "一二三四五六日"
_NEAR_DAYS = {0: "今天", 1: "明天", 2: "后天", -1: "昨天"}


@functools.total_ordering
class Picked:
    """A slot in templates: its value as text, with the columns of its row as attributes.

    It compares with a number as a number: ``amount > 100``, ``seats|int + 1``.
    """

    def __init__(self, value: str, row: Mapping[str, Any] | None) -> None:
        self._value = value
        self._row = row or {}

    def __str__(self) -> str:
        return self._value

    def __eq__(self, other: object) -> bool:
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


def picked(value: str | Sequence[str], row: Any = None, rows: Any = ()) -> Picked | Several:
    """A value of a slot as templates see it."""
    return Picked(value, row) if isinstance(value, str) else Several(value, rows)


def plain(value: Any) -> Any:
    """A value for the business: a slot becomes its text, anything undefined becomes None."""
    if isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, Several | list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Picked) else value


def mask(value: object) -> str:
    """A phone or ID number with its middle hidden: ``138****5678``, ``110101********002X``."""
    text = str(value)
    head, tail = (6, 4) if len(text) > 11 else (3, 4)
    if len(text) <= head + tail:
        return text[:1] + "*" * (len(text) - 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def clock(value: object) -> str:
    """The time of day of an ISO date-time: ``08:30``. What is no date-time stays as it is."""
    try:
        return datetime.fromisoformat(str(value)).strftime("%H:%M")
    except ValueError:
        return _shown(value)


@jinja2.pass_context
def day(context: jinja2.runtime.Context, value: object) -> str:
    """A date as customers say it: ``11月24日（明天）``, else with the weekday.

    What is no date stays as it is.
    """
    try:
        when = date.fromisoformat(str(value)[:10])
    except ValueError:
        return _shown(value)
    distance = (when - context["now"].date()).days
    note = _NEAR_DAYS.get(distance, f"周{_WEEKDAYS[when.weekday()]}")
    return f"{when.month}月{when.day}日（{note}）"


@jinja2.pass_context
def coming_day(context: jinja2.runtime.Context, value: object) -> str:
    """The next date that is this day of a month, from today on; nothing for what is no day."""
    if not (str(value).isdecimal() and 1 <= int(str(value)) <= 31):
        return ""
    today = context["now"].date()
    days = (today + timedelta(days=ahead) for ahead in range(62))
    return next((day.isoformat() for day in days if day.day == int(str(value))), "")


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def listed(values: object) -> str:
    """Values joined as Chinese lists are: ``30、50``."""
    if not isinstance(values, Iterable) or isinstance(values, str | Mapping | Picked):
        return ""
    return "、".join(str(value) for value in values)


class _Environment(ImmutableSandboxedEnvironment):
    """No attributes with an underscore, no changes, and nothing that could grow without end.

    Loops go over rows and lists only: there is no ``range``, and neither powers nor repeated text.
    """

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(
        self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any
    ) -> Any:
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"{operator} works on plain numbers only, and ** not at all")
        return super().call_binop(context, operator, left, right)


_environment = _Environment(
    undefined=jinja2.ChainableUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)
_environment.filters |= {
    "mask": mask,
    "day": day,
    "clock": clock,
    "listed": listed,
    "coming_day": coming_day,
}
_environment.globals.clear()


#: How a text fails that is written rightly but gets what it was not written for.
_FAILURES = (
    ArithmeticError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    jinja2.TemplateError,
)


#: Who is told of every text that is said. In its context, for texts are said in all of the dialog.
_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


@contextmanager
def overheard(by: Callable[[str], None]) -> Iterator[None]:
    """Tell ``by`` of each text that is said in the block: the very object that the script holds."""
    token = _listener.set(by)
    try:
        yield
    finally:
        _listener.reset(token)


@functools.lru_cache(maxsize=4096)
def _template(text: str) -> jinja2.Template:
    return _environment.from_string(text)


@functools.lru_cache(maxsize=4096)
def _expression(text: str) -> Callable[..., Any]:
    return _environment.compile_expression(text)


def say(text: str, names: Mapping[str, Any]) -> str:
    """The words of a template. Raises `WordsError`."""
    if (listener := _listener.get()) is not None:
        listener(text)
    try:
        return _template(text).render(names).strip()
    except _FAILURES as error:
        raise WordsError(text, error) from error


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression; None where a name in it is not known. Raises `WordsError`."""
    try:
        return plain(_expression(text)(**names))
    except _FAILURES as error:
        raise WordsError(text, error) from error


@functools.lru_cache(maxsize=4096)
def names_in(text: str, *, expression: bool = False) -> frozenset[str]:
    """The names that a template or expression uses. Raises `jinja2.TemplateSyntaxError`."""
    return frozenset(meta.find_undeclared_variables(_parsed(text, expression)))


def columns_in(text: str, *, expression: bool = False) -> frozenset[tuple[str, str]]:
    """The columns that are asked of names: ``{("booking", "date")}`` for ``booking.date``."""
    asked = _parsed(text, expression).find_all(nodes.Getattr)
    return frozenset((e.node.name, e.attr) for e in asked if isinstance(e.node, nodes.Name))


def values_in(text: str) -> frozenset[tuple[str, str]]:
    """What an expression compares names with: ``{("kind", "a")}`` of ``kind == "a"`` or ``in``."""
    found = set()
    for compared in _parsed(text, True).find_all(nodes.Compare):
        for operand in compared.ops:
            if operand.op in ("eq", "ne", "in", "notin") and isinstance(compared.expr, nodes.Name):
                found |= {(compared.expr.name, value) for value in _constants(operand.expr)}
    return frozenset(found)


def _constants(node: nodes.Expr) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.List | nodes.Tuple):
        for item in node.items:
            yield from _constants(item)


@functools.lru_cache(maxsize=4096)
def cue(said: str) -> re.Pattern[str]:
    """Words to look for; … between them stands for up to eight other characters."""
    return re.compile(".{0,8}?".join(map(re.escape, said.split("…"))))


@functools.lru_cache(maxsize=512)
def either(said: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(said, key=len, reverse=True))))


def demand(text: str, *, expression: bool = False) -> None:
    """Raise `jinja2.TemplateSyntaxError` for text that cannot be used: unknown filters as well."""
    if expression:
        _expression(text)
    else:
        _template(text)


def filters() -> tuple[str, ...]:
    """The filters that scripts may use."""
    return tuple(sorted(_environment.filters))


def _parsed(text: str, expression: bool) -> nodes.Template:
    return _environment.parse("{{ (" + text + ") }}" if expression else text)
