"""Handing a conversation to a person of the company, keeping quiet meanwhile, and going on."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from engine.dialog.moment.moment import Moment
from engine.dialog.state.session import Person
from engine.dialog.wording import words
from engine.dialog.wording.lexicon import lexicon
from engine.message import Button, Kind, Reply

#: What a tapped 「不等了」 sends.
LEAVE = "desk=leave"
#: A no in a question whether there may be one.
_ASKS_FOR = re.compile("能不能|可不可以|要不要|是不是|有没有")
#: Characters between a no and the person that is not wanted: 不用(帮我)转人工.
_NEAR = 5
#: So much beside words of annoyance is a wish of its own: 太慢了，(查下话费).
_WISH = 4
#: What a clerk does, as `Inbound.event` of `Kind.DESK`; ``payload`` is the clerk's name.
TAKES, RETURNS = "takes", "returns"


async def hand_over(moment: Moment, reason: str, *, lead: str = "") -> list[Reply]:
    """Call a person, with words for why; where nobody is there, note it and go on.

    ``reason`` is `asked`, `upset` or `failed`.
    """
    is_there = is_open(moment)
    name = str((moment.member or {}).get("name") or "")
    moment.session.person = Person(reason, moment.acts.now, silent=is_there, name=name)
    moment.trace.handoff = reason
    desk = moment.phrases.desk
    text = moment.say(lead).text + _said(moment, desk.waiting if is_there else desk.closed)
    if is_there:
        return [Reply(text=text, buttons=(_leave(moment),), transfer=moment.elsewhere)]
    if moment.task:
        return await moment.again(text)
    return [Reply(text=text, buttons=moment.menu())]


async def desk(moment: Moment) -> list[Reply] | None:
    """What a clerk does: take the conversation, or hand it back."""
    if moment.inbound.kind is not Kind.DESK:
        return None
    person, clerk = moment.session.person, moment.inbound.payload
    if moment.inbound.event == TAKES:
        return _taken(moment, person, clerk)
    if person is None or person.clerk != clerk:
        return []
    return await _go_on(moment, moment.phrases.desk.returned)


def _taken(moment: Moment, person: Person | None, clerk: str) -> list[Reply]:
    if person is None or person.clerk:
        return []
    person.clerk, person.silent = clerk, True
    return [moment.say(moment.phrases.desk.taken, clerk=clerk)]


async def with_person(moment: Moment) -> list[Reply] | None:
    """A person has the conversation, or is waited for: what is said is for them."""
    person, task = moment.session.person, moment.task
    if moment.inbound.payload == LEAVE and not (person and person.silent):
        return await _open_question(moment, "")
    if person is None or not person.silent or moment.inbound.event == "subscribe":
        return None
    if moment.inbound.kind.is_own:
        # What happens at the company is told all the same; nobody is reminded.
        return None if moment.inbound.kind is Kind.NOTICE else []
    if task and task.in_flight and task.in_flight_by == moment.inbound.key:
        # An effect that has set out comes to its end, whoever has the conversation.
        return None
    moment.trace.handoff = person.reason
    return await (_elsewhere if moment.elsewhere else _here)(moment, person)


async def _here(moment: Moment, person: Person) -> list[Reply] | None:
    desk = moment.phrases.desk
    if person.clerk:
        return []
    if _leaves(moment):
        return await _left(moment)
    if not is_open(moment):
        # Closing time: the message stays for tomorrow, and the customer can go on.
        person.silent = False
        return await _open_question(moment, _said(moment, desk.closed))
    if person.told or moment.acts.now - person.since < timedelta(minutes=desk.patience):
        return []
    person.told = True
    return [Reply(text=_said(moment, desk.slow), buttons=(_leave(moment),))]


async def _elsewhere(moment: Moment, person: Person) -> list[Reply] | None:
    """With a desk of the platform: while a clerk has the customer, nothing is sent here."""
    event = moment.inbound.event
    if event == "kf_create_session":
        person.clerk = moment.inbound.payload or "desk"
        return []
    if event == "kf_close_session":
        return await _go_on(moment, moment.phrases.desk.returned)
    if event:
        return []
    if person.clerk:
        moment.session.person = None
        return None
    if _leaves(moment):
        return await _left(moment)
    return [Reply(text="", transfer=True)]


def _leaves(moment: Moment) -> bool:
    """Whether nobody is waited for any more: 「不等了」, 「算了」."""
    desk = moment.phrases.desk
    is_told = moment.inbound.payload == LEAVE or moment.has_cue(
        (*desk.leave_cues, *desk.give_up_cues)
    )
    return is_told or (moment.intent == "cancel" and moment.is_certain)


async def _left(moment: Moment) -> list[Reply] | None:
    """Nobody is waited for any more; what else the message wishes for is for the dialog."""
    if not moment.names_another_task():
        return await _go_on(moment, moment.phrases.desk.left)
    _be_back(moment)
    moment.preface = moment.say(moment.phrases.desk.left).text
    return None


def _be_back(moment: Moment) -> None:
    session = moment.session
    session.person, session.misses, session.annoyed = None, 0, False
    session.heard_at = moment.acts.now


async def _go_on(moment: Moment, note: str) -> list[Reply]:
    """Back to the dialog, which stands where it stood."""
    _be_back(moment)
    if moment.task:
        moment.task.tries = moment.task.stuck = 0
        moment.trace.resumes = moment.task.intent
        resumed = words.say(moment.phrases.resumed, {"title": moment.script.title})
        note = f"{note}{resumed}"
    return await _open_question(moment, note)


async def _open_question(moment: Moment, note: str) -> list[Reply]:
    if moment.task:
        return await moment.again(note)
    return [moment.say(note or moment.phrases.menu, *moment.menu())]


async def person(moment: Moment) -> list[Reply] | None:
    """The customer asks for a person, in so many words or by a button."""
    if moment.inbound.payload == "/handoff" or _asked(moment, refused=False):
        return await hand_over(moment, "asked")
    return None


def refuses(moment: Moment) -> bool:
    """Whether a person is not wanted: 不用转人工, 转人工就不用了."""
    return _asked(moment, refused=True) or moment.has_cue(moment.phrases.desk.leave_cues)


def _asked(moment: Moment, *, refused: bool) -> bool:
    text, cues = moment.text, moment.phrases.desk.asked_cues
    places = [(text.find(cue), len(cue)) for cue in cues if cue in text]
    return any(_is_refused(moment, at, at + length) == refused for at, length in places)


def _is_refused(moment: Moment, start: int, end: int) -> bool:
    """Whether the words right before, or right after, take the wish for a person back."""
    text, desk = moment.text, moment.phrases.desk
    # 「能不能转人工」 takes nothing back.
    before = _ASKS_FOR.sub("", text[max(start - _NEAR, 0) : start])
    return text[end:].startswith(desk.not_after_cues) or any(no in before for no in desk.not_cues)


async def upset(moment: Moment) -> list[Reply] | None:
    """Abuse or a complaint: no machine makes that better."""
    cues = moment.phrases.desk.upset_cues
    said = [cue for cue in cues if cue in moment.text]
    if _is_the_business(moment, cues) or all(_answers(moment, cue) for cue in said):
        return None
    if business := _business_for(moment, said):
        return await moment.start(business, moment.parse.entities)
    return await hand_over(moment, "upset", lead=moment.phrases.desk.sorry)


def _is_the_business(moment: Moment, cues: tuple[str, ...]) -> bool:
    """Whether the company has a business for it, and it is what is asked for: 投诉建议."""
    script = moment.scripts.by_intent.get(moment.business)
    named = f"{script.title}{script.example}" if script else ""
    return any(cue in named for cue in cues if cue in moment.text)


def _business_for(moment: Moment, said: list[str]) -> str:
    """The one business that a complaint begins by its title, with nothing running: 「投诉」.

    What undoes it is named by the same word.
    """
    scripts = moment.scripts.by_intent.values()
    undoing = {script.undo for script in scripts}
    named = [
        script.intent
        for script in scripts
        if script.menu and script.intent not in undoing and any(cue in script.title for cue in said)
    ]
    return named[0] if len(named) == 1 and moment.task is None else ""


async def annoyed(moment: Moment) -> list[Reply] | None:
    """Annoyance: the first time a person is offered, the second time called."""
    desk, session = moment.phrases.desk, moment.session
    said = [cue for cue in desk.annoyed_cues if cue in moment.text]
    if not said or _wishes(moment, max(said, key=len)) or _answers(moment, max(said, key=len)):
        return None
    if session.annoyed:
        return await hand_over(moment, "upset", lead=desk.sorry)
    session.annoyed = True
    return _with_offer(moment, await _open_question(moment, f"{desk.sorry}{desk.offer}"))


def _wishes(moment: Moment, cue: str) -> bool:
    has_values = any(entity.strict and entity.value for entity in moment.parse.entities)
    is_more = len(moment.text) - len(cue) >= _WISH and moment.intent in moment.scripts.by_intent
    return has_values or is_more


def _answers(moment: Moment, cue: str) -> bool:
    """Whether words of annoyance are what was asked for: 「太慢了」 of 送得太慢, or a reason."""
    is_choice = any(cue in offer.label for offer in moment.session.offers)
    asked = moment.asked_slot.ask if moment.asked_slot and moment.asks_free_text() else ()
    reasons = lexicon().reasons
    return is_choice or any(word in question for question in asked for word in reasons)


def with_offer(moment: Moment, replies: list[Reply]) -> list[Reply]:
    """The replies with a way to a person, when the task does not get on."""
    if not replies or replies[-1].transfer or moment.session.person:
        return replies
    last = replies[-1]
    if any(button.payload == "/handoff" for button in last.buttons):
        return replies
    offered = msgspec.structs.replace(last, text=f"{last.text}\n{moment.phrases.desk.offer}")
    return _with_offer(moment, [*replies[:-1], offered])


def _with_offer(moment: Moment, replies: list[Reply]) -> list[Reply]:
    way = Button(moment.phrases.handoff_button, "/handoff")
    last = replies[-1]
    return [*replies[:-1], msgspec.structs.replace(last, buttons=(*last.buttons, way))]


def _leave(moment: Moment) -> Button:
    return Button(moment.phrases.desk.leave, LEAVE)


def is_open(moment: Moment) -> bool:
    """Whether somebody is at the desk now; the platform's own desk answers for itself."""
    if moment.elsewhere:
        return True
    desk, time = moment.phrases.desk, f"{moment.acts.now:%H:%M}"
    if desk.opens <= desk.closes:
        return desk.opens <= time < desk.closes
    return time >= desk.opens or time < desk.closes


def _said(moment: Moment, text: str) -> str:
    desk = moment.phrases.desk
    return words.say(text, {"now": moment.acts.now, "opens": desk.opens, "closes": desk.closes})
