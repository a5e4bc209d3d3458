"""One of the rows that the last answer showed: 「第二个几点到」, 「东航那班」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.business.provider import Row
from engine.dialog.choices.choosing import meant
from engine.dialog.moment import referring
from engine.dialog.moment.moment import Moment
from engine.dialog.reading.reading import Reading
from engine.dialog.scripts.closing import Closing
from engine.dialog.state.session import Done, Offer
from engine.dialog.wording import words

#: A moment in a row; the first one is when it begins.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?P<hour>\d\d):\d\d.*")
#: Rows of which one can be pointed at.
_SEVERAL = 2
#: A business is asked for beyond doubt when it is this sure.
_CLEAR = 0.95
#: What points at one of several things.
_POINTS = re.compile("[那这第哪]|班|趟")
#: An hour without its minutes.
_HOUR = re.compile(r"(?P<hour>\d\d):00")
#: 「有晚一点的吗」 asks for others than were shown.
_FURTHER = re.compile("一[点些]|些|更|再")


def picked(moment: Moment, done: Done) -> Reading | None:
    """The values by which the one row that is meant is asked for; None where none is."""
    row = _row(moment, done)
    picks = moment.scripts.by_intent[done.intent].answer.picks
    return Reading({name: str(row[name]) for name in picks if row.get(name)}) if row else None


def _row(moment: Moment, done: Done) -> Row | None:
    is_further = _FURTHER.search(moment.text) and not _counts(moment)
    if not done.rows or is_further or _wishes_anew(moment, done):
        return None
    offers = [_offer(number, row) for number, row in enumerate(done.rows)]
    return _named(moment, offers) or _at_the_hour(moment, offers)


def _counts(moment: Moment) -> bool:
    return any(entity.type == "ordinal" for entity in moment.parse.entities)


def points(text: str) -> bool:
    """Whether words point at one of several things: 最晚那班."""
    return _POINTS.search(text) is not None


def _wishes_anew(moment: Moment, done: Done) -> bool:
    """Whether the same is clearly asked for anew: 「查一下最近的订单」 after a list of them."""
    is_clear = moment.intent == done.intent and moment.parse.intent.confidence >= _CLEAR
    return is_clear and not (points(moment.text) or moment.has_cue(moment.phrases.question_cues))


def pointed_at(moment: Moment) -> tuple[dict[str, str], Row]:
    """What another business takes of the row that is meant, and the row; nothing where none is.

    「第三班有延误就告诉我」: by what that row is asked for, and what the answer would give had it
    shown the row alone.
    """
    row, answer = _chosen(moment) or _shown(moment) or (None, None)
    if row is None or answer is None:
        return {}, {}
    names = {"row": row, "rows": [row]}
    given = {name: words.evaluate(text, names) for name, text in answer.gives.items()}
    by = {name: row.get(name) for name in answer.picks}
    return {name: str(value) for name, value in (given | by).items() if value}, row


def _shown(moment: Moment) -> tuple[Row, Closing] | None:
    """The row of the last answer that is meant, where it showed several."""
    last = next(referring.recent(moment), None)
    if last is None or len(last.rows) < _SEVERAL or last.intent not in moment.scripts.by_intent:
        return None
    row = _row(moment, last)
    return (row, moment.scripts.by_intent[last.intent].answer) if row else None


def is_chosen(moment: Moment) -> bool:
    """Whether words choose for another business what a question of the running one waits for."""
    return _chosen(moment) is not None


def _chosen(moment: Moment) -> tuple[Row, Closing] | None:
    """The row that is meant of those among which a question waits: 「第二个帮我值机」."""
    if moment.task is None or not moment.script.answer.picks or not _counts(moment):
        return None
    row = _named(moment, [offer for offer in moment.session.offers if offer.row])
    return (row, moment.script.answer) if row else None


def _offer(number: int, row: Row) -> Offer:
    """A row as it is told of: by when it begins, and by no other moment."""
    moments = [key for key, cell in row.items() if _MOMENT.fullmatch(str(cell))]
    told = {key: cell for key, cell in row.items() if key not in moments[1:]}
    return Offer("row", f"row {number}", f"row {number}", told)


def _named(moment: Moment, offers: Sequence[Offer]) -> Row | None:
    text, dayparts = _without_question(moment), moment.phrases.dayparts
    left = meant(offers, text, moment.parse.entities, dayparts)
    return left[0].row if len(left) == 1 else None


def _at_the_hour(moment: Moment, offers: Sequence[Offer]) -> Row | None:
    """The only row that begins within the hour that is said: 「两点那班」."""
    hours = {
        hour["hour"]
        for entity in moment.parse.entities
        if entity.type == "time" and (hour := _HOUR.fullmatch(entity.value or ""))
    }
    left = [offer.row for offer in offers if _hour(offer) in hours]
    return left[0] if len(left) == 1 else None


def _hour(offer: Offer) -> str:
    begins = (_MOMENT.fullmatch(str(cell)) for cell in (offer.row or {}).values())
    return next((found["hour"] for found in begins if found), "")


def _without_question(moment: Moment) -> str:
    """The words without the question at their end: 最早那班 of 「最早那班几点到」."""
    text = moment.text
    at = [text.find(cue) for cue in moment.phrases.question_cues if text.find(cue) > 0]
    return text[: min(at)] if at else text
