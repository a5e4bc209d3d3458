"""What a step of a transcript expects: the typed form of `expect`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from engine.replay.words import NONE, plain


class Data(BaseModel):
    """A part of a transcript: a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


def _compiles(pattern: str) -> str:
    body = pattern.removeprefix("not:")
    if len(body) > 1 and body[0] == body[-1] == "/":
        try:
            re.compile(body[1:-1])
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"no regular expression: {error}") from error
    return pattern


Word = Annotated[str, BeforeValidator(plain)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_many)]
Pattern = Annotated[str, BeforeValidator(plain), AfterValidator(_compiles)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_many)]
Plain = Annotated[Any, BeforeValidator(plain)]
#: One mapping of one key: the name of an effect, and what of it must be so.
Named = Annotated[dict[str, dict[str, Plain]], Field(min_length=1, max_length=1)]


def _named(value: Any) -> Any:
    return {value: {}} if isinstance(value, str) else value


def _none(value: Any) -> Any:
    return () if value == NONE else value


Effects = Annotated[tuple[Annotated[Named, BeforeValidator(_named)], ...], BeforeValidator(_none)]


def _kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


class ExpectedImage(Data):
    """A picture by meaning.

    ``model`` compares the keys listed; in a seat map ``free_has``, ``taken_has``, ``paid_has``,
    ``blocked_has`` and ``yours_has`` list seats, and ``rows: "31..60"`` the first and last row.
    ``size`` is width and height in pixels as drawn, each a number or a range.
    """

    kind: str
    model: dict[str, Plain] = {}
    alt: Patterns = ()
    size: tuple[Word, Word] | None = None
    qr_has: Words = ()


Image = Annotated[ExpectedImage, BeforeValidator(_kind)]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


class After(Data):
    """Where the turn went on to once its task was finished."""

    resumes: Word | None = None
    asks: Word | None = None


class AtDesk(Data):
    """How a customer stands in the queue of the desk, and what the clerk can read."""

    reason: Word | None = None
    clerk: Word | None = None
    name: Word | None = None
    task: Word | None = None
    asks: Word | None = None
    slots: dict[str, Pattern] | None = None
    transcript: Patterns | None = None


class Expect(Data):
    """What must be so after a step. A key that is left out is not looked at.

    ``none`` stands for an empty value: `task: none`, `slots: {seat: none}`.
    """

    intent: Word | None = None
    task: Word | None = None
    slots: dict[str, Pattern] | None = None
    slots_only: dict[str, Pattern] | None = None
    asks: Word | None = None
    reply: Patterns | None = None
    pushed: Patterns | None = None
    heard: Patterns | None = None
    heard_cer: Annotated[float, Field(ge=0)] | None = None
    rule: Word | None = None
    changed: Words | None = None
    repair: Word | None = None
    reject: Word | None = None
    done: Word | None = None
    resumes: Word | None = None
    then: After | None = None
    options: Words | None = None
    buttons: Patterns | None = None
    image: Annotated[tuple[Image, ...], BeforeValidator(_one_or_many)] | None = None
    link: Pattern | None = None
    effects_delta: Effects | None = None
    handoff: Word | None = None
    desk: AtDesk | Literal["none"] | None = None
    problems: Patterns | None = None
