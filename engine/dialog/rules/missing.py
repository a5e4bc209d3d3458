"""The rule of what was not understood: asked in other words, helped out, handed to a person."""

from __future__ import annotations

import re

import msgspec

from engine.dialog.acts.handing import (
    hand_over,
    is_open,
    with_offer,
)
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.reading import Reading
from engine.dialog.state.session import CONFIRM
from engine.message import Button, Reply
from engine.nlu.parse import OUT_OF_SCOPE

#: The tries of one question after which ways out are offered, and after which a person is called,
#: or the task is given up where nobody is there.
_OFFER_HELP, MOST_TRIES = 3, 5
#: What points at one of several, and is nobody: 火车站那个; nor is who does what with whom.
_POINTS = re.compile("[这那哪][个位家边里儿]|[的吧呢吗嘛]$|^我?[和跟]|一起")
#: As long as a name may be.
_NAME = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff· ]{1,9}")


async def miss(moment: Moment) -> list[Reply] | None:
    """Not understood: ask in other words, offer a way out, then call a person or let go."""
    task, phrases = moment.task, moment.phrases
    moment.session.misses += 1
    if task is None:
        return await _miss_idle(moment)
    if task.tries and _is_a_name(moment):
        return await moment.fill(Reading(values={task.asking: moment.text.strip()}))
    if task.asking == CONFIRM and moment.has_cue(phrases.correction_cues):
        # 「换到地铁口那个」 that was not understood: the next plain yes may be one to that.
        task.denied = True
    task.tries += 1
    # It may name a row that is looked up later: 「明天下午」.
    moment.form.listen(moment.text, moment.parse.entities)
    if task.tries >= MOST_TRIES and is_open(moment):
        return await hand_over(moment, "failed", lead=phrases.desk.failed)
    if task.tries >= MOST_TRIES and task.under_way is None:
        moment.session.tasks.pop()
        moment.session.offers = []
        title = moment.script_of(task).title
        return [moment.say(phrases.gave_up, *moment.menu(), title=title)]
    note = phrases.missed[min(task.tries, len(phrases.missed)) - 1]
    replies = await moment.again(note)
    if task.tries >= _OFFER_HELP:
        replies[-1] = _with_ways_out(replies[-1], phrases.handoff_button, phrases.cancel_button)
    return replies


def _is_a_name(moment: Moment) -> bool:
    """Whether a few words are a name that no grammar knows: 小宝妈, Tom, 三年二班.

    Only where the question for a name was asked once more: it is read back like any other.
    """
    slot, text = moment.asked_slot, moment.text.strip()
    is_asked = slot is not None and slot.type == ("person",) and not (slot.is_list or slot.resolve)
    cues = (*moment.phrases.question_cues, *moment.phrases.why_cues)
    is_short = (
        _NAME.fullmatch(text)
        and not _POINTS.search(text)
        and not any(e.strict for e in moment.parse.entities)
    )
    is_else = moment.intent != OUT_OF_SCOPE or moment.has_cue(cues)
    return is_asked and bool(is_short) and not is_else


async def _miss_idle(moment: Moment) -> list[Reply]:
    misses, phrases = moment.session.misses, moment.phrases
    # A later yes is none to a question that was asked before this.
    moment.session.offers, moment.session.wondering = [], None
    if misses >= MOST_TRIES and is_open(moment):
        return await hand_over(moment, "failed", lead=phrases.desk.failed)
    refused = moment.say(phrases.out_of_scope[0], *moment.menu())
    return with_offer(moment, [refused]) if misses >= _OFFER_HELP else [refused]


def _with_ways_out(reply: Reply, handoff: str, cancel: str) -> Reply:
    ways = (Button(handoff, "/handoff"), Button(cancel, "/cancel"))
    return msgspec.structs.replace(reply, buttons=(*reply.buttons, *ways))
