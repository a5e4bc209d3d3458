"""How a task ends: a query answered, an effect done or begun, a question with a written answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from engine.dialog.scripts.parts import (
    Count,
    Flag,
    Http,
    Notify,
    Number,
    OneOrMany,
    Part,
    PictureOf,
    Refusal,
    Refusals,
    Variants,
)


class FaqOf(Part):
    """Questions that are answered from files of entries: what is said is the question."""

    entries: OneOrMany = Field(description="Files of entries, or folders of them; from here.")
    ask: str = Field(description="Words when nothing was asked yet.")
    bare: OneOrMany = Field((), description="Words that ask nothing yet: 咨询, 请问.")
    unsure: str = Field(description="Words above the nearest questions, when none is near enough.")
    none: str = Field(description="Words when no question comes near.")
    floor: Number = Field(
        0.18, ge=0, le=1, description="An entry that fits less well is no answer."
    )
    lead: Number = Field(
        0.04, ge=0, le=1, description="How much better than the next one an answer must fit."
    )
    near: Count = Field(3, ge=1, le=6, description="How many near questions are offered.")


class Action(Part):
    """An effect of the business, or one on the company's own system, with its arguments."""

    effect: str = ""
    http: Http | None = None
    arguments: dict[str, str] = Field({}, alias="with")

    @property
    def changes_something(self) -> bool:
        """Whether there is an effect, which needs a confirmation."""
        return bool(self.effect or self.http)


class Does(Action):
    """An effect that is done as soon as the slots above are settled, without being confirmed.

    Only for what costs nobody anything: sending a code, holding a seat.
    """

    refused: Refusals = Field({})
    value: str = Field(description="Column of its result that becomes the value.")

    @model_validator(mode="after")
    def _does_one_thing(self) -> Does:
        if bool(self.effect) == bool(self.http):
            raise ValueError("needs one of effect and http")
        return self


class Outcome(Refusal):
    """What is said and done when an effect that was under way has come out one way."""

    done: Flag = Field(False, description="It is done: the task ends well.")
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


class Later(Part):
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
    page: Count = Field(0, ge=0, description="Rows shown at once; the rest is shown on 还有吗.")
    picks: OneOrMany = Field(
        (), description="Slots, columns of the rows, by which one of several rows is asked for."
    )
    gives: dict[str, str] = Field(
        {}, description="What 刚才那个 and `carried` mean afterwards: name: expression."
    )
    say: str
    picture: PictureOf | None = None
    link: str = Field(
        "", description="Words that make a link; one that begins with / leads to this provider."
    )
    refused: Refusals = Field({})
    later: Later | None = Field(None, description="The effect only begins: what comes of it.")

    notify: tuple[Notify, ...] = Field((), description="Notices that it leaves.")
    withdraw: dict[str, str] = Field(
        {}, description="Notice: expression for the `key` of one that is not told any more."
    )
    follow: dict[str, str] = Field(
        {}, description="Notice: expression for what the customer is told about from now on."
    )
    unfollow: dict[str, str] = Field(
        {}, description="Notice: expression for what the customer is told about no more."
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Closing:
        if sum(map(bool, (self.query, self.effect, self.http, self.faq))) > 1:
            raise ValueError("has more than one of query, effect, http and faq")
        if self.later and not self.changes_something:
            raise ValueError("`later` needs an effect that begins something")
        return self
