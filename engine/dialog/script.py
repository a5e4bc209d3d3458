"""A dialog script: the typed form of one YAML file in `dialogs/`.

Three kinds of text stand in a script. *Words* are said to the customer and may hold ``{{ … }}``.
*Expressions* (``when``, ``default``, ``with``, ``offer``, ``model``) are bare Jinja expressions
over the same names. *Names* point at slots, queries and effects. `docs/scripts.md` teaches it all.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema


def one_or_many(value: Any) -> Any:
    """A single word where a list may stand."""
    return (value,) if isinstance(value, str) else value


def _only_words(value: Any) -> Any:
    return {"say": value} if isinstance(value, str) else value


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(one_or_many, json_schema_input_type=str | tuple[str, ...]),
]
#: Wordings of one thing to say: the n-th is used on try n.
Variants = OneOrMany


class Refusal(_Data):
    """What to say and do when the business says no for one reason."""

    say: str = Field(description="Words; the facts of the refusal are names in them.")
    offer: str = Field("", description="Expression for a list of values to offer instead.")
    clear: OneOrMany = Field(
        (), description="Slots to forget. Default: the slot that was being checked."
    )
    recheck: OneOrMany = Field(
        (), description="Slots to look up again as they were said; nobody is asked anew."
    )
    end: bool = Field(False, description="Nothing more can be done: the task ends here.")
    next: OneOrMany = Field(
        (), description="With `end`: businesses (intents) that are offered in its place."
    )
    carry: OneOrMany = Field(
        (), description="With `next`: slots whose values go along, where the other has them too."
    )


Refusals = dict[
    str, Annotated[Refusal, BeforeValidator(_only_words, json_schema_input_type=str | Refusal)]
]


class Call(_Data):
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
        BeforeValidator(_only_words, json_schema_input_type=str | Refusal | None),
    ] = Field(None, description="What to say and do when there is no row.")


class Check(Refusal):
    """A rule over what is known: where ``when`` is true, the value is refused."""

    when: str = Field(description="Expression; the slot is filled by now.")


class PictureOf(_Data):
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


class Bare(_Data):
    """How a number without a word beside it may be meant for a slot: 12 排, 12 号."""

    after: OneOrMany = Field((), description="Words after the number that make it this slot's.")
    label: str = Field(description="Words for it in a choice; the number is `said`.")
    value: str = Field(description="Expression for the value; `said` is the number.")


class Choice(_Data):
    """One fixed choice."""

    value: str
    label: str
    pattern: Pattern = Field(
        "", description="Regular expression for other ways to say it, wherever they are said."
    )


def _choices(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        item if isinstance(item, dict) else {"value": str(item), "label": str(item)}
        for item in value
    ]


class Meaning(_Data):
    """Words that stand for a value: 全部 for all that is owed, 这么多 for what was just told."""

    words: OneOrMany = Field(description="Where one of them is said, it is meant.")
    value: str = Field(description="Expression for the value; nothing is meant where it is none.")


class Slot(_Data):
    """One thing the task needs or can use.

    A slot without ``ask`` and ``options`` is never asked for: it is filled when the customer
    mentions it.
    """

    type: OneOrMany = Field(
        (), description="Entity types that fill it; `text` takes the whole answer when asked."
    )
    ask: Variants = Field((), description="Words of the question; the n-th is used on try n.")
    also: OneOrMany = Field((), description="Other slots that an answer to this question may fill.")
    why: str = Field("", description="Words that explain why this is asked.")
    when: str = Field("", description="Expression: the slot matters only where this is true.")
    keep: bool = Field(
        False, description="When what it depends on changes: check it again, do not ask again."
    )
    default: str = Field("", description="Expression for a value that need not be asked.")
    unless: OneOrMany = Field(
        (), description="Words that began the task with which `default` does not count: 给别人."
    )
    skip: str = Field("", description="Value when the customer says 随便 or 跳过.")
    choices: Annotated[
        tuple[Choice, ...],
        BeforeValidator(_choices, json_schema_input_type=tuple[Choice | str | int | float, ...]),
    ] = Field((), description="Fixed choices shown as buttons.")
    means: tuple[Meaning, ...] = Field((), description="Words that stand for a value of it.")
    options: Options | None = None
    resolve: Resolve | None = None
    does: Does | None = Field(None, description="An effect that fills it.")
    task: Handover | None = Field(None, description="A script that runs in between.")
    awaits: Awaits | None = Field(None, description="What the company fills it with, later.")
    check: tuple[Check, ...] = Field((), description="Rules tried once the slot is filled.")
    picture: PictureOf | None = Field(None, description="A picture shown with the question.")
    many: bool = Field(False, description="The slot holds a list: 张三和李四.")
    each: str = Field(
        "", description="A slot above that holds a list: this one has a value for each of its."
    )
    more: Variants = Field(
        (), description="Words that ask for the next value of a list; `chosen` are those so far."
    )
    join: OneOrMany = Field(
        (), description="Types of which several in one message make one value: front+window."
    )
    words: dict[str, OneOrMany] = Field(
        {}, description="Value: words that mean it, wherever they are said (… stands for anything)."
    )
    known: str = Field(
        "", description="Expression for a list of values that are known by name and by sound."
    )
    if_yes: str = Field("", description="The value for a yes to the question.")
    if_no: str = Field("", description="The value for a no to the question.")
    bare: Bare | None = None
    called: OneOrMany = Field(
        (), description="What customers call it, so that 「换个座位」 asks for it again."
    )
    before: OneOrMany = Field(
        (), description="Words that stand before a value meant for this slot (从, 到)."
    )
    after: OneOrMany = Field(
        (), description="Words that stand after a value meant for this slot (出发)."
    )

    @property
    def is_list(self) -> bool:
        """Whether it holds several values."""
        return self.many or bool(self.each)


class Does(_Data):
    """An effect that is done as soon as the slots above are settled, without being confirmed.

    Only for what costs nobody anything: sending a code, holding a seat.
    """

    effect: str = Field(description="Name of an effect.")
    arguments: dict[str, str] = Field({}, alias="with", description="Argument: expression.")
    refused: Refusals = {}
    value: str = Field(description="Column of its result that becomes the value.")


class Handover(_Data):
    """Another script that runs when this slot's turn comes, where its `when` is true."""

    start: str = Field(description="The intent of the other script.")
    say: str = Field("", description="Words before it.")
    instead: bool = Field(False, description="It takes the place of this task.")
    otherwise: str = Field(
        "", description="Words that end this task when `when` is still true afterwards."
    )


