"""Questions that are answered from written entries: outside of a task or in the middle of one.

Such a business asks for nothing and keeps nothing: an open question stays open, is filled by none
of it, and is asked again below the answer.
"""

from __future__ import annotations

import re

from engine.dialog.acts.acts import ACTS
from engine.dialog.judging.consenting import without
from engine.dialog.judging.staying import holds_answer
from engine.dialog.moment.moment import Moment
from engine.dialog.rules.answerless import is_no_answer
from engine.dialog.rules.wondering import taking_values
from engine.dialog.scripts.closing import FaqOf
from engine.dialog.state.session import Offer
from engine.dialog.state.step import numbered, plainly
from engine.dialog.wording import words
from engine.message import Button, Reply
from engine.nlu.faq import Entry, Faq, Match
from engine.nlu.folding import squeeze
from engine.nlu.parse import OUT_OF_SCOPE, Parse

#: What nobody took for a question is one only where it fits an entry this well.
_OVERHEARD = 0.35
#: What asks, where no business is asked for in such words.
_ASKS = re.compile("什么|啥|哪|谁|能不能|可不可以|要不要|会不会|怎|为何|多少|[么呢吗]$|[?？]")
#: Intents that are less sure than this interrupt a task only with a question that has an answer.
_SURE = 0.8


async def consult(moment: Moment) -> list[Reply] | None:
    """A question: answer it, or say that there is no sure answer and offer the nearest."""
    intent = moment.intent if moment.intent in moment.scripts.faqs else moment.inquiring
    if _asks_on(moment):
        return await _answered(moment, moment.consulted)
    if intent not in moment.scripts.faqs or moment.intent not in (intent, OUT_OF_SCOPE):
        return None
    if moment.intent == OUT_OF_SCOPE and taking_values(moment):
        # A number alone asks nothing, whatever was asked before it.
        return None
    if moment.task is None:
        return await _answered(moment, intent)
    if _is_about_task(moment):
        return None
    is_sure = moment.parse.intent.confidence >= _SURE
    return await _answered(moment, intent) if is_sure or _best(moment, intent) else None


def _asks_on(moment: Moment) -> bool:
    """Whether it goes on where an answer ended, and is about what is written: 「那液体呢」."""
    phrases, faq = moment.phrases, moment.scripts.faqs.get(moment.consulted)
    if faq is None or moment.task or moment.business or not moment.has_cue(phrases.follow_cues):
        return False
    if moment.intent in ACTS and moment.is_certain:
        # 「好的，再见」
        return False
    subject = without(moment.text, phrases.follow_fillers).strip(" ，。？?！!")
    declared = _declared(moment, moment.consulted)
    return bool(subject and _near(moment.consulted, declared, faq, subject))


async def overheard(moment: Moment) -> list[Reply] | None:
    """What was not understood may all the same be a question, word for word or nearly."""
    if moment.intent != OUT_OF_SCOPE:
        return None
    for intent in moment.scripts.faqs:
        match = _best(moment, intent)
        if match is not None and match.score >= _OVERHEARD:
            return await _told(moment, intent, match.entry)
    return None


def answered(moment: Moment, asked: Parse) -> str:
    """The words that answer a question which was asked beside something else."""
    intent = asked.intent.name
    # Without the wish beside it little may be left of a question: 「充一百，有优惠吗」.
    match = _best(moment, intent, asked.text) or _best(moment, intent)
    return _words(moment, intent, match.entry) if match else _declared(moment, intent).none


async def chosen(moment: Moment, name: str) -> list[Reply] | None:
    """A question was chosen, ``consult/baggage``, or the business that answers them as such.

    None where it is neither, or its entry is not there any more.
    """
    intent, _, id = name.partition("/")
    faq = moment.scripts.faqs.get(intent)
    if faq is None or (id and id not in faq):
        return None
    return await _told(moment, intent, faq[id]) if id else await _asked(moment, intent)


