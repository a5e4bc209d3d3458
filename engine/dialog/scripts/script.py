"""A dialog script: the typed form of one YAML file in `dialogs/`.

Three kinds of text stand in a script. *Words* are said to the customer and may hold ``{{ … }}``.
*Expressions* (``when``, ``default``, ``with``, ``offer``, ``model``) are bare Jinja expressions
over the same names. *Names* point at slots, queries and effects. `docs/scripts.md` teaches it all.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from engine.dialog.scripts.closing import Closing, Does
from engine.dialog.scripts.parts import (
    Awaits,
    Bare,
    Check,
    Choice,
    Flag,
    Handover,
    Http,
    Meaning,
    Notice,
    OneOrMany,
    Options,
    Part,
    PictureOf,
    Resolve,
    Variants,
    choices_of,
    only_words,
)
from engine.dialog.wording import words
from engine.dialog.wording.lexicon import lexicon
from engine.dialog.wording.others import tells_of_another
from engine.nlu.grammar.fold import fold

#: The verb of the question below a read-back: 预约 of 「…，预约吗？」. What may be a no is none.
_VERBS = frozenset("报订约买租退换改办交缴充领寄投购续签送装出下配存挂修洗借搬拍测选派补转提")
_ASKED = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:确定|现在)?(?![取不别停])([\u4e00-\u9fff]{1,3})吗[？?]?\s*$"
)


#: Characters of a deed that is no more than one: 退票 is a name as well.
_DEED = 2


class Slot(Part):
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
    noted: str = Field(
        "",
        description="Words for a value (`said`) that nobody asked for: 充 … 元 of 好的，充 … 元。",
    )
    when: str = Field("", description="Expression: the slot matters only where this is true.")
    keep: Flag = Field(
        False, description="When what it depends on changes: check it again, do not ask again."
    )
    default: str = Field("", description="Expression for a value that need not be asked.")
    unless: OneOrMany = Field(
        (), description="Words that began the task with which `default` does not count: 给别人."
    )
    own: Flag = Field(
        False,
        description="`default` is the customer's own: it does not count for somebody else, 给李四.",
    )
    nearest: Flag = Field(
        False, description="A day said without its month or year is the nearest one, past or not."
    )
    skip: str = Field("", description="Value when the customer says 随便 or 跳过.")
    choices: Annotated[
        tuple[Choice, ...],
        BeforeValidator(choices_of, json_schema_input_type=tuple[Choice | str | int | float, ...]),
    ] = Field((), description="Fixed choices shown as buttons.")
    means: tuple[Meaning, ...] = Field((), description="Words that stand for a value of it.")
    options: Options | None = None
    resolve: Resolve | None = None
    does: Does | None = Field(None, description="An effect that fills it.")
    task: Handover | None = Field(None, description="A script that runs in between.")
    awaits: Awaits | None = Field(None, description="What the company fills it with, later.")
    check: tuple[Check, ...] = Field((), description="Rules tried once the slot is filled.")
    picture: PictureOf | None = Field(None, description="A picture shown with the question.")
    many: Flag = Field(False, description="The slot holds a list: 张三和李四.")
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
    pronouns: dict[str, OneOrMany] = Field(
        {},
        description="Value of a list: words that only say whose a value of `each` is: 我.",
    )
    meant_by: OneOrMany = Field(
        (),
        description="Words that leave somebody out elsewhere and here say who is meant: 不去.",
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

    def label_of(self, value: object) -> str:
        """What customers see of one of its fixed choices; nothing of another value."""
        return next((choice.label for choice in self.choices if choice.value == value), "")

    def is_for_another(self, text: str, *, name: str = "", pronouns: bool = True) -> bool:
        """Whether its default does not count, for words say so; ``name`` is the customer's."""
        if self.own and tells_of_another(text, own=name, pronouns=pronouns):
            return True
        return any(word in text or word in fold(text) for word in self.unless)

    @property
    def finds_others(self) -> bool:
        """Whether what is looked up for it can be another than what was declined."""
        asked = self.resolve.arguments.values() if self.resolve else ()
        return any("declined" in words.names_in(each, expression=True) for each in asked)

    @property
    def is_list(self) -> bool:
        """Whether it holds several values."""
        return self.many or bool(self.each)


