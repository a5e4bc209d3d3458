"""Whether wishes for one business are several: 「给我充五十，给13900138000充一百」."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from engine.dialog.reading import standing
from engine.dialog.reading.labels import PATTERN, labels
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording import words
from engine.dialog.wording.others import someone
from engine.nlu.parse import OUT_OF_SCOPE, Intent, Parse

#: A kind of value, and the value.
Told = tuple[str, str | None]
#: Kinds of values that tell by themselves what is wished for: a number and an amount.
_ENOUGH = 2
#: In place of the value that the company knows of the customer.
_OWN = "own"
#: What takes one of those that were listed.
_FIRST = re.compile("先|只|就|光")
#: Oneself and somebody else, of each of whom the same is said.
_BOTH = re.compile(
    r"我(?:自己)?(?:和|跟|与|还有)(?P<who>[\u4e00-\u9fff]{1,5}?)(?:的?(?:手机|电话)?号码?)?(?:两个?人?)?"
    r"(?:都|各自?|分别|每人|一人)"
)


def with_intent(parses: Sequence[Parse], script: Script) -> tuple[Parse, ...]:
    """The wishes, where the words of each name the business or are like those that do.

    「200给13312345678」 after 「充100给13900138000」 is like it; nothing where any is neither.
    Words that only announce the others are none: 「帮我充话费，13900138000充50，15012345678充100」.
    「手机的30」 beside 「宽带的全交」 names what the business deals with, as that does.
    """
    kinds = {kind for slot in script.slots.values() for kind in slot.type}
    told = [{e.type for e in p.entities if e.type in kinds and e.value} for p in parses]
    if not told[0] and parses[0].intent.name == script.intent and len(list(filter(None, told))) > 1:
        parses, told = parses[1:], told[1:]
    named = (has for p, has in zip(parses, told, strict=True) if p.intent.name == script.intent)
    model = next(filter(None, named), set())
    chosen = {n for p in parses if p.intent.name == script.intent for n, _ in _chosen(p, script)}
    wishes = []
    for parse, has in zip(parses, told, strict=True):
        is_alike = len(model) >= _ENOUGH and has == model
        is_alike |= bool(has) and any(name in chosen for name, _ in _chosen(parse, script))
        if parse.intent.name == OUT_OF_SCOPE and is_alike:
            parse = replace(parse, intent=Intent(script.intent, 1.0))
        wishes.append(_sure_of(parse, model))
    is_all = all(wish.intent.name == script.intent for wish in wishes)
    return tuple(wishes) if is_all else ()


def each_named(parses: Sequence[Parse], scripts: Iterable[Script]) -> tuple[Parse, ...]:
    """The wishes of which each names another of the things that a business deals with.

    Beside each of them stands what is to be done with it: 「话费30 宽带50」.
    """
    for script in scripts:
        named = [list(_chosen(parse, script)) for parse in parses]
        slots = {name for each in named for name, _ in each}
        things = {value for each in named for _, value in each}
        is_each = all(len(each) == 1 for each in named) and len(slots) == 1
        is_told = bool(script.verbs) and all(_tells(parse, script) for parse in parses)
        if is_told and is_each and len(things) == len(parses) > 1:
            sure = Intent(script.intent, 1.0)
            return tuple(replace(parse, intent=sure) for parse in parses)
    return ()


def singled_out(parts: Sequence[str], scripts: Iterable[Script]) -> tuple[str, str]:
    """The part that takes one of the things which those before it only list, and its business.

    「手机账单和宽带账单，先付手机的」; nothing where none does.
    """
    *before, last = parts
    head = "，".join(before)
    if not head or not _FIRST.search(last):
        return "", ""
    for script in scripts:
        for slot in script.slots.values():
            listed, taken = (_kinds(text, slot) for text in (head, last))
            is_done = any(verb in head for verb in script.verbs)
            if script.verbs and not is_done and len(taken) == 1 < len(listed) and taken <= listed:
                return last, script.intent
    return "", ""


def _kinds(text: str, slot: Slot) -> set[str]:
    return {c.value for c in slot.choices if c.pattern and re.search(c.pattern, text)}


def _tells(parse: Parse, script: Script) -> bool:
    """Whether a value for the business is said, or words that stand for one: 全交."""
    kinds = {kind for slot in script.slots.values() for kind in slot.type}
    if any(entity.type in kinds and entity.value for entity in parse.entities):
        return True
    said = (word for slot in script.slots.values() for each in slot.means for word in each.words)
    return any(words.cue(word).search(parse.text) for word in said)


def _sure_of(parse: Parse, kinds: Collection[str]) -> Parse:
    """The wish, with what one beside it tells taken for sure: 100 of 「充50给我，100给我爸」."""
    sure = tuple(replace(e, strict=e.strict or e.type in kinds) for e in parse.entities)
    return replace(parse, entities=sure)


def for_both(text: str, script: Script) -> list[str]:
    """The same for oneself and for somebody else, each in words of its own: 「我和我爸各充50」.

    Nothing where a list takes both, or where who is named beside is told by a number.
    """
    said = _BOTH.search(text)
    slots = script.slots.values()
    if said is None or any(slot.is_list for slot in slots):
        return []
    lead, rest = text[: said.start()].rstrip("给帮替为"), text[said.end() :]
    other = f"{lead}给{said['who']}{rest}"
    is_else = any(slot.own and slot.is_for_another(other) for slot in slots)
    return [f"{lead}给我{rest}", other] if is_else else []


def are_several(parses: Sequence[Parse], script: Script, phrases: Phrases) -> bool:
    """Whether no two of them agree on what one task has a single place for."""
    if len(parses) < 2:
        return False
    values = [set(_told(parse, script, phrases)) for parse in parses]
    shared = set.intersection(*({kind for kind, _ in each} for each in values))
    differ = any(len({v for each in values for k, v in each if k == kind}) > 1 for kind in shared)
    return differ and not _leaves_out(parses, values, script, phrases)


def _told(parse: Parse, script: Script, phrases: Phrases) -> Iterator[Told]:
    """What a wish holds for slots with one place, in other words than their own as well."""
    single = {kind for slot in script.slots.values() if not slot.is_list for kind in slot.type}
    said = (e for e in parse.entities if not standing.is_state(parse.text, e))
    told = {(e.type, e.value) for e in said if e.type in single}
    yield from told
    yield from _chosen(parse, script)
    kinds = {kind for kind, _ in told}
    is_own = any(cue in parse.text for cue in phrases.own_cues)
    for slot in script.slots.values():
        if not slot.own or not kinds.isdisjoint(slot.type):
            continue
        if who := someone(parse.text):
            # 「给自己充50，再给女朋友充50」
            yield slot.type[0], who
        elif is_own and not slot.is_for_another(parse.text):
            yield slot.type[0], _OWN


def _chosen(parse: Parse, script: Script) -> Iterator[Told]:
    """Which notice, which bill."""
    named = labels(parse.text, script, Task("", script.intent))
    yield from ((name, hit.value) for name, hit in named if hit.type == PATTERN)


def _leaves_out(
    parses: Sequence[Parse], values: Sequence[set[Told]], script: Script, phrases: Phrases
) -> bool:
    """Whether a later wish lacks what the first one names, and does not say it is for oneself.

    「给13900138000充100再充50」 leaves open whose number the second one is for; 宽带 of 「手机的30
    宽带的全交」 leaves nothing open.
    """
    first = {kind for kind, _ in values[0]}
    return any(
        first - {kind for kind, _ in each}
        and not any(True for _ in _chosen(parse, script))
        and not any(cue in parse.text for cue in phrases.own_cues)
        for parse, each in zip(parses[1:], values[1:], strict=True)
    )
