"""Whether words in place of an answer are none, or are one though no choice is in such words."""

from __future__ import annotations

import re

from engine.dialog.acts.acts import ACTS
from engine.dialog.judging import consenting
from engine.dialog.moment.moment import Moment
from engine.dialog.reading import freely
from engine.dialog.reading.reading import Reading
from engine.dialog.wording.lexicon import lexicon
from engine.message import Reply
from engine.nlu.parse import OUT_OF_SCOPE

#: Where any words are an answer, these are still none, when the classifier is this sure of them.
_COMMANDS = frozenset({"cancel", "back", "restart", "repeat", "skip", "help"})
#: Acts whose words may well be what is to be written on a card: 我爱你, 谢谢.
_WORDS = frozenset({"chitchat", "greet", "thanks"})
_WRITTEN = re.compile("[写刻印绣]什么|留言|寄语|祝福")
#: A question to the company.
_ASKS_BACK = re.compile(
    "^(?:请问|你们|您们|贵司|贵店).*(?:几|什么|啥|多少|多久|哪|怎么|咋|[吗嘛么呢]|能不能|有没有)"
    "|(?:[吗么]|多少钱|(?:几|什么|哪|怎么|多久|谁).*[？?])[？?]?$"
)
#: Acts that a guess takes a few words for which tell what has happened: 临时有事.
_SMALL_TALK = frozenset({"greet", "chitchat", "thanks", "goodbye"})
_TELLS = re.compile("[\u4e00-\u9fff]{2}")
_PARTICLES = "的吧了呢啊呀哦，。！ "
#: Where any words are an answer, a guess at a command has to be this sure.
_SURE = 0.8


def _asks_for_words(moment: Moment) -> bool:
    """Whether the question is what to write somewhere, and not asked back."""
    asked = moment.asked_slot.ask if moment.asked_slot else ()
    asks_back = moment.has_cue(moment.phrases.question_cues)
    return not asks_back and any(_WRITTEN.search(each) for each in asked)


def asks_why(moment: Moment) -> bool:
    """Whether the question is for a reason, or for what is wrong."""
    asked = moment.asked_slot.ask if moment.asked_slot else ()
    return any(word in each for each in asked for word in lexicon().reasons)


def _only_stops(moment: Moment) -> bool:
    """Whether nothing is said but that it shall end: no 「行程取消了」."""
    phrases = moment.phrases
    stops = (*phrases.stop_cues, *phrases.another_time_cues, *phrases.command_cues["back"])
    left = consenting.without(moment.text, (*stops, *phrases.yes_fillers)).strip(_PARTICLES)
    return left != moment.text and len(left) <= 1


def is_no_answer(moment: Moment) -> bool:
    """Whether words in place of free text are a command or a question about it."""
    if moment.text in (moment.script.yes_label, moment.script.no_label):
        # What stands on a button is no name: 「预订」.
        return True
    if (
        moment.asked_slot
        and moment.asked_slot.skip
        and freely.leaves_out(moment.text, moment.asked_slot)
    ):
        # 「算了不要邮箱」 calls nothing off.
        return False
    sure = moment.parse.intent.confidence
    is_command = moment.intent in _COMMANDS and sure >= _SURE
    if moment.intent == "back" and moment.read().values.keys() - moment.asked:
        # 「打错了，是13900139001」 says what it was to be.
        is_command = False
    if asks_why(moment) and not moment.is_certain and not _only_stops(moment):
        # 「不转了」 of what is broken calls nothing off.
        is_command = False
    if moment.intent == "skip" and moment.asked_slot and not moment.asked_slot.skip:
        # 「什么都打不开」 leaves nothing out where nothing can be left out.
        is_command = False
    if moment.asked_slot and not moment.asked_slot.skip and _ASKS_BACK.search(moment.text):
        # 「你们几点上班」 is no address; a remark that may be left out may well be a question.
        return True
    acts = ACTS.keys() - (_WORDS if _asks_for_words(moment) else frozenset())
    is_known = moment.is_certain and moment.intent in (*acts, *moment.scripts.by_intent)
    return is_command or is_known or moment.has_cue(moment.phrases.why_cues)


async def unlisted(moment: Moment) -> list[Reply] | None:
    """Where a reason is told that is on no button, the one for all others is taken: 「要出差」."""
    slot, others = moment.asked_slot, lexicon().some_other
    cues = (*moment.phrases.question_cues, *moment.phrases.why_cues)
    if slot is None or not asks_why(moment) or moment.has_cue(cues):
        return None
    is_guess = moment.intent in _SMALL_TALK and not moment.is_certain
    is_told = (is_guess or moment.intent == OUT_OF_SCOPE) and _TELLS.search(moment.text)
    other = next((choice.value for choice in slot.choices if choice.label in others), "")
    if moment.task is None or not is_told or not other:
        return None
    return await moment.fill(Reading(values={moment.task.asking: other}))
