"""What each dialog act does, in a task and outside of one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from engine.dialog.acts import handing
from engine.dialog.moment.moment import Moment
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import CONFIRM, Task
from engine.dialog.wording import words
from engine.message import Reply

_NO = ("不", "别", "没", "退", "停", "取消")
_VALUE = re.compile(r"[A-Za-z0-9]")
#: As sure as a goodbye must be to end what is under way.
_SURE = 0.9

Act = Callable[[Moment], Awaitable[list[Reply] | None]]


async def affirm(moment: Moment) -> list[Reply] | None:
    """A yes to nothing: after an effect it is a double tap, and nothing happens again."""
    phrases, done = moment.phrases, moment.just_done
    if (slot := moment.asked_slot) and slot.if_yes and not moment.has_cue(phrases.doubt_cues):
        return await _put(moment, slot.if_yes)
    if done is None:
        return None if moment.task else [moment.say(phrases.menu, *moment.menu())]
    told = moment.say(phrases.already_done, title=done.title)
    if moment.task:
        return await moment.again(told.text)
    return [told, moment.say(phrases.anything_else)]


async def deny(moment: Moment) -> list[Reply] | None:
    """A no to what may be left out skips it; a no to 'anything else' ends the conversation.

    Else the first no asks what to change, and the second one drops the task.
    """
    task = moment.task
    if task is None:
        # 「不对，是广州到北京」 is no goodbye.
        return None if any(e.strict for e in moment.parse.entities) else await goodbye(moment)
    if moment.asked_slot and moment.asked_slot.if_no:
        return await _put(moment, moment.asked_slot.if_no)
    if (ended := await _enough(moment)) is not None:
        return ended
    if moment.asked_slot and moment.asked_slot.skip and moment.has_cue(moment.phrases.stop_cues):
        return await call_off(moment)
    if moment.asked_slot and moment.asked_slot.skip:
        # 「不要12A」 is a wish, though not one that is understood; it leaves nothing open.
        return None if _VALUE.search(moment.text) else await skip(moment)
    if task.denied:
        return await cancel(moment)
    task.denied = True
    return await moment.again(moment.phrases.denied)


async def _put(moment: Moment, value: str) -> list[Reply]:
    form = moment.form
    form.put_asked(value)
    return await moment.follow(await form.advance())


async def _enough(moment: Moment) -> list[Reply] | None:
    """「没有了」 to a list that is asked for more."""
    form = moment.form
    return await moment.follow(await form.advance()) if form.enough() else None


async def cancel(moment: Moment) -> list[Reply] | None:
    """Drop the active task; nothing was done yet. The task below goes on."""
    if moment.task is not None and _thinks_better(moment):
        return await moment.again(moment.phrases.doubted if moment.task.asking == CONFIRM else "")
    if moment.task is None:
        moment.session.offers = []
        return [moment.say(moment.phrases.nothing_running, *moment.menu())]
    return await call_off(moment)


async def call_off(moment: Moment) -> list[Reply]:
    """Drop the active task, whatever else its words may mean; or the one below that they name."""
    if (waiting := _named_below(moment)) is not None:
        title = moment.script_of(waiting).title
        moment.session.tasks.remove(waiting)
        return await moment.again(words.say(moment.phrases.cancelled, {"title": title}))
    moment.session.offers = []
    title = moment.script.title
    moment.drop()
    return [moment.say(moment.phrases.cancelled, title=title), *await moment.resume(finished=False)]


def _named_below(moment: Moment) -> Task | None:
    """The paused task that is called off by its name: 「不解绑了」 in the middle of a check-in."""
    *below, active = moment.session.tasks
    if _names(moment.script_of(active), moment.text):
        return None
    idle = [task for task in below if task.under_way is None and task.in_flight is None]
    return next((t for t in reversed(idle) if _names(moment.script_of(t), moment.text)), None)


def _names(script: Script, text: str) -> bool:
    """Whether a text says what a business does: its title, or one of its verbs."""
    agreed = (word for word in script.agreed if len(word) > 1)
    return any(word in text for word in (script.title, *script.verbs, *agreed))


def _thinks_better(moment: Moment) -> bool:
    """Whether it is only the last change that is dropped: 「算了，还是刚才那个」."""
    phrases = moment.phrases
    is_no = any(word in moment.text for word in _NO) or moment.has_cue(phrases.stop_cues)
    return not is_no and moment.has_cue(phrases.after_all_cues)


async def back(moment: Moment) -> list[Reply] | None:
    """Forget the answer before this question and ask for it again."""
    task = moment.task
    if task is None:
        return [moment.say(moment.phrases.nothing_running, *moment.menu())]
    before = [name for name in task.asked if name not in (task.asking, CONFIRM)]
    if not before:
        return await moment.again(moment.phrases.back_at_start)
    previous = before[-1]
    task.asked = task.asked[: task.asked.index(previous)]
    form = moment.form
    form.clear(previous)
    moment.trace.repair = "back"
    return await moment.follow(await form.ask_again(previous))


async def restart(moment: Moment) -> list[Reply] | None:
    """Begin the active task anew with nothing filled."""
    task = moment.task
    if task is None:
        return [moment.say(moment.phrases.menu, *moment.menu())]
    task.slots, task.asked, task.asking, task.tries, task.denied = {}, [], "", 0, False
    moment.trace.repair = "restart"
    return await moment.again(moment.phrases.restarted)


async def repeat(moment: Moment) -> list[Reply] | None:
    """The last replies, unchanged."""
    moment.trace.repair = "repeat"
    return list(moment.session.last) or [moment.say(moment.phrases.nothing_to_repeat)]


async def skip(moment: Moment) -> list[Reply] | None:
    """Leave the open question to its default."""
    phrases, task, slot = moment.phrases, moment.task, moment.asked_slot
    if task is None:
        return [moment.say(phrases.menu, *moment.menu())]
    if (ended := await _enough(moment)) is not None:
        return ended
    if task.asking == CONFIRM:
        return await moment.again(phrases.doubted)
    if slot is None or not slot.skip:
        return await moment.again(phrases.skipped_nothing)
    return await _put(moment, slot.skip)


async def help_(moment: Moment) -> list[Reply] | None:
    """What can be said now."""
    phrases, task = moment.phrases, moment.task
    if task is None:
        scripts = list(moment.scripts.listed)
        return [moment.say(phrases.help_idle, *moment.menu(), scripts=scripts)]
    text = phrases.help_confirm if task.asking == CONFIRM else phrases.help_task
    why = moment.asked_slot.why if moment.asked_slot else ""
    names = {"title": moment.script.title, "why": why}
    return await moment.again(words.say(text, names))


async def handoff(moment: Moment) -> list[Reply] | None:
    """The way to a person, unless it is refused: 不用转人工."""
    if handing.refuses(moment):
        return await (moment.again() if moment.task else greet(moment))
    return await handing.hand_over(moment, "asked")


async def greet(moment: Moment) -> list[Reply] | None:
    """Hello; in a task it goes on at once."""
    if moment.task:
        return await moment.again(moment.phrases.greet)
    return [moment.say(f"{moment.phrases.greet}{moment.phrases.menu}", *moment.menu())]


async def thanks(moment: Moment) -> list[Reply] | None:
    """You are welcome."""
    if moment.task:
        return await moment.again(moment.phrases.thanks)
    return [moment.say(moment.phrases.thanks)]


async def goodbye(moment: Moment) -> list[Reply] | None:
    """The conversation ends; what was not finished is dropped, unless it is under way already."""
    session = moment.session
    if moment.task and moment.has_cue(moment.phrases.enough_cues):
        # 「没了」, 「就这些」 end a list, and where none is asked for, nothing.
        return None
    if moment.task and moment.parse.intent.confidence < _SURE and not moment.is_certain:
        # A guess loses nothing that was said.
        return None
    session.tasks = [task for task in session.tasks if task.under_way is not None]
    session.offers, session.later = [], []
    return [moment.say(moment.phrases.goodbye)]


async def chitchat(moment: Moment) -> list[Reply] | None:
    """One friendly line, then back to business."""
    if moment.task:
        return await moment.again(moment.phrases.chitchat)
    return [moment.say(moment.phrases.chitchat, *moment.menu())]


ACTS: dict[str, Act] = {
    "affirm": affirm,
    "deny": deny,
    "cancel": cancel,
    "back": back,
    "restart": restart,
    "repeat": repeat,
    "skip": skip,
    "help": help_,
    "handoff": handoff,
    "greet": greet,
    "thanks": thanks,
    "goodbye": goodbye,
    "chitchat": chitchat,
}
