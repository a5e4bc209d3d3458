"""Words by which customers tell one of several choices: `data/dialog/words.yaml`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from engine import assets


class Comparative(BaseModel):
    """Words that compare choices by a number of their labels, or by when they begin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    units: frozenset[str] = frozenset()
    least: bool = False
    bare: bool = False
    begins: bool = False
    alone: bool | Literal["的"] = False


class Multiple(BaseModel):
    """Words that make a multiple of a number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    times: Decimal


class Shape(BaseModel):
    """A kind of free answer that is known by how it looks; slots for it by their words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    lead: str
    pattern: str


class Beside(BaseModel):
    """Words before a number and after it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: tuple[str, ...]
    after: tuple[str, ...]


class Bounds(BaseModel):
    """What makes a bound of a number, and of a time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    under: Beside
    over: Beside
    later: tuple[str, ...]
    sooner: tuple[str, ...]


class Others(BaseModel):
    """Words for somebody else than the customer, and those for whoever was spoken of before.

    ``selves`` begin, and ``things`` end, what something is done for that is nobody else; ``deeds``
    are the characters that begin what is done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    pronouns: tuple[str, ...]
    selves: tuple[str, ...]
    things: tuple[str, ...]
    deeds: str


class Answers(BaseModel):
    """Words of a yes and a no."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plain_yes: tuple[str, ...]
    plain_no: tuple[str, ...]
    nothing: tuple[str, ...]
    none: tuple[str, ...]
    alone: tuple[str, ...]
    untold: tuple[str, ...]
    lost: tuple[str, ...]
    broken: tuple[str, ...]
    working: tuple[str, ...]
    not_lacking: tuple[str, ...]
    not_denied: tuple[str, ...]
    offered: str
    wanted: Beside
    refused: Beside


class Hours(BaseModel):
    """Words of what begins at the first time of a row, and of what ends at the last one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    begins: tuple[str, ...]
    ends: tuple[str, ...]


class TakingBack(BaseModel):
    """Words of what is not to be any more, and those that begin the titles of what takes it back.

    ``of_what_is`` tell of something that was ordered before; ``vague`` may be a yes or a no to it.
    Without one of the characters of ``signs`` nothing is taken back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: tuple[str, ...]
    vague: tuple[str, ...]
    said: tuple[str, ...]
    of_what_is: tuple[str, ...]
    signs: str


class Afterwards(BaseModel):
    """Words of what comes once it is done: that it is, what tells it, and what stands beside."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    done: tuple[str, ...]
    told: tuple[str, ...]
    beside: tuple[str, ...]


class Lexicon(BaseModel):
    """The words of any business; the file says what each is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_work: tuple[str, ...]
    titles: tuple[str, ...]
    others: Others
    remarks: tuple[str, ...]
    after_names: tuple[str, ...]
    reasons: tuple[str, ...]
    some_other: tuple[str, ...]
    done_there: tuple[str, ...]
    parties: dict[str, str]
    left: tuple[str, ...]
    alone: tuple[str, ...]
    dayparts_in_names: dict[str, tuple[str, ...]]
    at_heart: dict[str, tuple[int, int]]
    alike: tuple[tuple[str, ...], ...]
    lacking: dict[str, tuple[str, ...]]
    taking_back: TakingBack
    measures: str
    things: str
    units: dict[str, str]
    answers: Answers
    long_counters: tuple[str, ...]
    counted_alike: tuple[tuple[str, ...], ...]
    amounts: dict[str, str]
    measured: dict[str, dict[str, float]]
    tenths: tuple[str, ...]
    shapes: tuple[Shape, ...]
    comparatives: tuple[Comparative, ...]
    hours: Hours
    compared_by: dict[str, str]
    multiples: tuple[Multiple, ...]
    conditions: tuple[str, ...]
    standing: Beside
    errand: Beside
    afterwards: Afterwards
    bounds: Bounds


@functools.cache
def lexicon() -> Lexicon:
    """The words, read once."""
    text = (assets.data() / "dialog" / "words.yaml").read_text("utf-8")
    return Lexicon.model_validate(yaml.safe_load(text))


def also_called(called: Iterable[str]) -> tuple[str, ...]:
    """Names, and the words that mean the same: 孩子 for 儿童."""
    names = tuple(called)
    alike = [words for words in lexicon().alike if not set(words).isdisjoint(names)]
    return (*names, *(word for words in alike for word in words if word not in names))


def either(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
