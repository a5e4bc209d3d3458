"""A list of rows that is complete, and that somebody adds to or takes from: 「再加一杯拿铁」."""

from __future__ import annotations

from engine.dialog.moment.moment import Moment
from engine.message import Reply


async def regrouped(moment: Moment) -> list[Reply] | None:
    """One more of the rows that a list was chosen from, or one less: 「再加一杯拿铁」."""
    if moment.task is None or moment.inbound.payload or moment.takes_several():
        return None
    phrases = moment.phrases
    is_more, is_less = moment.has_cue(phrases.add_cues), moment.has_cue(phrases.drop_cues)
    if not (is_more or is_less) or moment.has_cue(phrases.question_cues):
        return None
    put = await moment.form.regrouped(moment.text, adding=is_more, dropping=is_less)
    if not put:
        return None
    moment.trace.repair = "correction"
    moment.form.put(put)
    return await moment.follow(await moment.form.advance())
