"""The rules of a conversation, in the order in which they are tried.

A rule looks at the moment and answers with replies, or with None when it is not its concern.
The order is the policy: people before the machine, exact choices before words, what was heard badly
before what was said, values before acts, acts before new tasks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from engine.dialog import waiting, weighing
from engine.dialog.acts import ACTS
from engine.dialog.asking import EVERYTHING
from engine.dialog.choosing import meant, several
from engine.dialog.compound import compound
from engine.dialog.consulting import chosen, consult, overheard
from engine.dialog.doubting import doubtful, read_back, trouble
from engine.dialog.following import follow_up
from engine.dialog.handing import (
    annoyed,
    desk,
    hand_over,
    is_open,
    person,
    upset,
    with_offer,
    with_person,
)
from engine.dialog.moment import Moment
from engine.dialog.noticing import notice, reminded, timer
from engine.dialog.reading import Reading
from engine.dialog.session import CONFIRM, Offer, Value
from engine.dialog.sheet import needs
from engine.message import Button, Kind, Reply
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

Rule = Callable[[Moment], Awaitable[list[Reply] | None]]

#: Two intents this close, each with this much behind it, are worth a question.
_CLOSE, _PLAUSIBLE = 0.25, 0.2
#: Events by which a customer asks for something.
_ASKING = frozenset({"click", "scan", "scancode_push", "scancode_waitmsg"})
#: How long an effect may be on its way before another message takes it up again.
_IN_FLIGHT = timedelta(seconds=30)
#: The tries of one question after which ways out are offered, and after which a person is called,
#: or the task is given up where nobody is there.
_OFFER_HELP, MOST_TRIES = 3, 5


async def event(moment: Moment) -> list[Reply] | None:
    """Events speak for themselves; a followed account says hello, most of the rest say nothing.

    A tap or a scan that no business is behind shows where the customer is, or what there is.
    """
    if moment.inbound.kind is not Kind.EVENT or moment.inbound.payload.startswith("/"):
        return None
    if moment.inbound.event == "subscribe":
        return [moment.say(moment.phrases.welcome, *moment.menu())]
    if moment.inbound.event not in _ASKING:
        return []
    if moment.task:
        return await moment.again()
    return [moment.say(moment.phrases.menu, *moment.menu())]


async def silence(moment: Moment) -> list[Reply] | None:
    """Nothing was heard, or something that is no language: not a wrong answer."""
    if moment.text or moment.inbound.payload:
        return None
    is_voice = moment.inbound.kind in (Kind.VOICE, Kind.TEXT, Kind.TAP)
    note = moment.phrases.silence if is_voice else moment.phrases.unreadable
    return await moment.again(note) if moment.task else [moment.say(note, *moment.menu())]


async def in_flight(moment: Moment) -> list[Reply] | None:
    """The effect of the last turn is still on its way, or was cut off and is taken up again."""
    task = moment.task
    if task is None or task.in_flight is None:
        return None
    # The message that sent it out is back after a crash or a clash: it takes the effect up at once.
    is_own = task.in_flight_by == moment.inbound.key
    if not is_own and moment.acts.now - task.in_flight < _IN_FLIGHT:
        return [moment.say(moment.phrases.in_flight)]
    return await moment.follow(await moment.form.commit())


async def renewed(moment: Moment) -> list[Reply] | None:
    """The open question is gone, or a read-back is not what would be done: ask, do nothing."""
    if not moment.session.changes or moment.names_another_task():
        return None
    if moment.task is None:
        return [moment.say(moment.phrases.menu, *moment.menu())]
    return None if moment.task.asking else await moment.again()


async def button(moment: Moment) -> list[Reply] | None:
    """An exact choice: a slot's value at once; an intent goes on through the rules as if said."""
    payload = moment.inbound.payload
    if payload.startswith("/"):
        if replies := await chosen(moment, payload[1:]):
            return replies
        sure = Intent(payload[1:], 1.0)
        moment.parse = Parse(moment.text, sure, (sure,), ())
        return None
    slot, is_choice, value = payload.partition("=")
    if slot == CONFIRM and is_choice:
        return await _confirm(moment, value)
    if not is_choice or moment.task is None or slot not in moment.script.slots:
        return None
    on_table = [o for o in moment.session.offers if (o.slot, o.value) == (slot, value)]
    if value == EVERYTHING and moment.takes_several():
        return await _take(moment, *moment.session.offers)
    return await _take(moment, on_table[0] if on_table else Offer(slot, value, value))


async def _confirm(moment: Moment, readback: str) -> list[Reply] | None:
    """A tapped yes counts for what was read back above it, and not for what came since."""
    task, sure = moment.task, Intent("affirm", 1.0)
    moment.parse = Parse(moment.text, sure, (sure,), ())
    if task and task.asking == CONFIRM and task.readback == readback:
        return await moment.follow(await moment.form.commit())
    return await ACTS["affirm"](moment) or await moment.again(moment.phrases.doubted)


