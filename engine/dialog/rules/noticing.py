"""What the company has to tell, and what the clock brings, as turns that nobody waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from engine.dialog.acts.acts import ACTS
from engine.dialog.moment.moment import Moment
from engine.dialog.rules import waiting
from engine.dialog.state.session import CONFIRM, Task
from engine.dialog.wording import words
from engine.message import Kind, Reply

log = structlog.get_logger(__name__)


async def notice(moment: Moment) -> list[Reply] | None:
    """Something happened at the company: say so, and go on with the task that waits for it."""
    if moment.inbound.kind is not Kind.NOTICE:
        return None
    name, facts = moment.inbound.event, moment.inbound.facts
    replies = await waiting.news(moment, name)
    if replies is not None:
        return replies
    script = moment.scripts.of_notice(name)
    if script is None:
        log.warning("no script has words for a notice", notice=name)
        return []
    told = script.notices[name]
    if found := _waiting(moment, name):
        task, slot = found
        moment.session.tasks.remove(task)
        moment.session.tasks.append(task)
        return await moment.receive(slot, told.say)
    moment.is_aside = True
    names = {"member": moment.member, "now": moment.acts.now, **facts}
    return [Reply(text=words.say(told.say, names), link=words.say(told.link, names))]


def _waiting(moment: Moment, name: str) -> tuple[Task, str] | None:
    """The newest task that waits for this very notice, with its slot."""
    for task in reversed(moment.session.tasks):
        for slot_name, slot in moment.script_of(task).slots.items():
            filled = task.slots.get(slot_name)
            is_open = slot_name in task.asked and (filled is None or filled.value is None)
            if slot.awaits and slot.awaits.notice == name and is_open:
                form = moment.form_of(task)
                if not slot.awaits.when or form.is_true(slot.awaits.when, moment.inbound.facts):
                    return task, slot_name
    return None


async def timer(moment: Moment) -> list[Reply] | None:
    """Nothing was said for a while: ask once whether to go on, and let go after long."""
    if moment.inbound.kind is not Kind.TIMER:
        return None
    session, idle = moment.session, moment.phrases.idle
    if session.task is None or session.heard_at is None or session.due is None:
        return []
    if session.task.in_flight:
        # An effect that was cut off is taken up again, as the next message would.
        return await moment.follow(await moment.form.commit())
    if moment.acts.now < session.due:
        return []
    if moment.acts.now >= session.heard_at + timedelta(minutes=idle.expire_after):
        idling = [task for task in session.tasks if task.under_way is None]
        titles = [moment.script_of(task).title for task in idling]
        session.tasks = [task for task in session.tasks if task.under_way is not None]
        session.offers, session.doubt, session.gap = [], None, None
        return [moment.say(idle.expired, title="、".join(reversed(titles)))]
    session.reminded = True
    return await moment.again(words.say(idle.remind, {"title": moment.script.title}))


async def reminded(moment: Moment) -> list[Reply] | None:
    """A bare yes or no to whether the customer wants to go on."""
    if not (moment.session.reminded and moment.task) or moment.inbound.payload:
        return None
    if moment.read() and not moment.asks_free_text():
        return None
    if moment.intent == "deny":
        return await ACTS["cancel"](moment)
    if moment.intent == "affirm" and moment.task.asking != CONFIRM:
        return await moment.again()
    return None


def next_due(moment: Moment) -> datetime | None:
    """When the conversation goes on by itself if nothing comes before; None: it does not."""
    session, idle = moment.session, moment.phrases.idle
    if session.task is None or session.heard_at is None or session.task.under_way is not None:
        return None
    if session.person and session.person.silent:
        return None
    minutes = idle.expire_after if session.reminded else idle.remind_after
    return session.heard_at + timedelta(minutes=minutes)
