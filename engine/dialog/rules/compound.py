"""Which wishes a message holds: 「先查余额再充一百」."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.dialog.moment.fitting import fitted
from engine.dialog.reading.denying import left_out
from engine.dialog.reading.reading import read
from engine.dialog.rules import abreast, afterwards, kinds, replacing, twice
from engine.dialog.rules.clauses import parts_of, pieces_of, without_put_off
from engine.dialog.rules.sure import Understand, business_of
from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.script import Script
from engine.dialog.state.session import Task
from engine.dialog.wording import words
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

#: Fewer characters than this are no wish: 谢谢, 你好.
_WISH = 4
#: Characters of a message that is still one wish with what it needs.
_ONE_BREATH = 120


@dataclass(slots=True)
class _Group:
    """Parts of a message that belong together, and the business that they are about.

    ``is_beyond``: a wish that is no business of ours.
    """

    text: str
    intent: str = ""
    is_beyond: bool = False


def wishes(
    text: str, scripts: Scripts, understand: Understand, *, active: str = ""
) -> tuple[Parse, ...]:
    """The wishes of a message in order, where there are several; else nothing.

    A single one is the part that is meant: what stands before it is not wanted.

    In a task, which is ``active`` by its intent, what comes before another business is a part of
    its own: 「确认，再查下余额」.
    """
    if left := afterwards.without(text):
        return wishes(left, scripts, understand, active=active) or (understand(left),)
    if one := _singled_out(text, scripts, understand, active):
        return one
    if active and (also := _also(text, scripts, understand, active)):
        return also
    if active:
        text = without_put_off(text, scripts.phrases)
    if not any(cue in text for cue in scripts.phrases.then_cues):
        if active:
            return _each_named(text, scripts, understand, active) or replacing.instead(
                text, scripts, understand, active
            )
        return _at_first(text, scripts, understand)
    parts = parts_of(text, scripts.phrases.then_cues)
    whole = understand(text)
    # 「行李再多存两天」 was taught as one.
    is_taught = whole.is_known and bool(business_of(whole, scripts))
    if is_taught or _is_one(text, parts, scripts, whole.intent.name, active):
        return ()
    groups = _groups(parts, scripts, understand, active)
    businesses = [group for group in groups if group.intent]
    if len(groups) < 2 or not businesses:
        return () if active else _twice(text, scripts, understand)
    return tuple(understand(group.text) for group in groups)


def _at_first(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The wishes of a message with which something begins, and which are not put in order."""
    return (
        replacing.rather(text, scripts, understand)
        or replacing.called_off(text, scripts, understand)
        or _twice(text, scripts, understand)
        or _of_each_kind(text, scripts, understand)
        or abreast.wishes_of(pieces_of(text), scripts, understand)
        or abreast.joined(text, scripts, understand)
        or abreast.with_question(pieces_of(text), scripts, understand)
        or _among_values(text, scripts, understand)
    )


def _groups(
    parts: list[str], scripts: Scripts, understand: Understand, active: str
) -> list[_Group]:
    """The parts of a message by the business that they are about, in their order."""
    groups: list[_Group] = []
    for part in parts:
        parse = understand(part)
        intent = business_of(parse, scripts)
        intent = "" if intent == active else intent
        is_begun = bool(groups) and bool(active or groups[-1].intent or groups[-1].is_beyond)
        is_other = bool(intent) and bool(groups) and intent != groups[-1].intent
        if not groups or (is_begun and is_other):
            groups.append(_Group(part, intent))
        elif groups[-1].intent and _is_beyond(parse, scripts.by_intent[groups[-1].intent]):
            groups.append(_Group(part, is_beyond=True))
        else:
            groups[-1].text += f"，{part}"
            groups[-1].intent = groups[-1].intent or intent
    return groups


def _also(text: str, scripts: Scripts, understand: Understand, active: str) -> tuple[Parse, ...]:
    """All that was said, and the wish in it to do the same once more: 「好，也给我妈充五十」."""
    script, cues = scripts.by_intent.get(active), scripts.phrases.also_cues
    if script is None or any(slot.is_list for slot in script.slots.values()):
        return ()
    phrases = scripts.phrases
    if any(cue in text for cue in (*phrases.another_time_cues, *phrases.correction_cues)):
        # 「改天再给她充」, 「金额也要改」
        return ()
    said = next((p for p in parts_of(text, ()) if any(cue in p for cue in cues)), "")
    said = said or _again_for(text, script, phrases.again_cues, understand)
    if not said:
        return ()
    wish = understand(said)
    types = {kind for slot in script.slots.values() for kind in slot.type}
    names = any(entity.type in types for entity in wish.entities) or any(
        slot.is_for_another(said) for slot in script.slots.values()
    )
    if not names or wish.intent.name not in (active, OUT_OF_SCOPE):
        return ()
    return understand(text), replace(wish, intent=Intent(active, 1.0))