def _is_about_task(moment: Moment) -> bool:
    """Whether it answers the open question, or asks why that is asked."""
    slot = moment.asked_slot
    has_reason = slot is not None and bool(slot.why)
    asks_why = moment.has_cue(moment.phrases.why_cues) and (has_reason or not _fits(moment))
    takes_all = moment.asks_free_text() and not (is_no_answer(moment) or _is_question(moment))
    if moment.asks_free_text() and not takes_all:
        return asks_why
    is_at_confirm = slot is None
    reading = moment.read(loose=is_at_confirm)
    # 「老婆临时有事去不了」 asks nothing.
    drops = any(e.type == "cue" and e.value in moment.phrases.drop_cues for e in reading.entities)
    values = reading.values
    asks = moment.has_cue(moment.phrases.question_cues) or _ASKS.search(moment.text)
    # 「手续费一次付」 is for the slot of that name, and asks nothing of it.
    is_told = not asks and any(
        word in moment.text for name in values for word in moment.script.slots[name].called
    )
    fills = drops or bool(values if is_at_confirm else moment.asked & values.keys())
    return asks_why or takes_all or is_told or holds_answer(moment) or (fills and not _fits(moment))


def _is_question(moment: Moment) -> bool:
    """Whether words in place of free text ask what has an answer: 「上门要收费吗」."""
    asks = moment.has_cue(moment.phrases.question_cues) or _ASKS.search(moment.text)
    return moment.parse.intent.confidence >= _SURE and bool(asks) and _fits(moment)


def _fits(moment: Moment) -> bool:
    """Whether any entry answers what was said, beyond doubt."""
    found = (_best(moment, intent) for intent in moment.scripts.faqs)
    return any(match is not None and match.score >= _OVERHEARD for match in found)


async def _answered(moment: Moment, intent: str) -> list[Reply]:
    declared, faq = _declared(moment, intent), moment.scripts.faqs[intent]
    if _asks_nothing(moment.text, declared):
        return await _asked(moment, intent)
    match = _best(moment, intent)
    if match is not None:
        return await _told(moment, intent, match.entry)
    moment.trace.reject = "no_answer"
    moment.session.inquiring = intent
    near = _near(intent, declared, faq, moment.text)
    if not near:
        return [moment.say(declared.none), *await _back(moment)]
    # Numbers belong to the choices of the open question, if there is one.
    buttons: tuple[Button, ...] = plainly(near)
    if moment.task is None:
        moment.session.offers, buttons = list(near), numbered(near)
    return [moment.say(declared.unsure, *buttons), *await _back(moment)]


async def _asked(moment: Moment, intent: str) -> list[Reply]:
    moment.session.inquiring = intent
    return [moment.say(_declared(moment, intent).ask), *await _back(moment)]


async def _told(moment: Moment, intent: str, entry: Entry) -> list[Reply]:
    moment.trace.task = moment.trace.done = moment.session.consulted = intent
    return [Reply(text=_words(moment, intent, entry)), *await moment.resume(finished=True)]


def _words(moment: Moment, intent: str, entry: Entry) -> str:
    answer = moment.scripts.by_intent[intent].answer
    row = {"id": entry.id, "title": entry.title, "answer": entry.answer, "source": entry.source}
    return words.say(answer.say, {"row": row, "member": moment.member, "now": moment.acts.now})


async def _back(moment: Moment) -> list[Reply]:
    return await moment.resume(finished=False)


def _best(moment: Moment, intent: str, question: str = "") -> Match | None:
    """The entry that answers: one that fits, and better than any other."""
    declared = _declared(moment, intent)
    question = question or moment.text
    first, *others = [*moment.scripts.faqs[intent].find(question, most=2), None]
    if first is None or first.score < declared.floor:
        return None
    second = others[0]
    leads = second is None or first.score - second.score >= declared.lead
    is_asked = squeeze(question) in map(squeeze, first.entry.questions)
    return first if leads or is_asked else None


def _near(intent: str, declared: FaqOf, faq: Faq, question: str) -> tuple[Offer, ...]:
    found = faq.find(question, most=declared.near)
    worth = [match.entry for match in found if match.score >= declared.floor / 2]
    return tuple(Offer("", f"{intent}/{entry.id}", entry.title) for entry in worth)


def _asks_nothing(text: str, declared: FaqOf) -> bool:
    return not squeeze(without(text, declared.bare)) if declared.bare else False


def _declared(moment: Moment, intent: str) -> FaqOf:
    declared = moment.scripts.by_intent[intent].answer.faq
    assert declared is not None  # noqa: S101 - it is among the faqs
    return declared
