"""Turning script text into words and values: sandboxed Jinja with the filters that scripts use."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

_WEEKDAYS = "一二三四五六日"
_NEAR_DAYS = {0: "今天", 1: "明天", 2: "后天", -1: "昨天"}


class Picked:
    """A slot in templates: prints as its value and gives the columns of its row as attributes."""

    def __init__(self, value: str, row: Mapping[str, Any] | None) -> None:
        self._value = value
        self._row = row or {}

    def __str__(self) -> str:
        return self._value

    def __eq__(self, other: object) -> bool:
        return self._value == str(other)

    def __hash__(self) -> int:
        return hash(self._value)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._row[name]
        except KeyError:
            raise AttributeError(name) from None


def plain(value: Any) -> Any:
    """A value for the business: a slot becomes its text, anything undefined becomes None."""
    if isinstance(value, jinja2.Undefined):
        return None
    return str(value) if isinstance(value, Picked) else value


def mask(value: object) -> str:
    """A phone or ID number with its middle hidden: ``138****5678``, ``110101********002X``."""
    text = str(value)
    head, tail = (6, 4) if len(text) > 11 else (3, 4)
    if len(text) <= head + tail:
        return text[:1] + "*" * (len(text) - 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def clock(value: object) -> str:
    """The time of day of an ISO date-time: ``08:30``."""
    return datetime.fromisoformat(str(value)).strftime("%H:%M")


@jinja2.pass_context
def day(context: jinja2.runtime.Context, value: object) -> str:
    """A date as customers say it: ``11月24日（明天）``, else with the weekday."""
    when = date.fromisoformat(str(value)[:10])
    distance = (when - context["now"].date()).days
    note = _NEAR_DAYS.get(distance, f"周{_WEEKDAYS[when.weekday()]}")
    return f"{when.month}月{when.day}日（{note}）"


def listed(values: object) -> str:
    """Values joined as Chinese lists are: ``30、50``."""
    return "、".join(str(value) for value in values) if isinstance(values, list | tuple) else ""


_environment = SandboxedEnvironment(
    undefined=jinja2.ChainableUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)
_environment.filters |= {"mask": mask, "day": day, "clock": clock, "listed": listed}


@functools.lru_cache(maxsize=4096)
def _template(text: str) -> jinja2.Template:
    return _environment.from_string(text)


@functools.lru_cache(maxsize=4096)
def _expression(text: str) -> Callable[..., Any]:
    return _environment.compile_expression(text)


def say(text: str, names: Mapping[str, Any]) -> str:
    """The words of a template."""
    return _template(text).render(names).strip()


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression; None where a name in it is not known."""
    return plain(_expression(text)(**names))


@functools.lru_cache(maxsize=4096)
def names_in(text: str, *, expression: bool = False) -> frozenset[str]:
    """The names that a template or expression uses. Raises `jinja2.TemplateSyntaxError`."""
    source = "{{ (" + text + ") }}" if expression else text
    return frozenset(meta.find_undeclared_variables(_environment.parse(source)))
