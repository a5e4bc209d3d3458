"""While an effect is under way, such as a payment elsewhere: what is said then, and its news."""

from __future__ import annotations

from engine.dialog.acts.acts import ACTS
from engine.dialog.judging import changing, consenting, staying
from engine.dialog.moment import remembering
from engine.dialog.moment.moment import Moment
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import OUTCOME, STOP, Task, Value
from engine.message import Reply

#: Each would drop or change what cannot be dropped without asking.
_AGAINST = frozenset({"cancel", "deny"})
_OTHERWISE = frozenset({"restart", "back"})
#: A word that it has happened says nothing else when it is this short.
_SHORT = 6
#: Another business is meant when the classifier is this sure of it.
_SURE = 0.8
#: Characters of a no that says nothing of what it is about: 不了.
_NO_MORE = 2
#: Words of a wish for another one.
_MORE = ("也", "再", "还有", "剩", "另")
#: Before a word that is not meant: 还没付好, 先不取消.
_NOT = ("没", "没有", "未", "不", "别", "不要", "不用", "不能", "没法")


async def hear(moment: Moment) -> list[Reply] | None:
    """Look how it stands, or ask before it is stopped; None for what is not about it."""
    task = moment.task
    if task is None:
        return await _after(moment)
    if task.under_way is None:
        return None
    if moment.inbound.payload == f"{OUTCOME}=":
        return await moment.again()
    if task.asking == STOP:
        return await _answered(moment, task)
    if moment.has_cue(moment.phrases.stop_cues):
        return await _changed(moment) or await _ask(moment, None)
    if _says_it_happened(moment, moment.script) and _wishes_more(moment):
        return None
    if _says_it_happened(moment, moment.script) or _is_not_yet(moment):
        return await moment.again()
    if moment.intent == "affirm" and not moment.read(loose=True):
        # 「嗯」 to the address of the page, and what may follow.
        return await moment.again()
    if moment.intent in _AGAINST:
        # 「不对，先交50」 says what instead.
        return await _changed(moment) or await _ask(moment, None)
    if moment.intent in _OTHERWISE:
        return await _ask(moment, {})
    return await _changed(moment)


async def _changed(moment: Moment) -> list[Reply] | None:
    """Another value than the one that is on its way."""
    reading = changing.change(moment)
    if not (reading.values and changing.differs(moment, reading)):
        return None
    is_meant = moment.corrects(reading) or staying.stays_here(moment)
    if moment.names_another_task() and not is_meant:
        return None
    return await _ask(moment, reading.values)


async def _after(moment: Moment) -> list[Reply] | None:
    """Word that it has happened, or the question whether it has, when that was told already."""
    done = moment.just_done
    script = moment.scripts.get(done.intent) if done else None
    if script is None:
        return None
    # 「交了」, and not 「宽带的也交了」.
    is_short = len(moment.text) <= _SHORT and not any(word in moment.text for word in _MORE)
    is_told = is_short and _says_it_happened(moment, script)
    return await ACTS["affirm"](moment) if is_told or consenting.asks_whether(moment) else None


async def news(moment: Moment, notice: str) -> list[Reply] | None:
    """A notice came: finish the task that waits for it; None where none does."""
    waiting = [task for task in reversed(moment.session.tasks) if _waits(moment, task, notice)]
    for task in waiting:
        form = moment.form_of(task)
        step = await form.news()
        if step is None:
            continue
        is_over = step.done or step.ended
        if task is moment.task:
            return await moment.follow(step if is_over else await form.advance())
        # The customer is at something else, and stays there.
        moment.is_aside = True
        if is_over:
            moment.session.tasks.remove(task)
        if step.done:
            await moment.remember(task, step)
        return step.replies()
    moment.is_aside = True
    return [] if waiting else None


def _waits(moment: Moment, task: Task, notice: str) -> bool:
    later = moment.script_of(task).answer.later
    return later is not None and later.notice == notice and task.under_way is not None


async def _answered(moment: Moment, task: Task) -> list[Reply] | None:
    """A yes or a second word of stopping stops it; anything else lets it go on."""
    is_yes = moment.intent == "affirm" and consenting.is_clear_yes(moment)
    stops = moment.intent == "cancel" or moment.has_cue(moment.phrases.stop_cues)
    stops = stops or _says_the_question(moment)
    if (is_yes or stops) and not _takes_back(moment):
        script, replies = moment.script, await moment.follow(await moment.form.stop())
        if task not in moment.session.tasks and not moment.trace.done:
            # 「还是付吧」 may come after it.
            remembering.dropped(moment.session, task, script, moment.acts.now)
        return replies
    task.asking, task.stopping = OUTCOME, None
    return None if moment.names_another_task() else await moment.again()


def _says_the_question(moment: Moment) -> bool:
    """Whether a clause is the no that was asked: 「对，不租了」 of 「不租了吗」."""
    return any(
        len(clause) > _NO_MORE
        and clause.startswith("不")
        and consenting.stands_in_readback(moment, clause)
        for clause in consenting.CLAUSE.split(moment.text)
    )


def _takes_back(moment: Moment) -> bool:
    """先不取消, 别取消: a word of stopping that is itself stopped."""
    return any(
        moment.text[: moment.text.index(cue)].endswith(_NOT)
        for cue in moment.phrases.stop_cues
        if cue in moment.text
    )


async def _ask(moment: Moment, wish: dict[str, Value] | None) -> list[Reply]:
    step = await moment.form.look_before_stop(wish)
    return await moment.follow(step)


def _says_it_happened(moment: Moment, script: Script) -> bool:
    later, text = script.answer.later, moment.text
    return later is not None and any(
        word in text and not text[: text.index(word)].endswith(_NOT) for word in later.said
    )


def _wishes_more(moment: Moment) -> bool:
    """Whether another business is surely wished for as well: 「付完了我想解绑微信」."""
    return moment.names_another_task() and moment.parse.intent.confidence >= _SURE


def _is_not_yet(moment: Moment) -> bool:
    """还没付呢: a no, but to whether it has happened."""
    return moment.intent == "deny" and "没" in moment.text
