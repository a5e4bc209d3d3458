"""What is remembered of one customer's conversation between two turns."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from engine.message import Reply
from engine.nlu.parse import Parse

#: What a task asks for when every slot is settled and the effect waits for a yes.
CONFIRM = "confirm"
#: What it asks for while its effect is under way, and while the customer is asked whether to stop.
OUTCOME, STOP = "outcome", "stop"


#: The value of a slot, or the values of one that holds a list.
Value = str | list[str]


def each_of(value: Value | None) -> list[str]:
    """The values of a slot one by one, whether it holds one, several or none."""
    return [value] if isinstance(value, str) else value or []


class Filled(msgspec.Struct):
    """What is known of a slot.

    ``said`` is the normalised value from the customer or the profile; ``value`` is set once the
    business has accepted it, with the ``row`` that it stands for. In a slot that holds a list
    they are lists, with ``rows``; ``enough``: the customer has no more to add to it.
    """

    said: Value = ""
    value: Value | None = None
    row: dict[str, Any] | None = None
    rows: list[dict[str, Any]] = []
    enough: bool = False


class Task(msgspec.Struct):
    """A running script. ``id`` is unique; with ``commits`` it makes an effect's idempotency key.

    ``version`` is that of the script it began with. ``given`` are the slots that the customer
    filled, ``page`` is which part of a long answer is shown.
    ``opener`` is what began it: names in it are known only later, when there are rows; ``heard``
    are the last messages that said something for it, for the same reason.

    ``under_way`` is what an effect gave that only begins something and waits for its outcome;
    ``stopping``: the customer was asked whether to stop it, perhaps with a ``wish``: the values to
    go on with then.

    ``in_flight`` is when an effect on an outside system set out, for the message ``in_flight_by``.
    ``stalled``: the company's system did not answer, and the next word of the customer asks again.
    ``declined`` are the values that the customer did not want, by slot: 「换一个靠窗的」.
    ``corrected`` are the slots whose settled value the customer has changed since, ``before`` what
    was said for those of the last change. ``aside`` is what each of a list had, by its value, while
    the list changes.
    ``put_off``: the answer was put off, and the read-back was not shown again since.
    ``turns`` counts its turns, ``stuck`` the last of them that brought it no further.
    """

    id: str
    intent: str
    version: str = ""
    slots: dict[str, Filled] = {}
    asking: str = ""
    tries: int = 0
    denied: bool = False
    put_off: bool = False
    asked: list[str] = []
    opener: str = ""
    heard: list[str] = []
    commits: int = 0
    given: list[str] = []
    page: int = 0
    in_flight: datetime | None = None
    in_flight_by: str = ""
    turns: int = 0
    stuck: int = 0
    under_way: dict[str, Any] | None = None
    stopping: dict[str, dict[str, Value]] | None = None
    stalled: bool = False
    corrected: list[str] = []
    before: dict[str, Value] = {}
    refused: dict[str, Value] = {}
    aside: dict[str, dict[str, str]] = {}
    declined: dict[str, list[str]] = {}
    left: dict[str, Filled] = {}

    @property
    def key(self) -> str:
        """The idempotency key of the effect that the task is about to perform."""
        return f"{self.id}.{self.commits}"

    @property
    def readback(self) -> str:
        """What a tapped yes is meant for: this task with the values that were read back."""
        values = {name: filled.value for name, filled in self.slots.items()}
        digest = hashlib.sha256(msgspec.json.encode(values, order="sorted")).hexdigest()
        return f"{self.key}.{digest[:8]}"


class Offer(msgspec.Struct, frozen=True):
    """One choice on the table: the slot (empty: an intent) and the value that it stands for.

    ``carry`` is what an intent takes along into its task, by slot.
    """

    slot: str
    value: str
    label: str
    row: dict[str, Any] | None = None
    carry: dict[str, Value] = {}

    @property
    def payload(self) -> str:
        """What a button for this offer sends."""
        return f"{self.slot}={self.value}" if self.slot else f"/{self.value}"


class Done(msgspec.Struct, frozen=True):
    """A task that is over, for 'that is already done' and for what follows on it.

    ``slots`` is what was said for those that a follow-up keeps, ``gives`` what 「刚才那个」 may
    mean, ``left`` how many rows the answer did not show, and ``rows`` those that it did, where one
    of them may be asked for. ``dropped``: it was called off.
    """

    intent: str
    title: str
    changed: bool
    at: datetime
    slots: dict[str, Value] = {}
    gives: dict[str, str] = {}
    page: int = 0
    left: int = 0
    dropped: bool = False
    rows: list[dict[str, Any]] = []


class Person(msgspec.Struct):
    """A person of the company who is wanted, or has the conversation.

    ``reason`` is why (`asked`, `upset`, `failed`), ``clerk`` who has taken it, if anybody.
    ``silent`` says whether the engine keeps quiet; it does not where the desk was closed and the
    customer only left a message. ``told`` says that the long wait has been spoken of. ``name`` is
    the customer's, where the company knows them.
    """

    reason: str
    since: datetime
    clerk: str = ""
    silent: bool = True
    told: bool = False
    name: str = ""


class Gap(msgspec.Struct, frozen=True):
    """The part of a spoken number that was not heard surely: its digits ``[begin:end]``.

    ``kind`` is the entity's type, ``start`` where it stands in the text that waits. ``denied``: the
    customer has said that it is wrong.
    """

    kind: str
    start: int
    begin: int
    end: int
    denied: bool = False


class Session(msgspec.Struct):
    """One customer's conversation with one account. The last of ``tasks`` is the active one.

    ``wondering`` keeps the utterance whose intent the customer is asked to choose,
    ``doubt`` a spoken one whose numbers were read back and wait for a yes, or for the digits of
    its ``gap``. ``heard_at`` is when the
    customer last said something, ``reminded`` whether they were asked since if they go on, and
    ``due`` when the conversation goes on by itself. ``changes`` are lines that have still to tell
    what became of tasks whose script is gone. ``misses`` counts the messages in a row that were not
    understood; ``annoyed``: the customer has shown anger already. ``inquiring`` is the business
    that has just asked for a question, so that whatever comes next is one, ``consulted`` the one
    that has just answered one. ``past`` holds the last
    tasks that were finished, one of each business, ``later`` the wishes that wait for the tasks to
    end.
    """

    tasks: list[Task] = []
    offers: list[Offer] = []
    wondering: Parse | None = None
    doubt: Parse | None = None
    gap: Gap | None = None
    last: list[Reply] = []
    done: Done | None = None
    heard_at: datetime | None = None
    reminded: bool = False
    due: datetime | None = None
    changes: list[str] = []
    person: Person | None = None
    misses: int = 0
    annoyed: bool = False
    inquiring: str = ""
    consulted: str = ""
    past: list[Done] = []
    later: list[Parse] = []

    @property
    def task(self) -> Task | None:
        """The active task."""
        return self.tasks[-1] if self.tasks else None


def encode(session: Session) -> bytes:
    """The bytes that are kept."""
    return msgspec.json.encode(session)


def decode(state: bytes | None) -> Session:
    """The session of kept bytes; a new one of None."""
    return msgspec.json.decode(state, type=Session) if state else Session()