def _again_for(text: str, script: Script, cues: tuple[str, ...], understand: Understand) -> str:
    """The part that does it again for whom it names: 「再充30给13900138000」."""
    kinds = {kind for slot in script.slots.values() if slot.own for kind in slot.type}
    return next(
        (
            part
            for part in parts_of(text, ())
            if any(cue in part for cue in cues)
            and any(entity.type in kinds for entity in understand(part).entities)
        ),
        "",
    )


def _is_one(text: str, parts: list[str], scripts: Scripts, intent: str, active: str) -> bool:
    """Whether words of one business run through all: 「登机牌我删了，再给我发下」."""
    branch = scripts.by_intent.get(scripts.branch(intent, text, active))
    said = (words.cue(cue) for cue in branch.cues) if branch else ()
    return any(cue.search(text) and not any(map(cue.search, parts)) for cue in said)


def _is_beyond(parse: Parse, script: Script) -> bool:
    """Whether words are a wish that nobody here can meet, and no more of the business before."""
    return (
        parse.intent.name in (OUT_OF_SCOPE, "chitchat")
        and len(parse.text) >= _WISH
        and not parse.entities
        and not left_out(parse.text)
        and not read(parse.text, (), script, Task("", script.intent), loose=True)
    )


def _twice(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """One business wished for more than once: 「给我充五十，给13900138000充一百」.

    Each part must name it, or hold the same kinds of values as the one that does; no two may agree
    on what one task has a single place for.
    """
    parts = pieces_of(text, scripts.phrases.then_cues)
    if len(parts) < 2 or any(cue in text for cue in scripts.phrases.correction_cues):
        return ()
    parses = _by_verb([understand(part) for part in parts], scripts)
    named = {name for parse in parses if (name := business_of(parse, scripts))}
    is_unsaid = all(not business_of(p, scripts) or _lacks_verb(p, scripts) for p in parses)
    if is_unsaid and (told := twice.each_named(parses, scripts.by_intent.values())):
        # 「话费30 宽带50」
        return told
    if len(named) != 1:
        return ()
    script = scripts.by_intent[named.pop()]
    wishes = twice.with_intent(parses, script)
    return wishes if twice.are_several(wishes, script, scripts.phrases) else ()


def _singled_out(
    text: str, scripts: Scripts, understand: Understand, active: str
) -> tuple[Parse, ...]:
    """The one of several things that is wanted now: 「手机账单和宽带账单，先付手机的」."""
    ours = [script for name, script in scripts.by_intent.items() if active in ("", name)]
    said, business = twice.singled_out(pieces_of(text), ours) if text else ("", "")
    return (replace(understand(said), intent=Intent(business, 1.0)),) if said else ()


def _each_named(
    text: str, scripts: Scripts, understand: Understand, active: str
) -> tuple[Parse, ...]:
    """What is said of each of several things within their business: 「手机的30 宽带的全交」."""
    phrases, script = scripts.phrases, scripts.by_intent.get(active)
    unsure = (*phrases.correction_cues, *phrases.rather_cues, *phrases.question_cues)
    if script is None or left_out(text) or any(cue in text for cue in unsure):
        return ()
    return twice.each_named([understand(part) for part in pieces_of(text)], (script,))


def _by_verb(parses: list[Parse], scripts: Scripts) -> list[Parse]:
    """The parts of two businesses, those without the verb of theirs left open: 「手机的30」."""
    named = {name for parse in parses if (name := business_of(parse, scripts))}
    unsaid = Intent(OUT_OF_SCOPE, 1.0)
    return [
        replace(parse, intent=unsaid) if len(named) > 1 and _lacks_verb(parse, scripts) else parse
        for parse in parses
    ]


def _lacks_verb(parse: Parse, scripts: Scripts) -> bool:
    script = scripts.by_intent.get(business_of(parse, scripts))
    verbs = script.verbs if script else ()
    return bool(verbs) and not any(verb in parse.text for verb in verbs)


def _of_each_kind(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """Several kinds of one business: 「余额提醒和航班提醒都开」; or one for several people."""
    intent = business_of(understand(text), scripts)
    if not intent:
        return ()
    script = scripts.by_intent[intent]
    said = kinds.wishes_of(text, script, scripts.phrases) or twice.for_both(text, script)
    sure = Intent(intent, 1.0)
    return tuple(replace(understand(each), intent=sure) for each in said)


def _among_values(text: str, scripts: Scripts, understand: Understand) -> tuple[Parse, ...]:
    """The one business that a clause names where the others only say what is needed for it.

    「王芳，女，28号体检，8点半」 is like nothing that was taught, and its third clause is.
    """
    whole = understand(text)
    if whole.intent.name != OUT_OF_SCOPE or len(text) > _ONE_BREATH:
        return ()
    parts = [each for part in parts_of(text, ()) for each in (part, *part.split()) if each != text]
    named = {
        name for part in parts if (name := business_of(fitted(understand(part), scripts), scripts))
    }
    named -= {*scripts.faqs}
    return (replace(whole, intent=Intent(named.pop(), 1.0)),) if len(named) == 1 else ()
