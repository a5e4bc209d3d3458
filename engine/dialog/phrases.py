"""What the dialog says on its own account, apart from any business: `dialogs/phrases.yaml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from engine.dialog.script import OneOrMany, Variants


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


class VoiceWords(BaseModel):
    """What is said about voice messages. ``kinds`` names the entities that are read back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heard: str
    unclear: str
    read_back: str
    say_again: str
    unsure_yes: str
    right: str
    wrong: str
    floors: Floors
    kinds: dict[str, str]
    troubles: dict[str, str]


class Idle(BaseModel):
    """What becomes of a task whose customer says nothing: minutes since their last message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remind_after: float = Field(gt=0)
    expire_after: float = Field(gt=0)
    remind: str
    expired: str


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
    handoff: str
    anything_else: str
    out_of_scope: Variants
    clarify: str
    not_open: str
    silence: str
    unreadable: str
    nothing_to_repeat: str
    nothing_running: str
    already_done: str
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
    choose: str
    missed: Variants
    gave_up: str
    in_flight: str
    unavailable: str
    unavailable_answer: str
    refused: str
    too_deep: str
    yes: str
    no: str
    handoff_button: str
    cancel_button: str
    problems: dict[str, str]
    why_cues: OneOrMany
    correction_cues: OneOrMany
    yes_cues: OneOrMany
    yes_fillers: OneOrMany
    contrary_cues: OneOrMany
    doubt_cues: OneOrMany
    stop_cues: OneOrMany
    dayparts: dict[str, tuple[int, int]]
    idle: Idle
    voice: VoiceWords
