"""Of several wishes in one message the first is done, and the others are kept."""

from __future__ import annotations

from engine.dialog.moment.moment import Moment
from engine.dialog.rules.consulting import answered
from engine.dialog.rules.replacing import CANCEL
from engine.dialog.state.session import CONFIRM
from engine.message import Reply
from engine.nlu.parse import Parse


async def _once_more(moment: Moment, wish: Parse) -> list[Reply] | None:
    """What waits for a yes is asked for again, and the same for somebody else comes after it."""
    assert moment.task is not None  # noqa: S101 - asked only within a task
    if moment.task.asking != CONFIRM:
        return None
    moment.session.later.append(wish)
    return await moment.again(moment.say(moment.phrases.later, title=moment.script.title).text)


async def compound(moment: Moment) -> list[Reply] | None:
    """Take the first of several wishes as all that was said, and keep the others for later.

    A question that has a written answer does not wait, and what nobody here can do is said so.
    """
    if len(moment.parts) == 1 and not moment.asks_free_text():
        moment.parse = moment.parts[0]
    if len(moment.parts) < 2:
        return None
    first, *others = moment.parts
    is_same = moment.task is not None and others[0].intent.name == moment.task.intent
    if is_same and first.text == moment.parse.text:
        return await _once_more(moment, others[0])
    if moment.task and first.intent.name == CANCEL and moment.task.under_way is None:
        moment.preface = moment.say(moment.phrases.cancelled, title=moment.script.title).text
        moment.drop()
        moment.session.offers = []
        moment.parse = others[0]
        return None
    scripts = moment.scripts
    ours = [each for each in others if each.intent.name in scripts.by_intent]
    later = [
        each for each in ours if each.intent.name not in scripts.faqs and not _goes_on(moment, each)
    ]
    lines = [answered(moment, each) for each in others if each.intent.name in scripts.faqs]
    moment.parse = first
    moment.session.later += later
    if later:
        titles = "、".join(scripts.by_intent[each.intent.name].title for each in later)
        lines.append(moment.say(moment.phrases.later, title=titles).text)
    beyond = [each.text for each in others if each not in ours]
    lines += [moment.say(moment.phrases.beyond, said=text).text for text in beyond]
    moment.preface = "\n".join(lines)
    return None


def _goes_on(moment: Moment, wish: Parse) -> bool:
    """Whether a wish is no more than the name of a business that waits below: 「接着充话费」."""
    paused = {task.intent for task in moment.session.tasks[:-1]}
    return wish.intent.name in paused and not wish.entities
