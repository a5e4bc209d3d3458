"""The undoing of what was done last, where its script names one: 「把刚才那个取消」."""

from __future__ import annotations

from engine.dialog.judging.consenting import without
from engine.dialog.judging.picking import picked
from engine.dialog.moment import referring
from engine.dialog.moment.moment import Moment
from engine.dialog.state.session import Done, Task
from engine.message import Reply

#: What may stand after the word that undoes something.
_PARTICLES = "吧呗啊呀哈，。！!~ "


def undone(moment: Moment) -> Done | None:
    """The last task, where just its undoing is wished: 「把刚才那个取消」, 「帮我取消吧」."""
    phrases, at_end = moment.phrases, moment.text.rstrip(_PARTICLES)
    last = next(referring.recent(moment), None)
    # 「那个航班取消了」 only tells what happened.
    is_pointing = moment.has_cue(phrases.anaphora_cues) or any(
        entity.type == "ordinal" for entity in moment.parse.entities
    )
    beside_it = _beside_undoing(moment, last)
    is_all = bool(last and not moment.business) and _is_only_undoing(moment, beside_it)
    if not (is_all or (is_pointing and at_end.endswith(phrases.undo_cues))):
        return None
    script = moment.scripts.get(last.intent) if last and not last.dropped else None
    named = moment.scripts.branch("", moment.text, "")
    return last if script and script.undo and not named else None


def _beside_undoing(moment: Moment, last: Done | None) -> tuple[str, ...]:
    """What may stand beside the word that undoes the last one: why, and what it is called.

    「不坐了，取消吧」, 「座位我不要了」
    """
    script = moment.scripts.get(last.intent) if last else None
    undoing = moment.scripts.get(script.undo) if script and script.undo else None
    if script is None or undoing is None:
        return ()
    return (*undoing.vague, *(word for slot in script.slots.values() for word in slot.called))


def _is_only_undoing(moment: Moment, why: tuple[str, ...]) -> bool:
    """Whether nothing is said but that it shall be undone, with what may stand beside it."""
    phrases = moment.phrases
    left = without(moment.text, phrases.undo_cues)
    beside = (*phrases.yes_fillers, *phrases.own_cues, *why)
    return left != moment.text and not without(left, beside).strip(_PARTICLES)


async def undo(moment: Moment, done: Done) -> list[Reply]:
    """Begin what undoes a task: of what it gave, or of what is named in its place."""
    other = moment.scripts.by_intent[moment.scripts.by_intent[done.intent].undo]
    task = Task(moment.acts.new_id(), other.intent, other.version, opener=moment.text)
    moment.session.tasks.append(task)
    reading = moment.read(loose=True)
    if not reading and (row := picked(moment, done)):
        # 「第一个取消」 of what was listed
        reading = row
    elif not reading and not referring.says_which(moment):
        moment.form.put({n: said for n, said in done.gives.items() if n in other.slots})
    moment.trace.repair = "follow_up"
    return await moment.fill(reading)