class Script(Part):
    """One business: what it needs, what it confirms, what it does and what it answers."""

    intent: str
    title: str = Field(description="The name of the business in menus: 值机, 充值.")
    example: str = Field(description="A sentence a customer could say to start it.")
    menu: Flag = Field(True, description="Whether menus and help show it.")
    opening: str = Field("", description="Words said once when the task starts.")
    queries: dict[str, Http] = Field(
        {}, description="Queries that the company's own system answers over HTTP, by name."
    )
    within: OneOrMany = Field(
        (), description="Intents whose words this business is asked for in, where a cue is said."
    )
    cues: OneOrMany = Field((), description="With `within`: the cues; … stands for anything.")
    beyond: OneOrMany = Field(
        (), description="Words of what it does not do, however alike: 电费 is no top-up of a phone."
    )
    aside: Flag = Field(
        False, description="With `within`: begins even while that other business is running."
    )
    slots: dict[str, Slot] = Field({})
    confirm: Variants = Field((), description="Words that read back everything before the effect.")
    confirmed_by: str = Field(
        "", description="In place of `confirm`: the slot whose answer is consent, as a code is."
    )
    takes: OneOrMany = Field(
        (), description="Slots whose values it takes along from the task that it interrupts."
    )
    shares: dict[str, str] = Field(
        {},
        description="What `carried` means in a business begun in the middle: name: expression.",
    )
    consent: OneOrMany = Field((), description="Further words of consent to the confirmation: 换.")
    verbs: OneOrMany = Field(
        (), description="Words of its deed: who says one of them says no yes to another business."
    )
    dissent: OneOrMany = Field(
        (), description="Words by which all stays as it is: 保留 where a cancelling is asked for."
    )
    vague: OneOrMany = Field(
        (),
        description="Words that at the confirmation may be a yes or a no: it is asked again. "
        "Default: 取消 where the title begins with it.",
    )
    yes_label: str = Field("", description="On the button for yes, in place of 确认.")
    no_label: str = Field("", description="On the button for no, in place of 取消.")
    answer: Closing
    undo: str = Field(
        "", description="The business that undoes it, begun by 「刚才那个取消」 once it is over."
    )
    again: OneOrMany | None = Field(
        None,
        description="Slots that a follow-up keeps. Default: all of a query; else those given.",
    )
    notices: dict[
        str, Annotated[Notice, BeforeValidator(only_words, json_schema_input_type=str | Notice)]
    ] = Field({}, description="What is said about what happens at the company, by name.")
    version: SkipJsonSchema[str] = Field("", description="Set by the loader: the file's hash.")

    @property
    def agreed(self) -> tuple[str, ...]:
        """Words of consent of its own: those that are declared, on its button, and asked with.

        「买吗？」 is answered with 「买」. What is vague stays so.
        """
        asked = [found[1] for text in self.confirm if (found := _ASKED.search(text))]
        asked += [verb.removeprefix("预") for verb in asked if len(verb) > 1]
        # 「报吧」 to 「报名吗」: a verb of two characters is known by the first.
        asked += [verb[0] for verb in asked if len(verb) > 1 and verb[0] in _VERBS]
        # 「退吧」 to the read-back of 退出志愿活动: the title says what is done.
        undoes = next(filter(self.title.startswith, lexicon().taking_back.titles), "")
        asked += [undoes, self.title[:2]] if undoes and len(self.title) > _DEED else []
        told = [word for word in (self.yes_label, *asked) if word and word not in self.vague]
        return tuple(dict.fromkeys((*self.consent, *told)))

    @property
    def effects_elsewhere(self) -> tuple[Http, ...]:
        """The effects on the company's own system: that of the answer, and that which stops it."""
        stop = self.answer.later.stop if self.answer.later else None
        does = (slot.does.http for slot in self.slots.values() if slot.does)
        return tuple(filter(None, (self.answer.http, stop.http if stop else None, *does)))

    def query_of(self, name: str) -> str | Http:
        """Where a query is asked: the script's own over HTTP, else the business under its name."""
        return self.queries.get(name, name)

    @model_validator(mode="before")
    @classmethod
    def _cancelling_is_vague(cls, told: Any) -> Any:
        """「取消」 at 「取消吗」 calls nothing off, whoever forgot to say so."""
        title = str(told.get("title", "")) if isinstance(told, dict) else ""
        word = next(filter(title.startswith, lexicon().taking_back.vague), "")
        return {"vague": word, **told} if word else told

    @model_validator(mode="after")
    def _effects_are_confirmed(self) -> Script:
        if self.answer.changes_something and not (self.confirm or self.confirmed_by):
            raise ValueError("an effect needs `confirm`: what is read back before it happens")
        return self