async def under_way(moment: Moment) -> list[Reply] | None:
    """The effect has begun: what was said may be news of it, or a wish to have it otherwise."""
    return await waiting.hear(moment)


async def choice(moment: Moment) -> list[Reply] | None:
    """One of the choices on the table was meant, or fewer of them than there are."""
    offers = moment.session.offers
    if not offers:
        return None
    if moment.takes_several() and (several := _several(moment)):
        return await _take(moment, *several)
    if moment.intent in ACTS and moment.parse.intent.confidence >= 1.0:
        return None
    left = meant(offers, moment.text, moment.parse.entities, moment.phrases.dayparts)
    if len(left) == 1:
        return await _take(moment, left[0], beside=left[0].row is not None)
    are_rows = all(offer.row is not None for offer in left)
    if left and are_rows and len(left) < len(offers) and weighing.narrows(moment):
        return await moment.follow(moment.form.narrow(left))
    return None


async def accepted(moment: Moment) -> list[Reply] | None:
    """A yes to the only business, the only question, or the only other value that is offered."""
    offers = moment.session.offers
    is_yes = moment.intent == "affirm" and not moment.has_cue(moment.phrases.doubt_cues)
    if not is_yes or len(offers) != 1:
        return None
    is_asked = moment.task is not None and offers[0].slot == moment.task.asking
    if is_asked if moment.task else not offers[0].slot:
        return await _take(moment, offers[0])
    return None


def _several(moment: Moment) -> list[Offer]:
    """All of the choices, or those that are named; none where somebody is left out."""
    phrases, offers = moment.phrases, moment.session.offers
    if moment.has_cue(phrases.drop_cues):
        return []
    if moment.has_cue(phrases.all_cues) or moment.text == phrases.everything:
        return offers
    return several(offers, moment.text, moment.parse.entities)


async def _take(moment: Moment, *offers: Offer, beside: bool = False) -> list[Reply]:
    """Take choices; ``beside``: with what was said for other slots in the same words."""
    if not offers[0].slot:
        if replies := await chosen(moment, offers[0].value):
            return replies
        entities = tuple(moment.session.unclear)
        return await moment.start(offers[0].value, entities, offers[0].carry)
    form = moment.form
    reading = moment.read() if beside else Reading()
    form.choose(*offers)
    form.put(_others(moment, offers[0].slot, reading))
    return await moment.follow(await form.advance())


def _others(moment: Moment, chosen: str, reading: Reading) -> dict[str, Value]:
    """What a message says beside a choice: not what the choice was found with."""
    found_with = {chosen, *needs(moment.script.slots[chosen])}
    return {name: value for name, value in reading.values.items() if name not in found_with}


async def undecided(moment: Moment) -> list[Reply] | None:
    """「充不充呢」 holds a no and a yes, and is neither: nothing is done, nothing is dropped."""
    if moment.task is None or not weighing.is_undecided(moment):
        return None
    is_read_back = moment.task.asking == CONFIRM
    return await moment.again(moment.phrases.doubted if is_read_back else "")


async def enough(moment: Moment) -> list[Reply] | None:
    """「就这些」: a list that is asked for more is complete."""
    if moment.task is None or not moment.has_cue(moment.phrases.enough_cues) or moment.read():
        return None
    form = moment.form
    return await moment.follow(await form.advance()) if form.enough() else None


async def unclear(moment: Moment) -> list[Reply] | None:
    """Two businesses are about equally likely: ask which one."""
    likely = [
        intent
        for intent in moment.parse.ranking[:2]
        if intent.name in moment.scripts.by_intent and intent.confidence >= _PLAUSIBLE
    ]
    if moment.task:
        return None
    close = len(likely) == 2 and likely[0].confidence - likely[1].confidence <= _CLOSE
    names = [intent.name for intent in likely] if close else weighing.taking_values(moment)
    return [moment.offer_intents(moment.phrases.clarify, names)] if names else None


async def digression(moment: Moment) -> list[Reply] | None:
    """Another business in the middle of one: begin it, and come back when it is over."""
    if not moment.names_another_task():
        return None
    if moment.task and not moment.begins_aside and weighing.stays_here(moment):
        return None
    if moment.bring_up(moment.business):
        return await moment.again()
    offered = (o for o in moment.session.offers if not o.slot and o.value == moment.business)
    carry = next((offer.carry for offer in offered), {})
    return await moment.start(moment.business, moment.parse.entities, carry)


