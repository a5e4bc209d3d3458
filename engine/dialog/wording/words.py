"""Turning script text into words and values: sandboxed Jinja with the filters that scripts use."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.dialog.errors import WordsError
from engine.dialog.wording.filters import clock, coming_day, day, mask
from engine.dialog.wording.picked import figure, listed, plain, shown


class _Environment(ImmutableSandboxedEnvironment):
    """No attributes with an underscore, no changes, and nothing that could grow without end.

    Loops go over rows and lists only: there is no ``range``, and neither powers nor repeated text.
    """

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(
        self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any
    ) -> Any:
        sides = (left, right)
        if operator == "**" or not all(isinstance(side, int | float | _Unknown) for side in sides):
            raise SecurityError(f"{operator} works on plain numbers only, and ** not at all")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return figure(super().getattr(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        return figure(super().getitem(obj, argument))


class _Unknown(jinja2.ChainableUndefined):
    """What is not known: empty, false, no number, and neither more nor less than anything."""

    def _is_not(self, other: Any) -> Any:
        return False

    def _nothing(self, *other: Any) -> Any:
        return self

    def _number(self) -> Any:
        return 0

    def _fraction(self) -> Any:
        return 0.0

    # Jinja's own raise an error, which in the middle of a sentence would end the conversation.
    __lt__ = __le__ = __gt__ = __ge__ = cast(Any, _is_not)
    __add__ = __radd__ = __sub__ = __rsub__ = __neg__ = cast(Any, _nothing)
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = cast(Any, _nothing)
    __int__ = cast(Any, _number)
    __float__ = cast(Any, _fraction)


_environment = _Environment(
    undefined=_Unknown,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,
    finalize=shown,
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
        return plain(_expression(text)(dict(names)))
    except _FAILURES as error:
        raise WordsError(text, error) from error


@functools.lru_cache(maxsize=4096)
def names_in(text: str, *, expression: bool = False) -> frozenset[str]:
    """The names that a template or expression uses. Raises `jinja2.TemplateSyntaxError`."""
    return frozenset(meta.find_undeclared_variables(_parsed(text, expression)))


@functools.lru_cache(maxsize=4096)
def columns_in(text: str, *, expression: bool = False) -> frozenset[tuple[str, str]]:
    """The columns that are asked of names: ``{("booking", "date")}`` for ``booking.date``."""
    asked = _parsed(text, expression).find_all(nodes.Getattr)
    return frozenset((e.node.name, e.attr) for e in asked if isinstance(e.node, nodes.Name))


@functools.lru_cache(maxsize=4096)
def values_in(text: str, *, expression: bool = True) -> frozenset[tuple[str, str]]:
    """What names are compared with: ``{("kind", "a")}`` of ``kind == "a"``, ``in``, or a table.

    Of a table, ``{"a": 1}[kind]``, these are the keys.
    """
    found, parsed = set(), _parsed(text, expression)
    for compared in parsed.find_all(nodes.Compare):
        for operand in compared.ops:
            if operand.op in ("eq", "ne", "in", "notin") and isinstance(compared.expr, nodes.Name):
                found |= {(compared.expr.name, value) for value in _constants(operand.expr)}
    written = {
        each.target.name: each.node
        for each in parsed.find_all(nodes.Assign)
        if isinstance(each.target, nodes.Name)
    }
    for looked_up in parsed.find_all(nodes.Getitem):
        table: nodes.Node | None = looked_up.node
        if isinstance(table, nodes.Name):
            table = written.get(table.name)
        if isinstance(table, nodes.Dict) and isinstance(looked_up.arg, nodes.Name):
            name = looked_up.arg.name
            found |= {(name, value) for item in table.items for value in _constants(item.key)}
    return frozenset(found)


@functools.lru_cache(maxsize=512)
def keys_in(text: str) -> frozenset[str] | None:
    """The keys of a mapping that an expression writes out; None where it is another one."""
    (output,) = _parsed(text, True).body
    written = output.nodes[0] if isinstance(output, nodes.Output) else None
    if not isinstance(written, nodes.Dict):
        return None
    return frozenset(str(e.key.value) for e in written.items if isinstance(e.key, nodes.Const))


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


# Names, columns and values of one text are asked for one after the other.
@functools.lru_cache(maxsize=4)
def _parsed(text: str, expression: bool) -> nodes.Template:
    return _environment.parse("{{ (" + text + ") }}" if expression else text)
