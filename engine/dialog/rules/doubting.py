"""The rules for what was heard badly: not at all, an unsure yes, a number that may be wrong.

They stand before the rules for words, so that nothing is done on a guess. A number in doubt is
read back, and the whole message waits until the customer says that it is right. Where only one part
of it is in doubt, the customer is told which, and may say that part alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from msgspec.structs import replace

from engine.dialog.judging import consenting
from engine.dialog.moment.moment import Moment
from engine.dialog.moment.voice import Voice, blanked, written
from engine.dialog.rules import parts
from engine.dialog.rules.piecing import Answer, Piece
from engine.dialog.state.session import CONFIRM, Gap
from engine.dialog.state.step import numbered
from engine.message import Button, Reply
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Parse

#: What a tapped yes to a read-back sends, with the digest of the message that it is meant for.
_RIGHT = "heard="

#: Acts by which a customer loses what was said before.
_DROPPING = frozenset({"cancel", "deny", "restart", "goodbye"})


async def trouble(moment: Moment) -> list[Reply] | None:
    """The message could not be listened to: say why, and stay where we are."""
    voice = moment.voice
    if voice is None or not voice.trouble:
        return None
    moment.trace.reject = voice.trouble
    troubles = moment.phrases.voice.troubles
    text = troubles.get(voice.trouble, troubles["default"])
    return await _excuse(moment, moment.say(text, **voice.facts).text)


async def read_back(moment: Moment) -> list[Reply] | None:
    """The answer to a number that was read back: a yes takes the message that waits for it."""
    doubt, payload = moment.session.doubt, moment.inbound.payload
    tapped = payload.startswith(_RIGHT)
    if doubt is None:
        return await _excuse(moment) if tapped else None
    gap, number = moment.session.gap, _waiting(moment, doubt)
    answer = Answer(moment.parse, number, gap, moment.phrases) if number else None
    if number and answer and (piece := answer.piece()):
        return await _put(moment, doubt, number, piece)
    if moment.intent == "repeat":
        return None
    is_yes = payload == _payload(doubt) if tapped else _is_yes(moment)
    is_right = is_yes and not (gap and gap.denied)
    is_wrong = moment.intent == "deny" and not _numbers(moment, moment.parse)
    is_wrong |= answer is not None and answer.denies()
    is_short = gap is not None and answer is not None and answer.is_digits()
    if (tapped or is_yes or is_short) and not (is_right or is_wrong):
        return await _excuse(moment)
    if is_right and _is_unsure(moment.voice, moment.phrases.voice.floors.yes):
        return await _excuse(moment, moment.phrases.voice.unclear)
    if is_wrong and gap and not gap.denied:
        _hold(moment, doubt, replace(gap, denied=True))
        return await _excuse(moment)
    _hold(moment, None)
    if is_right:
        moment.parse, moment.voice = doubt, None
    elif is_wrong:
        return await _excuse(moment, moment.phrases.voice.say_again)
    return None


async def doubtful(moment: Moment) -> list[Reply] | None:
    """What was heard is not sure enough for what it would do."""
    words, voice = moment.phrases.voice, moment.voice
    if voice is None:
        return None
    if _is_unsure(voice, words.floors.unclear) and _must_be_clear(moment):
        moment.trace.reject = "unclear"
        return await _excuse(moment, words.unclear)
    if _would_act(moment) and _is_unsure(voice, words.floors.yes):
        moment.trace.reject = "unsure"
        return await moment.again(words.unsure_yes)
    sure = words.floors.value
    numbers = _numbers(moment, moment.parse)
    in_doubt = [n for n in numbers if voice.confidence_at(n.start, n.end) < sure]
    if not in_doubt:
        return None
    gap = None
    if len(in_doubt) == 1:
        gap = parts.only_unsure(
            moment.parse.text,
            in_doubt[0],
            moment.phrases,
            lambda start, end: voice.confidence_at(start, end) >= sure,
        )
    _hold(moment, moment.parse, gap)
    return [_question(moment, moment.parse, in_doubt)]


def _hold(moment: Moment, doubt: Parse | None, gap: Gap | None = None) -> None:
    """Let a message wait, for a yes or for the digits of the gap; or let none wait any more."""
    moment.session.doubt, moment.session.gap = doubt, gap


def _waiting(moment: Moment, doubt: Parse) -> Entity | None:
    """The number that an answer may put right: the one with the gap, or the only one."""
    numbers, gap = _numbers(moment, doubt), moment.session.gap
    if gap is not None:
        numbers = [n for n in numbers if (n.type, n.start) == (gap.kind, gap.start)]
    return numbers[0] if len(numbers) == 1 else None


async def _put(moment: Moment, doubt: Parse, number: Entity, piece: Piece) -> list[Reply] | None:
    """Digits for the number that waits: it goes on when all of them were heard surely."""
    voice, words, gap = moment.voice, moment.phrases.voice, moment.session.gap
    whole = parts.put(doubt, number, (piece.begin, piece.end, piece.digits), moment.acts.now)
    if whole is None:
        _hold(moment, None)
        return await _excuse(moment, words.say_again)
    # The same digits heard twice are no surer: what sounds like others does so each time.
    is_unsure = voice and voice.confidence_at(piece.start, piece.stop) < words.floors.value
    is_still_open = gap and not piece.begin <= gap.begin < gap.end <= piece.end
    if is_still_open and not is_unsure:
        _hold(moment, whole, gap)
    elif is_unsure and not is_still_open:
        _hold(moment, whole, piece.gap_in(number))
    if is_still_open or is_unsure:
        return await _excuse(moment)
    _hold(moment, None)
    moment.parse, moment.voice = whole, None
    (put,) = (n for n in whole.entities if (n.type, n.start) == (number.type, number.start))
    values = f"{words.kinds[put.type]} {written(put)}"
    moment.preface = moment.say(words.put_together, values=values).text
    return None


def _is_unsure(voice: Voice | None, floor: float) -> bool:
    return voice is not None and voice.meaning < floor


def _must_be_clear(moment: Moment) -> bool:
    """Whether it comes to nothing, or to a loss; whatever else was meant shows in the answer."""
    says_nothing = moment.intent == OUT_OF_SCOPE and not moment.parse.entities
    return says_nothing or moment.intent in _DROPPING


def _is_yes(moment: Moment) -> bool:
    if moment.intent != "affirm" or moment.has_cue(moment.phrases.doubt_cues):
        return False
    return moment.task is None or consenting.is_clear_yes(moment)


def _would_act(moment: Moment) -> bool:
    """Whether this is the yes to an effect."""
    task = moment.task
    return task is not None and task.asking == CONFIRM and moment.intent == "affirm"


def _numbers(moment: Moment, parse: Parse) -> list[Entity]:
    """The values of a message that must not be wrong, and that something could be done with."""
    names, asked = moment.phrases.voice.kinds, _asked_kinds(moment)
    taken = {
        kind
        for script in moment.scripts.by_intent.values()
        for slot in script.slots.values()
        for kind in slot.type
    }
    return [
        entity
        for entity in parse.entities
        if entity.value is not None
        and entity.type in names
        and entity.type in taken
        and (entity.strict or entity.type in asked)
    ]


def _asked_kinds(moment: Moment) -> set[str]:
    if moment.task is None:
        return set()
    slots = moment.script.slots
    asked = slots if moment.task.asking == CONFIRM else moment.asked & slots.keys()
    return {kind for name in asked for kind in slots[name].type}


def _question(moment: Moment, doubt: Parse, in_doubt: Iterable[Entity]) -> Reply:
    """Whether what is in doubt is right: who compares less finds more."""
    words, gap = moment.phrases.voice, moment.session.gap
    moment.trace.repair = "read_back"
    right, wrong = Button(words.right, _payload(doubt)), Button(words.wrong, "/deny")
    if gap is not None:
        (number,) = (n for n in in_doubt if (n.type, n.start) == (gap.kind, gap.start))
        kind, part = words.kinds[gap.kind], parts.name_of(gap, moment.phrases)
        if gap.denied:
            blank = f"{kind} {blanked(number.value or '', gap)}"
            return moment.say(words.part, wrong, number=blank, part=part)
        said = f"{kind} {written(number)}"
        return moment.say(words.read_back_part, right, wrong, number=said, part=part)
    values = [f"{words.kinds[n.type]} {written(n)}" for n in in_doubt]
    return moment.say(words.read_back, right, wrong, values="，".join(values))


def _payload(doubt: Parse) -> str:
    return _RIGHT + hashlib.sha256(doubt.text.encode()).hexdigest()[:8]


async def _excuse(moment: Moment, note: str = "") -> list[Reply]:
    """Say a line, and ask again what was being asked."""
    session = moment.session
    if session.doubt is not None:
        question = _question(moment, session.doubt, _numbers(moment, session.doubt))
        return [moment.say(note), question] if note else [question]
    if moment.task is not None:
        return await moment.again(note)
    buttons = numbered(tuple(session.offers)) or moment.menu()
    return [moment.say(note or moment.phrases.menu, *buttons)]
