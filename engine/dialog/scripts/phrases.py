"""What the dialog says on its own account, apart from any business: `dialogs/phrases.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.dialog.scripts.parts import OneOrMany, Variants

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Floors(BaseModel):
    """Chances, 0 to 1, that what was heard is right, below which it is not acted on.

    ``unclear``: whatever it is; ``value``: a number is read back; ``yes``: a yes to an effect is
    asked for again. ``platform`` is what the platform's own hearing is taken for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unclear: float = Field(ge=0, le=1)
    value: float = Field(ge=0, le=1)
    yes: float = Field(ge=0, le=1)
    platform: float = Field(ge=0, le=1)


class NumberPart(BaseModel):
    """So many digits of a number, as people call them: 后四位, and ``also`` 尾号."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    digits: int = Field(gt=0)
    also: OneOrMany = ()


class VoiceWords(BaseModel):
    """What is said about voice messages. ``kinds`` names the entities that are read back.

    ``parts`` are those of their numbers, in order; ``read_back_part`` tells which one is in doubt,
    ``part`` asks for it, ``put_together`` says the number back with it;
    ``part_fillers`` may stand beside the digits of one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    heard: str
    unclear: str
    read_back: str
    read_back_part: str = "请核对：{{ number }}，{{ part }}没有听清，对吗？"
    part: str = "{{ number }}：请再说一遍{{ part }}。"
    put_together: str = "好的，{{ values }}。"
    say_again: str
    unsure_yes: str
    right: str
    wrong: str
    floors: Floors
    kinds: dict[str, str]
    parts: dict[str, tuple[NumberPart, ...]] = {}
    part_fillers: OneOrMany = ()
    troubles: dict[str, str]


class Idle(BaseModel):
    """What becomes of a task whose customer says nothing: minutes since their last message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remind_after: float = Field(gt=0)
    expire_after: float = Field(gt=0)
    remind: str
    expired: str


class DeskWords(BaseModel):
    """What is said about people of the company, and when they are there.

    ``opens`` and ``closes`` are times of day ("08:00", "24:00"); equal: nobody ever is. After
    ``patience`` minutes in the queue the customer is told that it takes long. ``asked_cues``,
    ``upset_cues`` and ``annoyed_cues`` are not said: words that ask for a person, that are abuse or
    a complaint, and that show annoyance; ``not_cues`` before a word of the first, and
    ``not_after_cues`` after it, take it back. ``leave_cues`` end the waiting,
    while there is one ``give_up_cues`` as well. ``acts`` names the
    dialog acts for the desk's page.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: Clock
    closes: Clock
    patience: int = Field(gt=0)
    waiting: str
    closed: str
    sorry: str
    failed: str
    offer: str
    slow: str
    taken: str
    returned: str
    left: str
    leave: str
    asked_cues: OneOrMany
    not_cues: OneOrMany
    not_after_cues: OneOrMany
    upset_cues: OneOrMany
    annoyed_cues: OneOrMany
    give_up_cues: OneOrMany = ()
    leave_cues: OneOrMany
    acts: dict[str, str]


class Phrases(BaseModel):
    """Words for every situation that no script owns. `docs/scripts.md` says when each is used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    welcome: str
    greet: str
    menu: str
    help_idle: str
    help_task: str
    help_confirm: str
    why_unknown: str
    thanks: str
    goodbye: str
    chitchat: str
    anything_else: str
    later: str
    next: str
    still: str
    beyond: str
    no_more: str
    out_of_scope: Variants
    clarify: str
    not_open: str
    silence: str
    unreadable: str
    nothing_to_repeat: str
    nothing_running: str
    already_done: str
    once_more: str
    cancelled: str
    restarted: str
    resumed: str
    renewed: str
    withdrawn: str
    skipped_nothing: str
    back_at_start: str
    denied: str
    doubted: str
    noted: str
    told: dict[str, str] = {}
    choose: str
    none_fits: str = "没有这样的。"
    missed: Variants
    gave_up: str
    in_flight: str
    unavailable: str
    unavailable_answer: str
    refused: str
    too_deep: str
    too_many: str
    which_slot: str
    everything: str
    yes: str
    no: str
    go_on: str
    handoff_button: str
    cancel_button: str
    problems: dict[str, str]
    why_cues: OneOrMany
    correction_cues: OneOrMany
    yes_cues: OneOrMany
    yes_fillers: OneOrMany
    sure_cues: OneOrMany
    naming_cues: OneOrMany
    firm_cues: OneOrMany = ("确认", "确定", "继续")
    clarifying_cues: OneOrMany = ("我是说", "我说的是", "我指的是", "我的意思是")
    contrary_cues: OneOrMany
    doubt_cues: OneOrMany
    question_cues: OneOrMany
    stop_cues: OneOrMany
    another_cues: OneOrMany = ("换一个", "换个", "另一个", "另外一个", "换别的", "不要这个")
    another_time_cues: OneOrMany = ("改天", "过两天", "下次再")
    also_cues: OneOrMany = ("也给", "再给", "顺便")
    all_cues: OneOrMany
    add_cues: OneOrMany
    drop_cues: OneOrMany
    enough_cues: OneOrMany
    then_cues: OneOrMany
    and_cues: OneOrMany
    instead_cues: OneOrMany
    rather_cues: OneOrMany = ("算了", "不对", "不是", "错了")
    whether_cues: OneOrMany = ("好了吗", "好了没", "成了吗", "成功了吗")
    about_it_cues: OneOrMany = ("多少", "哪个", "谁", "什么", "吗")
    unchanged_cues: OneOrMany = ("不变", "照旧")
    again_cues: OneOrMany
    after_all_cues: OneOrMany = ("还是", "反悔", "改主意")
    as_before_cues: OneOrMany
    undo_cues: OneOrMany = ("取消", "撤")
    put_off: str = "好的。"
    put_off_cues: OneOrMany = ()
    ask_first_cues: OneOrMany = ()
    take_note_cues: OneOrMany = ()
    other_cues: OneOrMany = ()
    only_cues: OneOrMany = ()
    command_cues: dict[str, OneOrMany] = {}
    more_cues: OneOrMany
    follow_cues: OneOrMany
    follow_fillers: OneOrMany
    anaphora_cues: OneOrMany
    own_cues: OneOrMany
    dayparts: dict[str, tuple[int, int]]
    idle: Idle
    desk: DeskWords
    voice: VoiceWords
