"""Does every text of a script parse, and is everything it names known where it is used?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2

from engine.dialog.checking.texts import Text, texts
from engine.dialog.errors import Problem
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.script import Script
from engine.dialog.scripts.yaml_lines import Document
from engine.dialog.wording import words

#: A name in one pair of braces, where two were meant.
_SINGLE = re.compile(r"(?<![{\w])\{\s*([a-z_][\w.|]*)\s*\}(?!\})")


def problems(script: Script, document: Document) -> Iterator[Problem]:
    """Texts that do not parse, or use what nothing gives them."""
    for text in texts(script):
        try:
            words.demand(text.text, expression=text.is_expression)
            used = words.names_in(text.text, expression=text.is_expression)
        except jinja2.TemplateSyntaxError as error:
            yield document.problem(text.place, f"{text.key}: {_sentence(error)}: {text.text!r}")
            continue
        if not text.is_expression and (single := _SINGLE.search(text.text)):
            note = f"{single[0]} is said as it stands; a value stands in {{{{ {single[1]} }}}}"
            yield document.problem(text.place, f"{text.key}: {note}")
        for name in sorted(used):
            fault = _fault(name, text, script)
            if fault:
                yield document.problem(text.place, f"{text.key}: {fault}")
        yield from _columns(text, script, document)


def _fault(name: str, text: Text, script: Script) -> str:
    scope = text.scope
    if name in scope.names or name in scope.slots:
        return ""
    if name in script.slots:
        if scope.is_open:
            return ""
        return _too_early(name, text, script)
    if scope.is_open:
        return ""
    return f"nothing is called `{name}` here" + did_you_mean(name, {*scope.slots, *scope.names})


def _too_early(name: str, text: Text, script: Script) -> str:
    if text.place[0] != "slots":
        return f"`{name}` is not filled yet here"
    own = str(text.place[1])
    if name == own:
        return f"`{name}` is what is being asked for: it is not filled yet"
    if text.key == "when" and not set(text.scope.slots) & words.names_in(
        text.text, expression=True
    ):
        return f"is never true: `{name}` is filled after `{own}`; move `{own}` below it"
    return f"`{name}` is not filled yet: it stands below `{own}`, and slots are filled in order"


def _columns(text: Text, script: Script, document: Document) -> Iterator[Problem]:
    for name, column in sorted(words.columns_in(text.text, expression=text.is_expression)):
        slot = script.slots.get(name)
        if slot is None or name not in text.scope.slots or name in text.scope.names:
            continue
        if not (slot.options or slot.resolve or slot.does or slot.awaits):
            note = (
                f"`{name}` has no column `{column}`: "
                "only `options`, `resolve`, `does` and `awaits` give columns"
            )
            yield document.problem(text.place, f"{text.key}: {note}")


def _sentence(error: jinja2.TemplateSyntaxError) -> str:
    message = error.message or "cannot be read"
    if message.startswith("No filter named '"):
        name = message.split("'")[1]
        return f"there is no filter `{name}`" + did_you_mean(name, words.filters())
    if message in (
        "unexpected '}'",
        "unexpected end of template, expected 'end of print statement'.",
    ):
        return f"{message}: is every {{{{ … }}}} and {{% … %}} closed?"
    if message == "unexpected 'end of template'":
        return f"{message}: is every bracket closed?"
    if message == "chunk after expression":
        return "no expression: is there an operator between two names? To compare is `==`"
    return message
