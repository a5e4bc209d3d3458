"""Which of the businesses that a message resembles has room for what it says."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.dialog.reading.reading import read
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

#: A message is told anew only where its intent is a guess.
_SURE = 0.95
#: A business that is less likely than this is not resembled.
_SOME = 0.05
#: How many values a message must hold for a business, and how many more than for the others.
_VALUES, _MORE = 4, 2
_HANDOFF = "handoff"
#: Acts upon what is running, and talk: where nothing runs, what was made before may be meant.
_NOTHING_RUNS = ("cancel", "deny", "chitchat", "goodbye", OUT_OF_SCOPE)
#: How likely a business that takes something back must be then, and how much likelier than others.
_HINT, _CLEARLY = 0.02, 2
#: Words like nothing that was taught mean the business that they are most like, if so likely.
_LIKELY = 0.3


def fitted(parse: Parse, scripts: Scripts) -> Parse:
    """What a message that begins something means: of the businesses that it resembles one.

    「取消」 by any of its names is meant for the business that takes another one back, and what
    holds a day, a name and a phone is no wish for one that has no room for them.
    """
    resembled = [
        scripts.by_intent[each.name]
        for each in parse.ranking
        if each.name in scripts.by_intent and each.confidence >= _SOME
    ]
    ours = list(scripts.by_intent.values())
    is_full = len(parse.entities) >= _VALUES and len(ours) > 1
    if parse.intent.name == _HANDOFF and not parse.is_known and is_full:
        # 「…，联系人李雷，电话139…」 only resembles a call for a person.
        meant = _with_room(parse, ours)
        return replace(parse, intent=Intent(meant.intent, 1.0)) if meant else parse
    if parse.intent.name == OUT_OF_SCOPE and not parse.is_known:
        most = resembled[0] if resembled and parse.ranking[0].confidence >= _LIKELY else None
        if most is not None and _filled(parse, most) >= _VALUES:
            return replace(parse, intent=Intent(most.intent, 1.0))
    if parse.intent.name in _NOTHING_RUNS and (meant := _of_what_was_made(parse, scripts)):
        return replace(parse, intent=Intent(meant.intent, 1.0))
    is_guess = not parse.is_known and parse.intent.confidence < _SURE
    is_between = len(resembled) > 1 and parse.ranking[0].name == resembled[0].intent
    if not is_guess or not is_between:
        return parse
    meant = (
        _taking_back(parse.text, resembled)
        or _with_room(parse, resembled)
        or _taking_nothing_back(parse.text, resembled)
    )
    return replace(parse, intent=Intent(meant.intent, 1.0)) if meant else parse


def _taking_back(text: str, resembled: list[Script]) -> Script | None:
    """The one business that takes another back, where something is not to be: 「去不成了」."""
    words = lexicon().taking_back
    if not re.search("|".join(words.said), text):
        return None
    found = [script for script in resembled if re.match(either(words.titles), script.title)]
    return found[0] if len(found) == 1 else None


def _of_what_was_made(parse: Parse, scripts: Scripts) -> Script | None:
    """The business that takes back what is spoken of as made: 「周日那个我感冒了去不成了」.

    It is clearly likelier than all others that take something back.
    """
    words = lexicon().taking_back
    deeds = (*words.titles, *words.said)
    points = (w for w in words.of_what_is if len(w) > 1 and not any(d.startswith(w) for d in deeds))
    is_of_it = re.search(either(points), parse.text)
    if parse.is_known or not is_of_it or not re.search("|".join(words.said), parse.text):
        return None
    likely = [
        (each.confidence, scripts.by_intent[each.name])
        for each in parse.ranking
        if each.name in scripts.by_intent
        and re.match(either(words.titles), scripts.by_intent[each.name].title)
    ]
    if not likely or likely[0][0] < _HINT:
        return None
    is_clear = len(likely) == 1 or likely[0][0] >= _CLEARLY * likely[1][0]
    return likely[0][1] if is_clear else None


def _taking_nothing_back(text: str, resembled: list[Script]) -> Script | None:
    """The likeliest business but those that take others back, where no word says so: 「代买」."""
    words = lexicon().taking_back
    takes_back = [bool(re.match(either(words.titles), each.title)) for each in resembled]
    if not takes_back[0] or all(takes_back) or re.search(f"[{words.signs}]", text):
        return None
    return resembled[takes_back.index(False)]


def _with_room(parse: Parse, resembled: list[Script]) -> Script | None:
    """The business that has clearly more slots for what is said than all others."""
    if re.search(either(lexicon().taking_back.of_what_is), parse.text):
        # What is told of an order that was made says which one it is.
        return None
    room = [(_filled(parse, script), number) for number, script in enumerate(resembled)]
    (most, number), (next_most, _) = sorted(room, reverse=True)[:2]
    return resembled[number] if most >= max(_VALUES, next_most + _MORE) else None


def _filled(parse: Parse, script: Script) -> int:
    task = Task("", script.intent)
    return len(read(parse.text, parse.entities, script, task, loose=True).values)
