"""Whether a message is consent to what was read back, and to nothing else.

What is done cannot be undone. A yes counts only where nothing stands beside it but words that may
and values that were read back: 「好，给我老婆」, 「确认，12F」 and 「可以，明天再说」 do nothing.
"""

from __future__ import annotations

import re

from engine.dialog.moment.moment import Moment
from engine.dialog.wording import words
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import OUT_OF_SCOPE

CLAUSE = re.compile(r"[^\w]+")
#: 「充不充」, 「要不要」: both at once, which is neither a yes nor a no.
_A_NOT_A = re.compile(r"(\w{1,2})[不没]\1")
#: What says nothing beside a yes.
_PARTICLES = re.compile(r"[\W吧呗的了啦哈啊呀哦嘛]")
#: What may stand after a question whether it has happened.
_AFTER = "呀啊呢哦哈。！!？?~ "
#: Chinese words without a numeral in them: 三 is not 张三.
_WORDS = re.compile(r"(?:(?![〇零一二两三四五六七八九十百千万])[\u4e00-\u9fff])+")
#: A question whether it has happened asks nothing else when it is this short.
_SHORT = 8
#: Intents that words of consent may resemble: 「可以，谢谢啊」.
_NO_ANSWER = (OUT_OF_SCOPE, "chitchat", "thanks")


def is_clear_yes(moment: Moment) -> bool:
    """Whether a yes is beyond doubt, for nothing can be undone.

    A classifier alone takes 「好慢」, 「确认不充」 and 「对面的号」 for one. It must be known
    as a yes, or consist of words of consent, words that may stand beside them and values that
    were read back.
    """
    if moment.has_cue(moment.phrases.doubt_cues) or is_to_another(moment):
        return False
    if _is_known_yes(moment):
        return True
    return _is_consent(moment, _without_values(moment))


def agrees(moment: Moment) -> bool:
    """Whether a clause is consent and no other one takes it back, whatever else they hold."""
    if moment.has_cue(moment.phrases.doubt_cues) or is_to_another(moment):
        return False
    if _is_known_yes(moment):
        return True
    consents, rest = _weighed(moment, _without_values(moment))
    return consents and not any(cue in rest for cue in moment.phrases.contrary_cues)


def consents(moment: Moment) -> bool:
    """Whether words that resemble the business itself are a yes to it: 「我要充」, 「同意充值」.

    Its name alone is none: 「我要充值」 may begin it anew.
    """
    phrases, task = moment.phrases, moment.task
    if task is None:
        return False
    rest = without(moment.text, moment.script.agreed)
    # Its own words of consent may sound like the business that began it: 「关」 of a notice. Where
    # there is nothing else, to the classifier 「退吧」 may be any act.
    own = moment.scripts.by_intent if rest != moment.text else ()
    is_own = rest != moment.text and _is_consent(moment, _without_values(moment))
    if not is_own and moment.intent not in (task.intent, *moment.script.within, *_NO_ANSWER, *own):
        return False
    said = (*phrases.unchanged_cues, *phrases.yes_fillers, *phrases.yes_cues)
    beside = without(rest, said)
    # 「好的谢谢」 is a yes, though its words are known for thanks.
    # What was rejected is not certain of anything, unless it was trained so.
    is_certain = moment.parse.is_known or (moment.is_certain and moment.intent != OUT_OF_SCOPE)
    is_known = is_certain and not (is_own or moment.intent == "thanks")
    if is_known or any(cue in beside for cue in phrases.contrary_cues):
        return False
    is_named = any(cue in moment.text for cue in phrases.naming_cues)
    if is_named and not any(cue in moment.text for cue in phrases.sure_cues):
        return False
    return agrees(moment)


def only_takes_note(moment: Moment) -> bool:
    """Whether a bare 「好的」 comes after the answer was put off: it takes note, and is no yes."""
    task, cues = moment.task, moment.phrases.take_note_cues
    if task is None or not task.put_off or moment.inbound.payload:
        return False
    return not _PARTICLES.sub("", without(moment.text, cues))


def names_it(moment: Moment) -> bool:
    """Whether a yes says what it is to: 确认, 充吧, 继续办, and neither 是的 nor 对."""
    return moment.has_cue((*moment.phrases.firm_cues, *moment.script.agreed))


def is_to_another(moment: Moment) -> bool:
    """Whether words name the deed of another business: 「充吧」 where a check-in was read back."""
    script = moment.script
    rest = without(moment.text, (*moment.phrases.yes_cues, *script.verbs, *script.agreed))
    deeds = [
        verb for it in moment.scripts.by_intent.values() if it is not script for verb in it.verbs
    ]
    return any(verb in rest and not stands_in_readback(moment, verb) for verb in deeds)


def is_own(moment: Moment) -> bool:
    """Whether the script's own words of consent are all there is: 「订阅」 of a notice.

    「我要充值」 is not: who says so may begin anew.
    """
    rest = without(moment.text, moment.script.agreed)
    if rest == moment.text or moment.has_cue(moment.phrases.doubt_cues):
        return False
    return not _PARTICLES.sub("", without(rest, moment.phrases.yes_cues))


