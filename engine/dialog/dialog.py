"""Deciding a turn: the session and an utterance in, replies and a changed session out."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from engine.dialog.loading import Scripts
from engine.dialog.moment import Moment, Trace
from engine.dialog.rules import RULES
from engine.dialog.session import Session
from engine.dialog.step import Acts
from engine.message import Inbound, Reply
from engine.nlu.parse import Parse


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said, and what happened for those who look on."""

    replies: tuple[Reply, ...]
    trace: Trace


async def decide(
    scripts: Scripts, session: Session, inbound: Inbound, parse: Parse, acts: Acts
) -> Decision:
    """Decide one turn by the first rule that answers; the session is changed in place."""
    # A script may have been taken out of use while a customer was in the middle of it.
    session.tasks = [task for task in session.tasks if scripts.get(task.intent)]
    moment = Moment(session, inbound, parse, scripts, acts, await acts.member())
    trace = moment.trace
    replies: list[Reply] = []
    for rule in RULES:
        answer = await rule(moment)
        if answer is not None:
            trace.rule, replies = rule.__name__, joined(answer)
            break
    trace.intent, trace.confidence = moment.intent, moment.parse.intent.confidence
    if moment.task and not trace.task:
        moment.record(moment.task.asking)
    trace.offers = [offer.value for offer in session.offers]
    return Decision(tuple(replies), trace)


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