class Awaits(_Data):
    """A slot that the company fills, some time later."""

    notice: str = Field(description="Name of the notice that fills it.")
    when: str = Field(
        "", description="Expression over its facts and the slots: is this task meant?"
    )
    value: str = Field(description="The fact that becomes the value; all of them are columns.")


class Notice(_Data):
    """What is said when the company has something to tell; its facts are names."""

    say: str = Field(description="Words; the facts are names in them.")
    link: str = Field("", description="Words that make a link.")


class Http(_Data):
    """A call of the company's own system over HTTP; `docs/backends.md` has the wire format."""

    url: str
    timeout: float = Field(3.0, gt=0, le=30, description="Seconds for one try.")
    retries: int = Field(2, ge=0, le=5, description="Further tries after the first.")
    secret: str = Field(description="Name of the secret that signs the request.")


class FaqOf(_Data):
    """Questions that are answered from files of entries: what is said is the question."""

    entries: OneOrMany = Field(description="Files of entries, or folders of them; from here.")
    ask: str = Field(description="Words when nothing was asked yet.")
    bare: OneOrMany = Field((), description="Words that ask nothing yet: 咨询, 请问.")
    unsure: str = Field(description="Words above the nearest questions, when none is near enough.")
    none: str = Field(description="Words when no question comes near.")
    floor: float = Field(0.18, ge=0, le=1, description="An entry that fits less well is no answer.")
    lead: float = Field(
        0.04, ge=0, le=1, description="How much better than the next one an answer must fit."
    )
    near: int = Field(3, ge=1, le=6, description="How many near questions are offered.")


class Action(_Data):
    """An effect of the business, or one on the company's own system, with its arguments."""

    effect: str = ""
    http: Http | None = None
    arguments: dict[str, str] = Field({}, alias="with")

    @property
    def changes_something(self) -> bool:
        """Whether there is an effect, which needs a confirmation."""
        return bool(self.effect or self.http)


class Outcome(Refusal):
    """What is said and done when an effect that was under way has come out one way."""

    done: bool = Field(False, description="It is done: the task ends well.")
    picture: PictureOf | None = None


