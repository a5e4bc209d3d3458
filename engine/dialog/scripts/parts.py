"""The parts that slots and answers of a script are made of: words, calls, refusals, pictures."""

from __future__ import annotations

import re
import warnings
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict


def one_or_many(value: Any) -> Any:
    """A single word where a list may stand."""
    return (value,) if isinstance(value, str) else value


def only_words(value: Any) -> Any:
    """Words where a mapping with `say` may stand."""
    return {"say": value} if isinstance(value, str) else value


#: YAML has types: "2" in quotes is text, and the schema for editors says so too.
Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict()]
Count = Annotated[int, Strict()]


class Part(BaseModel):
    """A mapping of a script: a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _compiles(pattern: str) -> str:
    # What a later Python will read otherwise, such as [a--b], is refused as what none can read.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]

OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(one_or_many, json_schema_input_type=str | tuple[str, ...]),
]

#: Wordings of one thing to say: the n-th is used on try n.
Variants = OneOrMany


class Refusal(Part):
    """What to say and do when the business says no for one reason."""

    say: str = Field(description="Words; the facts of the refusal are names in them.")
    offer: str = Field("", description="Expression for a list of values to offer instead.")
    clear: OneOrMany = Field(
        (), description="Slots to forget. Default: the slot that was being checked."
    )
    recheck: OneOrMany = Field(
        (), description="Slots to look up again as they were said; nobody is asked anew."
    )
    end: Flag = Field(False, description="Nothing more can be done: the task ends here.")
    next: OneOrMany = Field(
        (), description="With `end`: businesses (intents) that are offered in its place."
    )
    carry: OneOrMany = Field(
        (), description="With `next`: slots whose values go along, where the other has them too."
    )


Refusals = dict[
    str, Annotated[Refusal, BeforeValidator(only_words, json_schema_input_type=str | Refusal)]
]


class Call(Part):
    """A query of the business and what its refusals mean."""

    query: str = Field(description="Name of a query, such as `airline.bookings`.")
    arguments: dict[str, str] = Field({}, alias="with", description="Argument: expression.")
    refused: Refusals = Field({}, description="Refusal reason: words, or words and actions.")


class Resolve(Call):
    """Turns what the customer said (`said`) into a row of the business."""

    value: str = Field(description="The column that identifies the row.")
    pick: Literal["ask", "first"] = Field(
        "ask", description="With several rows: ask which one, or take the first (best first)."
    )
    label: str = Field("", description="Words for one row in a list; default: its value.")


class Options(Call):
    """The rows among which the customer chooses; a single row is taken without asking."""

    value: str = Field(description="The column that identifies the row.")
    label: str = Field(description="Words for one row in the list of choices.")
    none: Annotated[
        Refusal | None,
        BeforeValidator(only_words, json_schema_input_type=str | Refusal | None),
    ] = Field(None, description="What to say and do when there is no row.")


class Check(Refusal):
    """A rule over what is known: where ``when`` is true, the value is refused."""

    when: str = Field(description="Expression; the slot is filled by now.")


class PictureOf(Part):
    """A picture to show: its kind, and its model from a query's first row or from an expression."""

    kind: str
    query: str = ""
    arguments: dict[str, str] = Field({}, alias="with")
    model: str = Field("row", description="Expression for the model; `row` is the query's row.")
    words: str = Field(
        "", description="Expression for the text equivalent; default: drawn from the model."
    )
    each: str = Field(
        "", description="Expression for a list: one picture for each, which is `row` in `model`."
    )
    caption: str = Field(
        "", description="Words above each further picture of `each`; default: its words."
    )


class Bare(Part):
    """How a number without a word beside it may be meant for a slot: 12 排, 12 号."""

    after: OneOrMany = Field((), description="Words after the number that make it this slot's.")
    label: str = Field(description="Words for it in a choice; the number is `said`.")
    value: str = Field(description="Expression for the value; `said` is the number.")


class Choice(Part):
    """One fixed choice."""

    value: str
    label: str
    pattern: Pattern = Field(
        "", description="Regular expression for other ways to say it, wherever they are said."
    )


def choices_of(value: Any) -> Any:
    """Values alone where choices may stand: each is its own label."""
    if not isinstance(value, list):
        return value
    return [
        {"value": str(item), "label": str(item)}
        if isinstance(item, str | int | float) and not isinstance(item, bool)
        else item
        for item in value
    ]


class Meaning(Part):
    """Words that stand for a value: 全部 for all that is owed, 这么多 for what was just told."""

    words: OneOrMany = Field(description="Where one of them is said, it is meant.")
    value: str = Field(description="Expression for the value; nothing is meant where it is none.")


class Handover(Part):
    """Another script that runs when this slot's turn comes, where its `when` is true."""

    start: str = Field(description="The intent of the other script.")
    say: str = Field("", description="Words before it.")
    instead: Flag = Field(False, description="It takes the place of this task.")
    otherwise: str = Field(
        "", description="Words that end this task when `when` is still true afterwards."
    )


class Awaits(Part):
    """A slot that the company fills, some time later."""

    notice: str = Field(description="Name of the notice that fills it.")
    when: str = Field(
        "", description="Expression over its facts and the slots: is this task meant?"
    )
    value: str = Field(description="The fact that becomes the value; all of them are columns.")


class News(Part):
    """How the company's system tells what happened, at `/events/` and the notice's name."""

    secret: str = Field(description="Name of the secret that signs the request.")
    customer: Literal["", "alias", "openid"] = Field(
        "",
        description="How the system is told who asks, as the fact `customer`: by a name that is "
        "made for this secret alone, or by the platform's id. Default: it is not told.",
    )
    about: str = Field(
        description="The fact that says what it is about: it is told to those who follow that."
    )
    last: str = Field(
        "", description="Expression over the facts: after this one nothing more will come."
    )


class Notice(Part):
    """What is said when the company has something to tell; its facts are names."""

    say: str = Field(description="Words; the facts are names in them.")
    link: str = Field("", description="Words that make a link.")
    event: News | None = Field(None, description="The company's system tells it over HTTP.")


class Notify(Part):
    """A notice that an answer leaves, to be told at once or later."""

    notice: str = Field(description="Name of a notice, which has words under `notices`.")
    when: str = Field("", description="Expression: it is left only where this is true.")
    facts: dict[str, str] = Field({}, description="Fact: expression; the words use these.")
    at: str = Field("", description="Expression for the time to tell it, ISO. Default: at once.")
    before: Count = Field(0, ge=0, description="So many minutes before `at`.")
    key: str = Field(
        "", description="Expression: told once for each. Default: once each time this was done."
    )


class Http(Part):
    """A call of the company's own system over HTTP; `docs/backends.md` has the wire format."""

    url: str = Field(pattern=r"^https?://", description="Address of the call.")
    timeout: Number = Field(3.0, gt=0, le=30, description="Seconds for one try.")
    retries: Count = Field(2, ge=0, le=5, description="Further tries after the first.")
    secret: str = Field(description="Name of the secret that signs the request.")
    customer: Literal["", "alias", "openid"] = Field(
        "",
        description="How the system is told who asks, as the fact `customer`: by a name that is "
        "made for this secret alone, or by the platform's id. Default: it is not told.",
    )
