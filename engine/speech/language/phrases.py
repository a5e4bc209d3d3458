"""Sentences of our own business: the phrases at hand, said with other values, and templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import yaml

from engine.speech.errors import BadTable
from engine.speech.language.values import Values
from engine.speech.spoken import spoken

#: A spoken sentence, and how often it counts.
Said = tuple[str, float]

_ITEM = re.compile(r"\s*-\s+(?!intent\b)(.*\S)\s*")
#: Words of another language are not said letter by letter.
_FOREIGN = re.compile(r"(?<![A-Za-z])(?!(?:app|ok|wifi)(?![A-Za-z]))[A-Za-z]?[a-z]{2,}(?!\d)")
_MARKED = re.compile(r"\[([^\[\]]+)\](?:\([^()\s]+\)|\{[^{}]*\})")
_CHOICE = re.compile(r"\(([^()]*)\)")
_VALUE = re.compile(r"\{(\w+)\}")
_PAUSE = re.compile(r"[，。！？；：、,.!?;:~…]+(?!\d)")
#: What in a phrase can be said with another value: kind of value → how the phrase writes it.
_NUMBERS = {
    "phone": r"(?<!\d)1[3-9]\d{9}(?!\d)",
    "flight": r"(?<![A-Za-z0-9])(?:[A-Z]{2}|3U|9C|8L)\d{3,4}(?!\d)",
    "id_number": r"(?<!\d)\d{17}[\dXx]",
    "seat": r"(?<![A-Za-z0-9])\d{1,2}[A-L](?![A-Za-z0-9])",
    "money": r"(?<![\d.])\d{2,3}(?:元|块钱|块)",
}


def phrases_in(path: Path) -> list[str]:
    """The utterances of a file: Rasa YAML (its list items), or any text with one a line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(path, 0, str(error)) from error
    if path.suffix in (".yml", ".yaml"):
        lines = [match[1] for line in lines if (match := _ITEM.fullmatch(line))]
    texts = (_MARKED.sub(r"\1", line) for line in lines if line.strip())
    return [text for text in texts if not _FOREIGN.search(text)]


class Varied:
    """Says phrases again with other values in them."""

    def __init__(self, values: Values, cities: Iterable[str], airlines: Iterable[str]) -> None:
        self._values = values
        names = {"city": cities, "airline": airlines}
        rules = {**_NUMBERS, **{kind: _any(each) for kind, each in names.items()}}
        self._replaced = re.compile("|".join(f"(?P<{kind}>{rule})" for kind, rule in rules.items()))

    def said(self, phrase: str, times: int) -> Iterator[Said]:
        """The phrase itself and up to ``times`` others; all of them together count once."""
        texts = [phrase]
        if self._replaced.search(phrase):
            texts += [self._replaced.sub(self._other, phrase) for _ in range(times)]
        for text in texts:
            for part in parts(text):
                yield part, 1 / len(texts)

    def _other(self, match: re.Match[str]) -> str:
        return self._values.kinds[str(match.lastgroup)]()


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def parts(text: str) -> Iterator[str]:
    """What is said of a text between its pauses, and the whole of it without them."""
    pieces = [said for part in _PAUSE.split(text) if (said := spoken(part))]
    if len(pieces) > 1:
        yield " ".join(pieces)
    yield from pieces


def templates(path: Path) -> list[tuple[float, str]]:
    """The templates of a file, each with its weight; raises `BadTable`."""
    try:
        groups = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [(float(group["weight"]), line) for group in groups for line in group["lines"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadTable(path, 0, f"no templates: {error}") from error


def filled(template: str, values: Values, random: Random) -> str:
    """One sentence of a template: choices made, values put in."""
    while _CHOICE.search(template):
        template = _CHOICE.sub(lambda match: random.choice(match[1].split("|")), template)
    return _VALUE.sub(lambda match: values.kinds[match[1]](), template)
