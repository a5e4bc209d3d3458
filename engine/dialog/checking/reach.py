"""What can never happen: conditions that nothing makes true, choices behind an equal one."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from engine.dialog.checking.texts import Text, texts
from engine.dialog.errors import DialogError, Problem
from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.scripts.yaml_lines import Document
from engine.dialog.wording import words


def problems(script: Script, document: Document) -> Iterator[Problem]:
    """Conditions that are never or always true, as far as that can be told, and lost choices."""
    for text in texts(script):
        try:
            yield from _values(text, script, document)
            if text.is_expression and text.key == "when":
                yield from _constant(text, document)
        except (jinja2.TemplateSyntaxError, DialogError):
            # Told as a text that cannot be read.
            continue
    for name, slot in script.slots.items():
        yield from _choices(name, slot, document)


def _values(text: Text, script: Script, document: Document) -> Iterator[Problem]:
    """A slot that only its choices fill is compared with something else."""
    for name, value in sorted(words.values_in(text.text, expression=text.is_expression)):
        slot = script.slots.get(name)
        if slot is None or slot.type or slot.resolve or slot.default or not slot.choices:
            continue
        known = {choice.value for choice in slot.choices} | {slot.skip, *slot.words}
        if value not in known:
            labelled = {choice.label: choice.value for choice in slot.choices}
            meant = f"; did you mean `{labelled[value]}`?" if value in labelled else ""
            fault = f"`{name}` is never {value!r}{meant or did_you_mean(value, known)}"
            yield document.problem(text.place, f"{text.key}: {fault}")


def _constant(text: Text, document: Document) -> Iterator[Problem]:
    if words.names_in(text.text, expression=True):
        return
    often = "always" if words.evaluate(text.text, {}) else "never"
    yield document.problem(text.place, f"when: is {often} true, for it depends on nothing")


def _choices(name: str, slot: Slot, document: Document) -> Iterator[Problem]:
    for number, choice in enumerate(slot.choices):
        for above in slot.choices[:number]:
            if choice.label == above.label or choice.value == above.value:
                key = "label" if choice.label == above.label else "value"
                text = getattr(choice, key)
                fault = f"{name}: a choice above has the {key} {text!r}: this one is never taken"
                yield document.problem(("slots", name, "choices", number), fault)
                break
