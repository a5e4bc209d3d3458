"""Whether a task gets on; where it does not, a person is offered."""

from __future__ import annotations

from engine.dialog.acts.handing import with_offer
from engine.dialog.moment.moment import Moment
from engine.dialog.state.session import Session, Value
from engine.message import Reply

#: Turns in a row that bring a task no further, and turns of one task in all, after which a person
#: is offered; then again after as many.
_STUCK, _LONG = 3, 8

#: Repairs that are no try: said again, or read back because it was heard badly.
_NO_MOVE = frozenset({"repeat", "read_back"})

Standing = tuple[str, str, tuple[tuple[str, Value | None, Value], ...]]


def standing(session: Session) -> Standing | None:
    """Where the active task stands: its id, its question, its values."""
    task = session.task
    if task is None:
        return None
    values = sorted((name, slot.value, slot.said) for name, slot in task.slots.items())
    return task.id, task.asking, tuple(values)


def note(moment: Moment, before: Standing | None, replies: list[Reply]) -> list[Reply]:
    """Count this turn, and give the replies, with an offer where the count says so."""
    session, task = moment.session, moment.session.task
    if moment.inbound.kind.is_own or (session.person and session.person.silent):
        return replies
    if moment.trace.rule != "miss":
        session.misses = 0
    if task is None or moment.trace.repair in _NO_MOVE:
        return replies
    after = standing(session)
    task.turns += 1
    task.stuck = task.stuck + 1 if after == before else 0
    is_due = (task.stuck and task.stuck % _STUCK == 0) or task.turns % _LONG == 0
    return with_offer(moment, replies) if is_due else replies