class Stop(Action):
    """How an effect that is under way is stopped: never without asking first."""

    ask: str = Field(description="Words that ask whether to stop it.")
    say: str = Field(description="Words once it is stopped.")
    recheck: OneOrMany = Field(
        (), description="Slots to look up again when the customer goes on with another value."
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Stop:
        if bool(self.effect) == bool(self.http):
            raise ValueError("needs one of effect and http")
        return self


class Later(_Data):
    """An effect that only begins something, such as an order that is paid on another page.

    The task waits until the business says how it came out. `result` is what the effect gave, `row`
    the row of the query.
    """

    notice: str = Field(description="Name of the notice that says that there is news.")
    query: str = Field(description="The query that says how it stands.")
    arguments: dict[str, str] = Field({}, alias="with")
    status: str = Field("row.status", description="Expression for the name of how it stands.")
    waiting: Variants = Field(description="Words while it is none of the outcomes.")
    said: OneOrMany = Field(
        (), description="Words with which customers say that it has happened (付好了)."
    )
    stop: Stop | None = Field(None, description="How it is stopped; it cannot be without this.")
    outcomes: Annotated[
        dict[str, Outcome],
        Field(description="How it may come out, by status.", min_length=1),
    ]


class Closing(Action):
    """How a task ends: a query answered or an effect performed, and the words for its result.

    ``query`` gives ``rows`` and ``row`` (the first); ``effect`` and ``http`` give ``result``;
    ``faq`` gives ``row``, the entry.
    """

    query: str = ""
    faq: FaqOf | None = None
    page: int = Field(0, ge=0, description="Rows shown at once; the rest is shown on 还有吗.")
    gives: dict[str, str] = Field(
        {}, description="What 刚才那个 and `carried` mean afterwards: name: expression."
    )
    say: str
    picture: PictureOf | None = None
    link: str = Field(
        "", description="Words that make a link; one that begins with / leads to this provider."
    )
    refused: Refusals = {}
    later: Later | None = Field(None, description="The effect only begins: what comes of it.")

    @model_validator(mode="after")
    def _does_one_thing(self) -> Closing:
        if sum(map(bool, (self.query, self.effect, self.http, self.faq))) > 1:
            raise ValueError("has more than one of query, effect, http and faq")
        if self.later and not self.changes_something:
            raise ValueError("`later` needs an effect that begins something")
        return self


class Script(_Data):
    """One business: what it needs, what it confirms, what it does and what it answers."""

    intent: str
    title: str = Field(description="The name of the business in menus: 值机, 充值.")
    example: str = Field(description="A sentence a customer could say to start it.")
    menu: bool = Field(True, description="Whether menus and help show it.")
    opening: str = Field("", description="Words said once when the task starts.")
    queries: dict[str, Http] = Field(
        {}, description="Queries that the company's own system answers over HTTP, by name."
    )
    within: OneOrMany = Field(
        (), description="Intents whose words this business is asked for in, where a cue is said."
    )
    cues: OneOrMany = Field((), description="With `within`: the cues; … stands for anything.")
    aside: bool = Field(
        False, description="With `within`: begins even while that other business is running."
    )
    slots: dict[str, Slot] = {}
    confirm: Variants = Field((), description="Words that read back everything before the effect.")
    confirmed_by: str = Field(
        "", description="In place of `confirm`: the slot whose answer is consent, as a code is."
    )
    takes: OneOrMany = Field(
        (), description="Slots whose values it takes along from the task that it interrupts."
    )
    consent: OneOrMany = Field((), description="Further words of consent to the confirmation: 换.")
    vague: OneOrMany = Field(
        (), description="Words that at the confirmation may be a yes or a no: it is asked again."
    )
    yes_label: str = Field("", description="On the button for yes, in place of 确认.")
    no_label: str = Field("", description="On the button for no, in place of 取消.")
    answer: Closing
    again: OneOrMany | None = Field(
        None,
        description="Slots that a follow-up keeps. Default: all of a query; else those given.",
    )
    notices: dict[
        str, Annotated[Notice, BeforeValidator(_only_words, json_schema_input_type=str | Notice)]
    ] = Field({}, description="What is said about what happens at the company, by name.")
    version: SkipJsonSchema[str] = Field("", description="Set by the loader: the file's hash.")

    def query_of(self, name: str) -> str | Http:
        """Where a query is asked: the script's own over HTTP, else the business under its name."""
        return self.queries.get(name, name)

    @model_validator(mode="after")
    def _effects_are_confirmed(self) -> Script:
        if self.answer.changes_something and not (self.confirm or self.confirmed_by):
            raise ValueError("an effect needs `confirm`: what is read back before it happens")
        return self
