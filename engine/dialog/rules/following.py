"""What is said about a task just over: 「再充一个」, 「那明天呢」, 「还有吗」, 「还是充吧」.

The same business begins once more with values of the last time, as its script declares, and an
effect is confirmed again like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.dialog.choices.contents import points_at_a_time
from engine.dialog.judging.consenting import without
from engine.dialog.judging.picking import picked, points
from engine.dialog.moment import referring
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.coverage import beside
from engine.dialog.reading.reading import Reading, read
from engine.dialog.rules import undoing
from engine.dialog.rules.severally import the_other
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Done, Filled, Task, Value
from engine.dialog.state.sheet import needs
from engine.message import Reply
from engine.nlu.parse import OUT_OF_SCOPE

#: Another business is meant when the classifier is this sure of it.
_SURE = 0.8
#: Less than this says nothing against second thoughts.
_EVEN_ODDS = 0.5
#: Intents that the words of a follow-up resemble, and that mean nothing without a task.
_LOOKALIKES = frozenset({OUT_OF_SCOPE, "restart", "repeat", "affirm", "chitchat", "back"})
#: Marks that say nothing by themselves.
_MARKS = " ，。？?！!"


async def follow_up(moment: Moment) -> list[Reply] | None:
    """Once more, with another value, all the same, or the rest of a long answer."""
    if moment.task is not None or moment.inbound.payload:
        return None
    for done in _past(moment, dropped=True):
        if _takes_up(moment, done):
            return await _again(moment, done, _read(moment, done))
    if (last := undoing.undone(moment)) is not None:
        return await undoing.undo(moment, last)
    for done in _past(moment):
        if _asks_for_more(moment):
            return await _more(moment, done)
        if (pick := _picked(moment, done)) is not None:
            return await _again(moment, done, pick, anew=True)
        reading = _read(moment, done)
        if other := _changes(moment, done, reading):
            return await moment.start(other, moment.parse.entities)
        if (
            _repeats(moment, done, reading)
            or _varies(moment, done, reading)
            or _asks_on(moment, done, reading)
            or _is_for_another(moment, done)
        ):
            return await _again(moment, done, reading)
    return None


def _past(moment: Moment, *, dropped: bool = False) -> list[Done]:
    """The tasks that were finished, or called off, and may be meant, the last one first."""
    past = (done for done in referring.recent(moment) if done.dropped == dropped)
    known = [done for done in past if done.intent in moment.scripts.by_intent]
    named = [done for done in known if done.intent == moment.intent]
    return named or known[:1]


def _changes(moment: Moment, done: Done, reading: Reading) -> str:
    """The business that changes what was done, asked for as a question: 「换到12F可以吗」."""
    is_else = moment.business != "" and moment.business not in moment.scripts.faqs
    is_guess = not (is_else or moment.is_certain)
    is_value = is_guess and done.changed and bool(reading)
    return moment.scripts.branch(done.intent, moment.text, "") if is_value else ""


def _picked(moment: Moment, done: Done) -> Reading | None:
    """One of the rows of the last answer, where no other business is asked for."""
    script = moment.scripts.by_intent[done.intent]
    is_guess = moment.business in moment.scripts.faqs and not moment.is_certain
    is_else = moment.business not in ("", done.intent) and not (is_guess and points(moment.text))
    if is_else or not (pick := picked(moment, done)):
        return None
    pick.values = {name: said for name, said in pick.values.items() if name in script.slots}
    return pick or None


def _repeats(moment: Moment, done: Done, reading: Reading) -> bool:
    if done.changed and _is_of_the_others(moment):
        return True
    # 「登机牌删了，再给我发一个」 is about what lies within the business, and no check-in more.
    is_branch = moment.business not in ("", moment.intent)
    # 「我老婆也办一下」 only resembles another business, and names somebody of this one.
    is_guess = bool(reading) and moment.parse.intent.confidence < _SURE
    # 「再查一次」 names no business.
    phrases = moment.phrases
    left = without(moment.text, (*phrases.again_cues, *phrases.follow_fillers))
    is_guess = is_guess or (not left.strip(" 。！") and not moment.is_certain)
    is_fitting = (is_guess or moment.intent in (done.intent, *_LOOKALIKES)) and not is_branch
    return is_fitting and moment.has_cue(moment.phrases.again_cues)


def _is_of_the_others(moment: Moment) -> bool:
    """Whether no more is said than that there is another one: 「还有一个航班」."""
    phrases = moment.phrases
    said = (*phrases.other_cues, *phrases.again_cues, *phrases.follow_fillers)
    is_nothing_else = not without(moment.text, said).strip(" 。，,！!")
    return moment.has_cue(phrases.other_cues) and is_nothing_else


def _takes_up(moment: Moment, done: Done) -> bool:
    """Second thoughts about calling it off: 「还是充吧，五十」."""
    is_guess = moment.parse.intent.confidence < _EVEN_ODDS
    # 「算了还是充吧」 calls nothing off.
    is_fitting = is_guess or moment.intent in (done.intent, "cancel", *_LOOKALIKES)
    is_meant = is_fitting and not moment.has_cue(moment.phrases.stop_cues)
    return is_meant and moment.has_cue(moment.phrases.after_all_cues)


def _varies(moment: Moment, done: Done, reading: Reading) -> bool:
    """Whether a new value is all there is: 「那广州呢」, after a query also 「后天」."""
    # Where nothing but values and fillers was said, what the classifier takes it for is a guess.
    is_else = moment.intent not in (done.intent, *_LOOKALIKES)
    if not reading or (is_else and moment.is_certain):
        return False
    phrases, left = moment.phrases, "".join(beside(moment.text, reading.entities))
    # What is left has no particles in it.
    said = (*phrases.correction_cues, *phrases.rather_cues, *phrases.after_all_cues)
    amends = tuple(filter(None, ("".join(beside(cue, ())) for cue in said)))
    # 「后天几点」 asks the same of another day.
    amends += () if done.changed else phrases.question_cues
    if without(left, (*phrases.follow_fillers, *amends)).strip():
        return False
    amended = (*phrases.follow_cues, *phrases.correction_cues)
    return moment.has_cue(amended) or not done.changed


def _asks_on(moment: Moment, done: Done, reading: Reading) -> bool:
    """Whether a question of the same kind names nothing of its own: 「在哪个登机口」."""
    phrases = moment.phrases
    is_same = moment.intent == done.intent and not done.changed and not reading
    return (
        is_same and moment.has_cue(phrases.question_cues) and not moment.has_cue(phrases.own_cues)
    )


def _is_for_another(moment: Moment, done: Done) -> bool:
    """Whether it is the same of somebody whose value is not known: 「我妈那个号呢」."""
    is_else = moment.intent not in (done.intent, *_LOOKALIKES)
    if is_else and moment.parse.intent.confidence >= _SURE:
        return False
    return len(_kept(moment, done)) < len(done.slots) and moment.has_cue(moment.phrases.follow_cues)


def _kept(moment: Moment, done: Done) -> dict[str, Value]:
    """The values of the last time, but for those that are somebody else's now."""
    slots = moment.scripts.by_intent[done.intent].slots
    others = {name for name in done.slots if _is_of_another(moment, slots[name])}
    return {
        name: said
        for name, said in done.slots.items()
        if name not in others and others.isdisjoint(needs(slots[name]))
    }


