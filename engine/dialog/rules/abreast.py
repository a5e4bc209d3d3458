"""Two businesses side by side in one message: 「充话费100 宽带50」; or one, and a question."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from engine.dialog.reading.denying import left_out
from engine.dialog.rules.sure import SURE, Understand
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.script import Script
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.parse import Intent, Parse

#: What stands between names of businesses, and how many of them one message may name.
_JOINED = re.compile("以?及|还有|[和跟与、]")
#: What is said of all that is named is one wish: 「话费没了和欠费了都提醒我」.
_OF_ALL = re.compile("[都各]|分别")
_MOST = 3
#: What puts a wish before those that were said earlier.
_FIRST = re.compile(r"\w{0,3}先")


def wishes_of(parts: list[str], scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The wish of each part, where each says by a word of its own which business it is for.

    That is a verb that only this business has, the name of something that only it deals with, or
    a wish that something be looked up.
    """
    phrases = scripts.phrases
    unsaid = (*phrases.correction_cues, *phrases.rather_cues)
    text = " ".join(parts)
    if len(parts) < 2 or left_out(text) or any(cue in text for cue in unsaid):
        return ()
    parses = [understand(part) for part in parts]
    meant = [_business(parse, scripts) for parse in parses]
    if "" in meant or len({*meant}) < len(meant):
        return ()
    pairs = zip(parses, meant, strict=True)
    wishes = (replace(parse, intent=Intent(business, 1.0)) for parse, business in pairs)
    # 「充50，哦对了先查余额」
    return tuple(sorted(wishes, key=lambda wish: not _FIRST.match(wish.text)))


def joined(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The wish of each of several businesses that are only named: 「值机和充话费」."""
    phrases = scripts.phrases
    parts = _JOINED.split(text.strip())
    is_one = _OF_ALL.search(text) or any(cue in text for cue in phrases.question_cues)
    if is_one or not 1 < len(parts) <= _MOST:
        return ()
    parses = [understand(part) for part in parts]
    named = [_business(parse, scripts) for parse in parses]
    are_apart = len({*named}) == len(named) and not {"", *scripts.faqs} & {*named}
    return tuple(parses) if are_apart and not any(p.entities for p in parses) else ()


def with_question(parts: list[str], scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """A wish with a verb of its business, and the question beside it: 「充一百，开发票吗」."""
    if len(parts) != len(("wish", "question")):
        return ()
    parses = [understand(part) for part in parts]
    asked = [p for p in parses if _is_asked(p, scripts)]
    wished = [p for p in parses if _is_wished(p, scripts)]
    return (*wished, *asked) if len(asked) == len(wished) == 1 else ()


def _is_asked(parse: Parse, scripts: Scripts) -> bool:
    """Whether a question with a written answer is asked: 「老婆有事去不了」 only tells why."""
    phrases, text = scripts.phrases, parse.text
    is_told = any(cue.strip("…") in text for cue in phrases.drop_cues)
    is_question = not is_told or any(cue in text for cue in phrases.question_cues)
    return parse.intent.name in scripts.faqs and parse.intent.confidence >= SURE and is_question


def _is_wished(parse: Parse, scripts: Scripts) -> bool:
    """Whether the verb of a business says that it is to be done: not so in 「我充了100」."""
    like = scripts.by_intent.get(parse.intent.name)
    if like is None or not like.verbs or parse.intent.confidence < SURE:
        return False
    return re.search(f"(?<![不没别])(?:{either(like.verbs)})(?![了过错])", parse.text) is not None


def _business(parse: Parse, scripts: Scripts) -> str:
    like = scripts.by_intent.get(parse.intent.name)
    is_sure = parse.intent.confidence >= SURE
    if like and is_sure and (_errand().match(parse.text) or _says_verb(parse.text, like)):
        return like.intent
    named = {script.intent for script in scripts.by_intent.values() if _names(parse.text, script)}
    if like and is_sure and like.intent in named:
        return like.intent
    return named.pop() if len(named) == 1 and any(e.value for e in parse.entities) else ""


@functools.cache
def _errand() -> re.Pattern[str]:
    said = lexicon().errand
    return re.compile(rf"(?:{either(said.before)})*(?:{either(said.after)})")


def _says_verb(text: str, script: Script) -> bool:
    return any(verb in text for verb in script.verbs)


def _names(text: str, script: Script) -> bool:
    """Whether something is named that a business with verbs of its own deals with: 宽带."""
    choices = (choice for slot in script.slots.values() for choice in slot.choices)
    return bool(script.verbs) and any(c.pattern and re.search(c.pattern, text) for c in choices)