def is_vague(moment: Moment) -> bool:
    """Whether words could be a yes or a no here: 「取消」 where the question is 「取消吗」."""
    is_typed = not moment.inbound.payload
    rest = without(moment.text, moment.script.vague)
    denied = any(cue in rest for cue in (*moment.phrases.contrary_cues, *moment.phrases.drop_cues))
    if denied or not is_typed or not moment.has_cue(moment.script.vague):
        return False
    return not names_vaguely(moment)


def names_vaguely(moment: Moment) -> bool:
    """Whether a vague word stands beside a yes, which says how it is meant: 「是的，取消」."""
    script, rest = moment.script, without(moment.text, moment.script.vague)
    if not script.vague or rest == moment.text or moment.has_cue(moment.phrases.doubt_cues):
        return False
    return _is_consent(moment, rest)


def is_undecided(moment: Moment) -> bool:
    """Whether the customer only wonders whether to do it: 「充不充呢」, 「我要不要办」."""
    if moment.inbound.payload or not _A_NOT_A.search(moment.text):
        return False
    phrases = moment.phrases
    consent = (*phrases.yes_cues, *phrases.yes_fillers, *moment.script.agreed)
    left = without(_A_NOT_A.sub(" ", moment.text), consent)
    return not re.sub(r"\W+", "", left)


def asks_whether(moment: Moment) -> bool:
    """Whether a few words only ask whether it has happened: 「充上了没」."""
    is_short = len(moment.text) <= _SHORT and not moment.parse.entities
    # 「好没问题」 asks nothing.
    ends = moment.text.rstrip(_AFTER).endswith(moment.phrases.whether_cues)
    return is_short and not moment.inbound.payload and ends


def asks_what_it_is(moment: Moment) -> bool:
    """Whether a question is only about what was read back, which answers it: 「实付多少」."""
    phrases = moment.phrases
    is_question = moment.has_cue((*phrases.question_cues, *phrases.doubt_cues))
    if moment.inbound.payload or not is_question or moment.has_cue(phrases.why_cues):
        return False
    said = (*phrases.about_it_cues, *phrases.yes_cues, *phrases.yes_fillers, *phrases.own_cues)
    left = without(moment.text, (*said, *moment.script.agreed))
    return all(_is_read_back(moment, piece) for piece in re.findall(r"\w+", left))


def leaves_as_it_is(moment: Moment) -> bool:
    """Whether words only say that something of what was read back does not change: 「金额不变」."""
    phrases = moment.phrases
    rest = without(moment.text, phrases.unchanged_cues)
    if rest == moment.text or moment.inbound.payload or moment.read(loose=True):
        return False
    said = (*phrases.yes_cues, *moment.script.agreed, *phrases.contrary_cues)
    return not any(cue in rest for cue in said)


def _is_known_yes(moment: Moment) -> bool:
    return moment.intent == "affirm" and moment.is_certain


def _is_consent(moment: Moment, text: str) -> bool:
    consents, rest = _weighed(moment, text)
    return consents and not rest


def _weighed(moment: Moment, text: str) -> tuple[bool, str]:
    """Whether a clause is consent, and what all of them say beside it."""
    yes = frozenset((*moment.phrases.yes_cues, *moment.script.agreed))
    beside = (*moment.phrases.yes_fillers, *moment.phrases.unchanged_cues)
    known = words.either((*yes, *beside))
    consents, rest = False, ""
    for clause in map(fold, CLAUSE.split(text)):
        pieces = known.sub(" ", clause).split()
        more = "".join(piece for piece in pieces if not _is_read_back(moment, piece))
        consents |= not more and not yes.isdisjoint(known.findall(clause))
        rest += more
    return consents, rest


def _is_read_back(moment: Moment, piece: str) -> bool:
    """Whether words, or a number as a whole, stand in what the customer answers: 「5678那个」."""
    takes_back = any(cue in piece for cue in moment.phrases.contrary_cues)
    if takes_back or not (piece.isdecimal() or _WORDS.fullmatch(piece)):
        return False
    return stands_in_readback(moment, piece)


def stands_in_readback(moment: Moment, piece: str) -> bool:
    """Whether words, or a number as a whole, stand in what was said last."""
    told = "".join(reply.text for reply in moment.session.last)
    # 30 is no part of 08:30, nor 49 of 49.8.
    beside = "A-Za-z0-9:." if piece.isdecimal() else "A-Za-z0-9"
    return bool(re.search(rf"(?<![{beside}]){re.escape(piece)}(?![{beside}])", told))


def _without_values(moment: Moment) -> str:
    text = moment.text
    for entity in moment.read(loose=True).entities:
        text = text.replace(entity.text, " ")
    return text


def without(text: str, said: tuple[str, ...]) -> str:
    """The text with a space in place of each of the words."""
    return words.either(said).sub(" ", text)
