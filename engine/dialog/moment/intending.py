"""What the classifier's word for a message is worth: a guess that the words do not bear is none."""

from __future__ import annotations

import re

from engine.dialog.choices.contents import points_at_a_time
from engine.dialog.scripts.loading import Scripts
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import OUT_OF_SCOPE, Parse

_EVEN_ODDS = 0.5
#: Acts with which nothing begins, so that a business that is resembled a little is meant.
_NOT_AT_FIRST = ("back", "restart", "skip")
_SOME, _CLEARLY = 0.01, 3
#: Commands that words only resemble which tell what was done before: 「重启过」.
_COMMANDS = ("restart", "cancel", "back")
_CODES = ("seat", "phone", "id_number", "order_no", "flight_no")
_HAN = re.compile("[\u4e00-\u9fff]")
_REPORTED = re.compile("过[了的]?[，。！]?$")


def intent_of(parse: Parse, scripts: Scripts, *, is_running: bool) -> str:
    """What a message means, or `out_of_scope`: less than even odds are no ground to act on."""
    intent, text, phrases = parse.intent, parse.text.strip(), scripts.phrases
    if is_beyond(intent.name, text, scripts):
        return OUT_OF_SCOPE
    if intent.name in _COMMANDS and _REPORTED.search(text):
        return OUT_OF_SCOPE
    if _is_no_command(parse, text, scripts):
        return OUT_OF_SCOPE
    if intent.name == "skip" and not is_running and has_cue(text, phrases.naming_cues):
        # 「三个人都值机，随便」: with nothing asked, 随便 is no answer to it.
        businesses = (each.name for each in parse.ranking)
        return next((b for b in businesses if b in scripts.by_intent), OUT_OF_SCOPE)
    if not is_running and intent.name in _NOT_AT_FIRST and not parse.is_known:
        return _resembled(parse, scripts) or intent.name
    if intent.name == "greet" and not parse.is_known and _points(parse, scripts, is_running):
        return OUT_OF_SCOPE
    is_likely = parse.is_known or intent.confidence >= _EVEN_ODDS
    return intent.name if is_likely else OUT_OF_SCOPE


def is_beyond(intent: str, text: str, scripts: Scripts) -> bool:
    """Whether words are about what the business that they resemble does not do: 「电费充100」."""
    script = scripts.by_intent.get(intent)
    return script is not None and bool(script.beyond) and has_cue(text, script.beyond)


def has_cue(text: str, cues: tuple[str, ...]) -> bool:
    """Whether one of the words stands in a text, in whichever characters."""
    folded = fold(text)
    return any(cue in text or cue in folded for cue in cues)


def _holds_code(parse: Parse) -> bool:
    """Whether words hold a code, which greets nobody."""
    return any(e.strict and e.value and e.type in _CODES for e in parse.entities)


def _points(parse: Parse, scripts: Scripts, is_running: bool) -> bool:
    """Whether words that resemble a greeting hold a code, or mean something by the hour.

    「早上那班也要」; in the middle of a business those with any value: 「明天下午」.
    """
    if _holds_code(parse) or points_at_a_time(parse.text, scripts.phrases.dayparts):
        return True
    return is_running and any(
        e.value and (e.type in ("date", "time") or (e.strict and e.type != "person"))
        for e in parse.entities
    )


def _resembled(parse: Parse, scripts: Scripts) -> str:
    """The business of words that only look like an act of a task: 「退一下杯子」."""
    likely = [
        each
        for each in parse.ranking
        if each.name in scripts.by_intent and each.confidence >= _SOME
    ]
    is_one = len(likely) == 1 or (
        len(likely) > 1 and likely[0].confidence > _CLEARLY * likely[1].confidence
    )
    return likely[0].name if is_one else ""


def _is_no_command(parse: Parse, text: str, scripts: Scripts) -> bool:
    """Whether words that nobody has seen only resemble an act: a code resembles anything."""
    if parse.is_known:
        return False
    if parse.intent.name in _COMMANDS and not _HAN.search(text):
        return True
    signs = scripts.phrases.command_cues.get(parse.intent.name, ())
    return bool(signs) and not has_cue(text, signs)
