"""The rules of a conversation, in the order in which they are tried.

A rule looks at the moment and answers with replies, or with None when it is not its concern.
The order is the policy: people before the machine, exact choices before words, what was heard badly
before what was said, values before acts, acts before new tasks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from engine.dialog.acts.acts import ACTS
from engine.dialog.acts.handing import (
    annoyed,
    desk,
    person,
    upset,
    with_person,
)
from engine.dialog.judging import changing, consenting, picking, staying, weighing
from engine.dialog.judging.someone import somebody_else
from engine.dialog.moment import remembering
from engine.dialog.moment.moment import Moment
from engine.dialog.rules import answerless, waiting
from engine.dialog.rules.confirming import confirmation, pressed, reopen
from engine.dialog.rules.consulting import consult, overheard
from engine.dialog.rules.declining import declined, put_off, refused
from engine.dialog.rules.doubting import doubtful, read_back, trouble
from engine.dialog.rules.following import follow_up
from engine.dialog.rules.missing import miss
from engine.dialog.rules.noticing import notice, reminded, timer
from engine.dialog.rules.objecting import objected
from engine.dialog.rules.queueing import compound
from engine.dialog.rules.regrouping import regrouped
from engine.dialog.rules.severally import (
    apiece,
    for_each_other,
    for_the_others,
    severally,
    the_other,
)
from engine.dialog.rules.taking import accepted, bare_number, both, button, choice, renamed
from engine.dialog.rules.wondering import told_more, unclear
from engine.dialog.state.session import CONFIRM, Value
from engine.message import Kind, Reply
from engine.nlu.parse import OUT_OF_SCOPE, Entity

Rule = Callable[[Moment], Awaitable[list[Reply] | None]]

#: Events by which a customer asks for something.
_ASKING = frozenset({"click", "scan", "scancode_push", "scancode_waitmsg"})
#: How long an effect may be on its way before another message takes it up again.
_IN_FLIGHT = timedelta(seconds=30)


async def event(moment: Moment) -> list[Reply] | None:
    """Events speak for themselves; a followed account says hello, most of the rest say nothing.

    A tap or a scan that no business is behind shows where the customer is, or what there is.
    """
    if moment.inbound.kind is not Kind.EVENT or moment.inbound.payload.startswith("/"):
        return None
    if moment.inbound.event == "subscribe":
        listed = [script for script in moment.scripts.listed if not script.within]
        return [moment.say(moment.phrases.welcome, *moment.menu(), scripts=listed)]
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
    # Either way: the clock may have been set back since.
    if not is_own and abs(moment.acts.now - task.in_flight) < _IN_FLIGHT:
        return [moment.say(moment.phrases.in_flight)]
    return await moment.follow(await moment.form.commit())


async def renewed(moment: Moment) -> list[Reply] | None:
    """The open question is gone, or a read-back is not what would be done: ask, do nothing."""
    if not moment.session.changes or moment.names_another_task():
        return None
    if moment.task is None:
        return [moment.say(moment.phrases.menu, *moment.menu())]
    return None if moment.task.asking else await moment.again()


async def under_way(moment: Moment) -> list[Reply] | None:
    """The effect has begun: what was said may be news of it, or a wish to have it otherwise."""
    return await waiting.hear(moment)


async def undecided(moment: Moment) -> list[Reply] | None:
    """「充不充呢」 holds a no and a yes, and is neither: nothing is done, nothing is dropped.

    「充好了吗」 of what waits for a yes is none either, nor is 「实付多少」, which it tells, nor
    「金额不变」.
    """
    if moment.task is None:
        return None
    is_read_back = moment.task.asking == CONFIRM
    wonders = is_read_back and (
        consenting.asks_whether(moment)
        or consenting.asks_what_it_is(moment)
        or consenting.leaves_as_it_is(moment)
    )
    if not wonders and not consenting.is_undecided(moment):
        return None
    return await moment.again(moment.phrases.doubted if is_read_back else "")


async def enough(moment: Moment) -> list[Reply] | None:
    """「就这些」: a list that is asked for more is complete."""
    if moment.task is None or not moment.has_cue(moment.phrases.enough_cues) or moment.read():
        return None
    form = moment.form
    return await moment.follow(await form.advance()) if form.enough() else None


async def digression(moment: Moment) -> list[Reply] | None:
    """Another business in the middle of one: begin it, and come back when it is over."""
    if not moment.names_another_task():
        return None
    if moment.task and not staying.begins_aside(moment) and staying.stays_here(moment):
        return None
    if moment.task and moment.task.asking == CONFIRM and consenting.is_own(moment):
        return None
    if moment.task and moment.task.asking == CONFIRM and consenting.consents(moment):
        # 「提醒吧」 to the read-back of a notice begins no other one.
        return None
    if staying.asks_about_this(moment):
        return await moment.again()
    if moment.bring_up(moment.business):
        return await moment.again()
    carried = _carried(moment)
    if picking.is_chosen(moment):
        # What was looked for is found, and is not asked for again.
        moment.drop()
        moment.session.offers = []
    replies = await moment.start(moment.business, *carried)
    for further in (apiece, severally, both, the_other):
        if taken := await further(moment):
            return taken
    return replies


def _carried(moment: Moment) -> tuple[tuple[Entity, ...], dict[str, Value]]:
    """What goes along to the business that begins: of what was offered, and of a row pointed at.

    Of the words, what they say beside that row.
    """
    offers = moment.session.offers
    offered = (o.carry for o in offers if not o.slot and o.value == moment.business)
    carry = next(offered, {})
    told, row = picking.pointed_at(moment)
    if told:
        remembering.singled_out(moment.session, told)
    slots = moment.scripts.by_intent[moment.business].slots
    taken = {name: said for name, said in told.items() if name in slots}
    cells = row.values() if taken else ()
    said = (e for e in moment.parse.entities if e.text not in cells and e.value not in cells)
    return tuple(said), taken | carry


async def stalled(moment: Moment) -> list[Reply] | None:
    """The company's system did not answer: whatever is no other wish asks it again."""
    task = moment.task
    if task is None or not task.stalled or moment.read():
        return None
    is_wish = moment.intent in ACTS and moment.intent not in ("affirm", "repeat")
    return None if is_wish else await moment.again()


async def answer(moment: Moment) -> list[Reply] | None:
    """Values for the question, or for any other slot of the task."""
    if moment.task is None or moment.task.asking == CONFIRM:
        return None
    if moment.asks_free_text() and answerless.is_no_answer(moment):
        return None
    cued = weighing.adds(moment) or moment.has_cue(moment.phrases.correction_cues)
    is_bare = weighing.is_all_values(moment) or weighing.is_all_names(moment)
    reading = moment.read(loose=cued or is_bare)
    if not reading or changing.wonders_why(moment, reading):
        return None
    is_aside = moment.asked.isdisjoint({*reading.values, *reading.problems})
    if is_aside and not weighing.is_meant(moment, reading):
        return None
    return await moment.fill(reading, aside=is_aside)


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
    pressed,
    compound,
    for_the_others,
    for_each_other,
    choice,
    accepted,
    undecided,
    enough,
    told_more,
    declined,
    put_off,
    follow_up,
    refused,
    consult,
    unclear,
    digression,
    stalled,
    regrouped,
    renamed,
    objected,
    confirmation,
    somebody_else,
    answer,
    bare_number,
    reopen,
    why,
    answerless.unlisted,
    act,
    same_task,
    overheard,
    miss,
)