async def confirmation(moment: Moment) -> list[Reply] | None:
    """A yes, a no, or a change of what was read back."""
    task = moment.task
    if task is None or task.asking != CONFIRM:
        return None
    if weighing.is_vague(moment):
        return await moment.again(moment.phrases.doubted)
    if (reading := weighing.change(moment)) and weighing.differs(moment, reading):
        return await moment.fill(reading)
    if reading and moment.intent == OUT_OF_SCOPE:
        return await moment.again()
    if moment.intent != "affirm" and not weighing.consents(moment):
        return None
    if moment.has_cue(moment.phrases.stop_cues):
        return await ACTS["cancel"](moment)
    if not weighing.is_clear_yes(moment):
        return await moment.again(moment.phrases.doubted)
    return await moment.follow(await moment.form.commit())


async def answer(moment: Moment) -> list[Reply] | None:
    """Values for the question, or for any other slot of the task."""
    if moment.task is None or moment.task.asking == CONFIRM:
        return None
    if moment.asks_free_text() and weighing.is_no_answer(moment):
        return None
    cued = weighing.adds(moment) or moment.has_cue(moment.phrases.correction_cues)
    reading = moment.read(loose=cued or weighing.is_all_values(moment))
    if not reading:
        return None
    is_aside = moment.asked.isdisjoint({*reading.values, *reading.problems})
    if is_aside and not weighing.is_meant(moment, reading):
        return None
    return await moment.fill(reading, note=moment.phrases.noted if is_aside else "")


async def bare_number(moment: Moment) -> list[Reply] | None:
    """A number alone: 12排 says what it is, 12 may be meant for more than one slot."""
    if moment.task is None or (number := weighing.lone_number(moment)) is None:
        return None
    offers = moment.form.bare(*number)
    if len(offers) > 1:
        return await moment.follow(moment.form.which(offers, moment.text))
    return await _take(moment, offers[0]) if offers else None


async def reopen(moment: Moment) -> list[Reply] | None:
    """A slot named without its new value: 换个座位, 日期错了. It is asked for again."""
    task = moment.task
    if task is None or not moment.has_cue(moment.phrases.correction_cues):
        return None
    named = [
        name
        for name, slot in moment.script.slots.items()
        if name in task.slots and moment.has_cue(slot.called)
    ]
    if not named:
        return None
    form = moment.form
    form.reopen(named[0])
    moment.trace.repair = "correction"
    return await moment.follow(await form.advance())


async def why(moment: Moment) -> list[Reply] | None:
    """The customer wants to know why something is asked."""
    if moment.task is None or not moment.has_cue(moment.phrases.why_cues):
        return None
    reason = moment.asked_slot.why if moment.asked_slot else ""
    return await moment.again(reason or moment.phrases.why_unknown)


async def act(moment: Moment) -> list[Reply] | None:
    """A dialog act: 算了, 上一步, 再说一遍, 帮助 …"""
    perform = ACTS.get(moment.intent)
    return await perform(moment) if perform else None


async def same_task(moment: Moment) -> list[Reply] | None:
    """The active business named once more, or one that this account does not offer."""
    if moment.task and moment.business == moment.task.intent:
        stops = moment.has_cue(moment.phrases.stop_cues)
        return await (ACTS["cancel"](moment) if stops else moment.again())
    if moment.intent in (OUT_OF_SCOPE, *ACTS, *moment.scripts.by_intent):
        return None
    if moment.task:
        return await moment.again(moment.phrases.not_open)
    text = f"{moment.phrases.not_open}\n{moment.phrases.menu}"
    return [moment.say(text, *moment.menu())]


async def miss(moment: Moment) -> list[Reply] | None:
    """Not understood: ask in other words, offer a way out, then call a person or let go."""
    task, phrases = moment.task, moment.phrases
    moment.session.misses += 1
    if task is None:
        return await _miss_idle(moment)
    task.tries += 1
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


async def _miss_idle(moment: Moment) -> list[Reply]:
    misses, phrases = moment.session.misses, moment.phrases
    if misses >= MOST_TRIES and is_open(moment):
        return await hand_over(moment, "failed", lead=phrases.desk.failed)
    refused = moment.say(phrases.out_of_scope[0], *moment.menu())
    return with_offer(moment, [refused]) if misses >= _OFFER_HELP else [refused]


def _with_ways_out(reply: Reply, handoff: str, cancel: str) -> Reply:
    ways = (Button(handoff, "/handoff"), Button(cancel, "/cancel"))
    return msgspec.structs.replace(reply, buttons=(*reply.buttons, *ways))


RULES: tuple[Rule, ...] = (
    desk,
    with_person,
    notice,
    timer,
    event,
    trouble,
    silence,
    person,
    upset,
    in_flight,
    renewed,
    button,
    read_back,
    doubtful,
    under_way,
    reminded,
    annoyed,
    compound,
    choice,
    accepted,
    undecided,
    enough,
    follow_up,
    consult,
    unclear,
    digression,
    confirmation,
    answer,
    bare_number,
    reopen,
    why,
    act,
    same_task,
    overheard,
    miss,
)
