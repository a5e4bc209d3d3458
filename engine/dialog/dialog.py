"""Deciding a turn: the session and an utterance in, replies and a changed session out."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import msgspec

from engine.dialog.acts import progress
from engine.dialog.moment.moment import Moment
from engine.dialog.moment.voice import Voice, shown
from engine.dialog.rules.noticing import next_due
from engine.dialog.rules.policy import RULES
from engine.dialog.scripts.loading import Scripts
from engine.dialog.state.session import Session, Task
from engine.dialog.state.step import Acts
from engine.dialog.state.trace import Trace, values_of
from engine.dialog.state.versions import catch_up
from engine.dialog.wording import words
from engine.message import Inbound, Reply
from engine.nlu.parse import Intent, Parse


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said, and what happened for those who look on.

    ``heard`` is what was heard in a voice message, as the customer is shown it. ``is_aside``: it
    leaves the conversation where it was.
    """

    replies: tuple[Reply, ...]
    trace: Trace
    heard: str = ""
    is_aside: bool = False


async def decide(
    scripts: Scripts,
    session: Session,
    inbound: Inbound,
    parse: Parse,
    acts: Acts,
    voice: Voice | None = None,
    parts: tuple[Parse, ...] = (),
    *,
    elsewhere: bool = False,
) -> Decision:
    """Decide one turn by the first rule that answers; the session is changed in place.

    ``parse`` is of what was typed, or heard in the ``voice`` message; ``parts`` are its wishes,
    where there are several. ``elsewhere``: people of the company answer at the platform's own desk.
    """
    session.changes += catch_up(session, scripts)
    parse, member = _called_by_name(parse, scripts), await acts.member()
    moment = Moment(session, inbound, parse, scripts, acts, member, voice, elsewhere, parts=parts)
    if not inbound.kind.is_own:
        moment.inquiring, session.inquiring = session.inquiring, ""
        moment.consulted, session.consulted = session.consulted, ""
    stood, active = progress.standing(session), session.task
    before = {task.id: values_of(task) for task in session.tasks}
    replies = progress.note(moment, stood, await _answer(moment))
    if not inbound.kind.is_own:
        session.heard_at, session.reminded = acts.now, False
    session.due = next_due(moment)
    _trace(moment, before, active)
    heard = shown(parse.text, parse.entities) if voice else ""
    said = tuple(_with_heard(replies, heard, scripts))
    return Decision(said, moment.trace, heard, moment.is_aside)


def _called_by_name(parse: Parse, scripts: Scripts) -> Parse:
    """Whatever was trained: a new business is understood by its name at once."""
    script = scripts.called(parse.text.strip())
    if script is None:
        return parse
    sure = Intent(script.intent, 1.0)
    return dataclasses.replace(parse, intent=sure, ranking=(sure,))


async def _answer(moment: Moment) -> list[Reply]:
    """What the first rule says that answers."""
    for rule in RULES:
        answer = await rule(moment)
        if answer is not None:
            moment.trace.rule = rule.__name__
            said = [Reply(text=moment.preface), *answer] if moment.preface else answer
            return joined(_after_changes(moment, said))
    return []


def _trace(moment: Moment, before: dict[str, dict[str, str]], active: Task | None) -> None:
    """Note what the turn came to, for those who look on."""
    trace, session = moment.trace, moment.session
    trace.intent, trace.confidence = moment.intent, moment.parse.intent.confidence
    if moment.task and not trace.task:
        moment.record(moment.task.asking)
    trace.changed = _changed(before, active, session.task)
    trace.offers = [offer.value for offer in session.offers]


def _changed(before: dict[str, dict[str, str]], *tasks: Task | None) -> list[str]:
    """The slots of the tasks of a turn that are not as they were."""
    changed = {
        name
        for task in tasks
        if task is not None
        for name, _ in before.get(task.id, {}).items() ^ values_of(task).items()
    }
    return sorted(changed)


def _with_heard(replies: list[Reply], heard: str, scripts: Scripts) -> list[Reply]:
    """The first reply says what was heard, so that the customer sees what it answers."""
    if not heard or not replies:
        return replies
    line = words.say(scripts.phrases.voice.heard, {"heard": heard})
    return [msgspec.structs.replace(replies[0], heard=line), *replies[1:]]


def _after_changes(moment: Moment, replies: list[Reply]) -> list[Reply]:
    """What became of tasks whose script is gone is said first, but not beside the conversation."""
    if moment.is_aside or not replies:
        return replies
    lines, moment.session.changes = moment.session.changes, []
    return [*(Reply(text=line) for line in lines), *replies]


def joined(replies: list[Reply]) -> list[Reply]:
    """Lines that carry nothing but words are said in one message with what follows them."""
    result: list[Reply] = []
    for reply in replies:
        last = result[-1] if result else None
        if last and not (last.buttons or last.picture or last.link):
            result[-1] = msgspec.structs.replace(reply, text=f"{last.text}\n{reply.text}")
        else:
            result.append(reply)
    return result
