"""Which business is meant, where a message leaves it open: what was said so far is kept."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.dialog.acts.acts import ACTS
from engine.dialog.judging.consenting import without
from engine.dialog.moment import intending
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.coverage import amounts_alone, beside, coverage
from engine.dialog.reading.including import Cues
from engine.dialog.reading.labels import PATTERN
from engine.dialog.reading.reading import Reading, read
from engine.dialog.reading.vocabulary import overlap
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.wording import words
from engine.message import Reply
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Intent, Parse

#: Two intents this close, each with this much behind it, are worth a question.
_CLOSE, _PLAUSIBLE = 0.25, 0.2
_JOINT = "，"
#: A business that is this likely by its words is meant when one of its choices is named as well.
_LIKELY = 0.5
#: One that is this likely is meant when all values that were told are of its kinds.
_LIKELIEST = 0.85
#: What is as likely as this by its words is no guess, whatever values are beside them.
_BEYOND_DOUBT = 0.95
#: Kinds of what is found by the words of a script.
_OWN = frozenset((PATTERN, "choice", "cue", "named", "word"))
_CHOSEN = (PATTERN, "choice")
#: What proves who somebody is says nothing of what is wished for.
_PROOF = frozenset(("id_number", "order_no"))
#: Values are all that was said where they are this much of it.
_NEARLY_ALL = 0.8
#: Characters beside the values that name nothing else, and words that tell together.
_FEW, _SEVERAL = 1, 2
#: As coverage counts it, one character.
_CODE = re.compile("[A-Za-z0-9]+")
#: Between two of which one is to be chosen.
_OR = "还是"
#: What may stand around a word.
_PARTICLES = " 吧呗啊呀，。！!~"
#: So likely, what it needs will do.
_MUCH_LIKE = 0.8


async def told_more(moment: Moment) -> list[Reply] | None:
    """Who is asked which business is meant says more: it counts together with what was said.

    「我女朋友停机了」 … 「她号13312345678」 … 「先充50」: nothing of it may be lost, or her money
    goes to the customer's own number.
    """
    before, offers = moment.session.wondering, moment.session.offers
    names = [offer.value for offer in offers if not offer.slot]
    if before is None or not names or moment.task is not None or moment.inbound.payload:
        return None
    if agreed := _agreeing(moment, names):
        moment.parse = replace(moment.parse, intent=Intent(agreed, 1.0))
    is_chosen = moment.business in names
    if not is_chosen and not _is_more_of_it(moment, names):
        return None
    knowing = _knowing(moment, names)
    moment.parse = _together(before, moment.parse)
    if not is_chosen and len(knowing) == 1 < len(names):
        # 「户主是张三」: only one of them has anything to do with a name.
        moment.parse = replace(moment.parse, intent=Intent(knowing[0], 1.0))
        return None
    return None if is_chosen else [moment.offer_intents(moment.phrases.clarify, names)]


def _agreeing(moment: Moment, names: list[str]) -> str:
    """The one business of which a word of consent is all that is said: 「充」 of 充话费."""
    said = without(moment.text, moment.phrases.yes_fillers).strip(_PARTICLES)
    known = [name for name in names if said in moment.scripts.by_intent[name].agreed]
    return known[0] if len(known) == 1 else ""


def _naming_choices(moment: Moment) -> str:
    """The business that words resemble most, where they name one of its fixed choices as well.

    A company with few phrases has taught few ways to ask for it: 「明早九点皮肤科，我叫…」.
    """
    best = moment.parse.ranking[0] if moment.parse.ranking else None
    if moment.intent != OUT_OF_SCOPE or best is None or best.confidence < _LIKELY:
        return ""
    script = moment.scripts.by_intent.get(best.name)
    if script is None or script.within or not script.menu:
        return ""
    if intending.is_beyond(best.name, moment.text, moment.scripts):
        return ""
    fixed = [c for slot in script.slots.values() for c in slot.choices if not slot.if_yes]
    named = any(len(c.label) > 1 and c.label in moment.text for c in fixed)
    told = _fits(moment, best.confidence, script) or _tells(moment, script, best.confidence)
    return best.name if named or told else ""


def _fits(moment: Moment, likely: float, script: Script) -> bool:
    """Whether words most like one business hold what it is done with: 「宽带先付五十块」."""
    if likely < _LIKELIEST or moment.has_cue(moment.phrases.question_cues):
        return False
    if taking_values(moment):
        return False
    kinds = {kind for slot in script.slots.values() for kind in slot.type}
    told = {entity.type for entity in moment.parse.entities if entity.strict and entity.value}
    return bool(told) and told <= kinds


def _tells(moment: Moment, script: Script, confidence: float) -> bool:
    """Whether words that are much like a business say in its own words what it needs: 「三份」."""
    if confidence < _MUCH_LIKE:
        return False
    told = read(moment.text, moment.parse.entities, script, Task("", script.intent), loose=False)
    return any(entity.type in _OWN for entity in told.entities)


def _knowing(moment: Moment, names: list[str]) -> list[str]:
    """Those of the businesses that know all of the kinds of values that were told."""
    told = {entity.type for entity in moment.parse.entities if entity.strict and entity.value}
    known = {
        name: {kind for slot in moment.scripts.by_intent[name].slots.values() for kind in slot.type}
        for name in names
    }
    return [name for name in names if told and told <= known[name]]


def _is_more_of_it(moment: Moment, names: list[str]) -> bool:
    """Whether words name no business, and a value: of the only one that is offered, any value."""
    values = (entity for entity in moment.parse.entities if entity.value)
    has_values = any(entity.strict or len(names) == 1 for entity in values)
    return has_values and moment.intent == OUT_OF_SCOPE


def _together(before: Parse, now: Parse) -> Parse:
    """Both messages as one. What the later one says anew of a kind holds: 「后天」 … 「明天的」."""
    anew = {entity.type for entity in now.entities if entity.strict and entity.value}
    kept = [e for e in before.entities if not (e.strict and e.type in anew)]
    shift = len(before.text) + len(_JOINT)
    moved = (replace(e, start=e.start + shift, end=e.end + shift) for e in now.entities)
    return replace(now, text=f"{before.text}{_JOINT}{now.text}", entities=(*kept, *moved))


def taking_values(moment: Moment) -> list[str]:
    """The businesses that can use values which are all that was said: 「CA1234」, 「CA1234 谢谢」.

    Those that can use all of them, where there are any.
    """
    strict = [entity for entity in moment.parse.entities if entity.strict and entity.value]
    told = [*strict, *amounts_alone(moment.parse.text, moment.parse.entities)]
    if moment.intent != OUT_OF_SCOPE or not strict or not _is_nearly_all(moment, told):
        return []
    kinds = {entity.type for entity in told}
    taken = {
        script.intent: kinds & {kind for slot in script.slots.values() for kind in slot.type}
        for script in moment.scripts.listed
        if not script.within
    }
    most = max(map(len, taken.values()), default=0)
    fewest = most if most == len(kinds) else 1
    return [name for name, known in taken.items() if len(known) >= fewest]


def _is_nearly_all(moment: Moment, told: list[Entity]) -> bool:
    """Whether values are all that was said, but for words that only go along: 谢谢."""
    fillers = words.either(moment.phrases.yes_fillers)
    left = fillers.sub(lambda said: " " * len(said[0]), moment.parse.text)
    return coverage(left, told) >= _NEARLY_ALL


def _holding_most(moment: Moment) -> str:
    """The one business for which all words are values: 「明天的飞机 15c」, 「我跟老婆办」.

    One of the values must tell it from all others: a kind that no other one takes, or people where
    no other one takes a list of them.
    """
    is_guess = bool(moment.business) and moment.parse.intent.confidence < _BEYOND_DOUBT
    is_open = moment.intent == OUT_OF_SCOPE or is_guess
    is_certain = moment.parse.is_known or moment.intent in ACTS
    if not is_open or is_certain or moment.has_cue(moment.phrases.question_cues):
        return ""
    listed = [script for script in moment.scripts.listed if not script.within]
    told = [script for script in listed if _left_of(moment, script, listed) <= _FEW]
    is_one = len(told) == 1 and told[0].intent != moment.business
    return told[0].intent if is_one else ""


def _left_of(moment: Moment, script: Script, listed: list[Script]) -> int:
    """How many characters are no value of a script; endless where none of them tells it."""
    phrases = moment.phrases
    cues = Cues(phrases.add_cues, phrases.drop_cues)
    task = Task("", script.intent)
    reading = read(moment.text, moment.parse.entities, script, task, loose=False, cues=cues)
    codes = [entity for entity in moment.parse.entities if entity.strict and entity.value]
    is_all = all(any(overlap(e, told) for told in reading.entities) for e in codes)
    if not is_all or not _is_telling(reading, script, listed):
        return _FEW + 1
    beside_them = "".join(beside(moment.text, reading.entities))
    said = (*phrases.yes_fillers, *phrases.yes_cues, *phrases.follow_fillers, *phrases.rather_cues)
    left = without(beside_them, (*said, *phrases.dayparts)).replace(" ", "")
    return len(_CODE.sub("-", left))


def _is_telling(reading: Reading, script: Script, listed: list[Script]) -> bool:
    others = {k for each in listed if each != script for s in each.slots.values() for k in s.type}
    own = {kind for slot in script.slots.values() for kind in slot.type} - others - _PROOF
    people = [entity for entity in reading.entities if entity.type == "word"]
    has_list = any(script.slots[name].many for name in reading.values)
    codes = [entity for entity in reading.entities if entity.strict and entity.value]
    is_told = len(people) >= _SEVERAL or any(each.type not in _OWN for each in codes)
    return any(each.type in own for each in codes) or (has_list and bool(people) and is_told)


def _answering_most(moment: Moment) -> str:
    """The one business of which words that nobody has taught answer several questions.

    One of the answers is a choice of its own: 「晚上十点半从万达回家，自动挡」.
    """
    if moment.intent != OUT_OF_SCOPE or moment.has_cue(moment.phrases.question_cues):
        return ""
    answered = {
        script.intent: _answers(moment, script)
        for script in moment.scripts.listed
        if not script.within and not intending.is_beyond(script.intent, moment.text, moment.scripts)
    }
    most = max(answered.values(), default=0)
    best = [name for name, count in answered.items() if count == most]
    return best[0] if most >= _SEVERAL and len(best) == 1 else ""


def _answers(moment: Moment, script: Script) -> int:
    """How many questions of a script are answered; none where no choice of its own is named."""
    task = Task("", script.intent)
    reading = read(moment.text, moment.parse.entities, script, task, loose=False)
    chosen = [e for e in reading.entities if e.type in _CHOSEN and len(e.text) >= _SEVERAL]
    return len(reading.values) if chosen else 0


def _either(moment: Moment) -> list[str]:
    """The two businesses between which a message leaves the choice: 「充话费还是交宽带」."""
    parts = moment.text.split(_OR)
    if moment.has_cue(moment.phrases.desk.not_cues):
        # 「不充话费，还是交宽带吧」
        return []
    said = [
        [script.intent for script in moment.scripts.listed if any(v in part for v in script.verbs)]
        for part in parts
    ]
    names = [name for each in said for name in each]
    is_each = len(parts) == 2 and all(len(each) == 1 for each in said)
    return names if is_each and len({*names}) > 1 else []


async def unclear(moment: Moment) -> list[Reply] | None:
    """Two businesses are about equally likely: ask which one, unless its own words name one."""
    if moment.task or moment.business not in ("", moment.intent):
        return None
    if either := _either(moment):
        return [moment.offer_intents(moment.phrases.clarify, either)]
    if holding := _holding_most(moment):
        return await moment.start(holding, moment.parse.entities)
    if choosing := _naming_choices(moment) or _answering_most(moment):
        return await moment.start(choosing, moment.parse.entities)
    likely = [
        intent
        for intent in moment.parse.ranking[:2]
        if intent.name in moment.scripts.by_intent and intent.confidence >= _PLAUSIBLE
    ]
    close = len(likely) == 2 and likely[0].confidence - likely[1].confidence <= _CLOSE
    names = [intent.name for intent in likely] if close else taking_values(moment)
    return [moment.offer_intents(moment.phrases.clarify, names)] if names else None