def _is_of_another(moment: Moment, slot: Slot) -> bool:
    """Whether it is somebody else's now; 他 is the one of the last time, 换 is for anything."""
    if slot.own:
        return slot.is_for_another(moment.text, name=moment.own_name, pronouns=False)
    return moment.has_cue(tuple(word for word in slot.unless if len(word) > 1))


def _read(moment: Moment, done: Done) -> Reading:
    """The new values; one that could replace several old ones replaces the last of them."""
    script = moment.scripts.by_intent[done.intent]
    task = Task(
        "",
        done.intent,
        script.version,
        slots={name: Filled(said) for name, said in done.slots.items()},
    )
    names = moment.form_of(task).names()
    reading = read(moment.text, moment.parse.entities, script, task, loose=True, names=names)
    if not any(entity.type == "cue" for entity in reading.entities):
        for name in list(reading.values):
            last = _likest(list(_alike(script, name, done)), reading.values[name], done) or name
            if name in done.slots and last not in reading.values:
                reading.values[last] = reading.values.pop(name)
    return reading


def _alike(script: Script, name: str, done: Done) -> Iterator[str]:
    """The filled slots that take what slot ``name`` takes, the last one first."""
    for other in reversed(script.slots):
        if other in done.slots and set(script.slots[other].type) & set(script.slots[name].type):
            yield other


def _likest(slots: list[str], value: Value, done: Done) -> str:
    """The one of them whose old value is written as the new one is, codes as codes; else the last.

    「那浦东的呢」 of 「虹桥飞广州」 is about 虹桥.
    """
    alike = [s for s in slots if str(done.slots[s]).isascii() == str(value).isascii()]
    return next(iter(alike or slots), "")


async def _again(
    moment: Moment, done: Done, reading: Reading, *, page: int = 0, anew: bool = False
) -> list[Reply]:
    version = moment.scripts.by_intent[done.intent].version
    task = Task(moment.acts.new_id(), done.intent, version, opener=moment.text, page=page)
    moment.session.tasks.append(task)
    # 「晚上那班也办」 is another one than what was done; of a query it narrows the answer.
    by_time = points_at_a_time(moment.text, moment.phrases.dayparts)
    is_another = anew or (done.changed and by_time) or moment.has_cue(moment.phrases.other_cues)
    kept = {} if is_another else _kept(moment, done)
    moment.form.put(_without_identity(moment.script, kept) if by_time else kept)
    moment.trace.repair = "follow_up"
    note = moment.say(moment.phrases.once_more, title=done.title).text
    warned = note if done.changed and _puts_right(moment) else ""
    replies = await moment.fill(reading, opening=warned)
    return await the_other(moment) or replies


def _puts_right(moment: Moment) -> bool:
    """Whether what was done is to be otherwise, which it cannot be any more: 「改成五十」.

    What is read back would come on top of it, and a yes may be meant for a change.
    """
    phrases = moment.phrases
    again = (*phrases.again_cues, *phrases.other_cues)
    amends = moment.has_cue(phrases.correction_cues) and not moment.has_cue(again)
    return amends and not moment.script.undo


def _without_identity(script: Script, kept: dict[str, Value]) -> dict[str, Value]:
    """Values that do not tell one row: 「那晚上那班呢」 is not the flight just shown."""
    told = {name for name in script.answer.picks if name in script.slots and script.slots[name].ask}
    return {name: said for name, said in kept.items() if name not in told}


def _asks_for_more(moment: Moment) -> bool:
    # 「？」 alone asks for no more of it.
    left = without(moment.text, moment.phrases.more_cues)
    return left != moment.text and not without(left, moment.phrases.follow_fillers).strip(_MARKS)


async def _more(moment: Moment, done: Done) -> list[Reply]:
    if not done.left:
        return [moment.say(moment.phrases.no_more), moment.say(moment.phrases.anything_else)]
    return await _again(moment, done, Reading(), page=done.page + 1)
