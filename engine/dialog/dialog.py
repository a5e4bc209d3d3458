"""Deciding a turn: the session and an utterance in, replies and a changed session out."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from engine.dialog import words
from engine.dialog.loading import Scripts
from engine.dialog.moment import Moment, Trace
from engine.dialog.noticing import next_due
from engine.dialog.rules import RULES
from engine.dialog.session import Session
from engine.dialog.step import Acts
from engine.dialog.versions import catch_up
from engine.dialog.voice import Voice, shown
from engine.message import Inbound, Reply
from engine.nlu.parse import Parse


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
) -> Decision:
    """Decide one turn by the first rule that answers; the session is changed in place.

    ``parse`` is of what was typed, or heard in the ``voice`` message.
    """
    renewed = catch_up(session, scripts)
    moment = Moment(session, inbound, parse, scripts, acts, await acts.member(), voice)
    moment.renewed = bool(renewed)
    trace = moment.trace
    replies: list[Reply] = []
    for rule in RULES:
        answer = await rule(moment)
        if answer is not None:
            trace.rule, replies = rule.__name__, joined(_after(renewed, answer))
            break
    trace.intent, trace.confidence = moment.intent, moment.parse.intent.confidence
    if moment.task and not trace.task:
        moment.record(moment.task.asking)
    if not inbound.kind.is_own:
        session.heard_at, session.reminded = acts.now, False
    session.due = next_due(moment)
    trace.offers = [offer.value for offer in session.offers]
    heard = shown(parse.text, parse.entities) if voice else ""
    return Decision(tuple(_with_heard(replies, heard, scripts)), trace, heard, moment.is_aside)


def _with_heard(replies: list[Reply], heard: str, scripts: Scripts) -> list[Reply]:
    """The first reply says what was heard, so that the customer sees what it answers."""
    if not heard or not replies:
        return replies
    line = words.say(scripts.phrases.voice.heard, {"heard": heard})
    return [msgspec.structs.replace(replies[0], heard=line), *replies[1:]]


def _after(lines: list[str], replies: list[Reply]) -> list[Reply]:
    return [Reply(text="\n".join(lines)), *replies] if lines and replies else replies


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
