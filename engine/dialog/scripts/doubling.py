"""One business wished for twice in one breath: 「办MU5102和CA1885的值机」."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.dialog.scripts.loading import Scripts
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.scripts.script import Script, Slot
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Parse

Understand = Callable[[str], Parse]

#: Types of values that say which one is meant: two of them are two wishes.
_NAMING = ("flight_no", "phone", "id_number")
#: What is wished for each of several: one value is no choice then.
_EACH = ("都", "各", "分别", "俩", "两个")
#: What gives each of several an amount of its own, in their order.
_IN_TURN = re.compile("分别|各自|依次|一个.*一个|前.{1,8}后|第一个.*第二个")
#: A word that puts nothing in place of another, though it holds one that does.
_APART = "分别"
#: A word for the own value that goes on with another one: 「充100给我和13900138000」.
_JOINS = re.compile("给我[和跟]")
_MARKS = re.compile(r"[\s、,，/&+]*")
#: What is wished for each by itself, and whose the next value is.
_OF_EACH = ("各", "分别")
_WHOSE = re.compile(r"[\s、,，/&+]+[\u4e00-\u9fff]{1,4}[:：]?")


def doubled(
    parse: Parse, scripts: Scripts, understand: Understand, *, active: str = ""
) -> tuple[Parse, ...]:
    """The wishes of a message that names several where a task has one place; else nothing.

    Each is the message without the values of the others. ``active`` is the intent of the running
    task, to which values alone are an answer.
    """
    is_answer = active and parse.intent.name in (active, OUT_OF_SCOPE)
    intent = active if is_answer else parse.intent.name
    script = scripts.get(scripts.branch(intent, parse.text, active) or intent)
    values = _rivals(parse, script) if script else []
    if not values or _replaces(parse.text, scripts.phrases):
        return ()
    sure = replace(parse.intent, name=intent)
    if apart := _apart(parse.text, values, understand):
        return tuple(replace(wish, intent=sure) for wish in apart)
    if not _are_listed(parse.text, values, scripts.phrases):
        return ()
    own = _amounts_in_turn(parse, values) or _before_each(parse, values)
    told = [
        _sure_of(understand(_without(parse.text, [*values, *own], but=mine)), mine)
        for mine in (zip(values, own, strict=True) if own else ((value,) for value in values))
    ]
    return tuple(replace(wish, intent=sure) for wish in told)


def _apart(text: str, values: Sequence[Entity], understand: Understand) -> list[Parse]:
    """The message cut before each value, where something of one kind is said after each of them.

    「MU5102靠窗，CA1885也值机，靠过道」. Nothing where what is said holds for all.
    """
    starts = [value.start for value in values]
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    names = {value.type for value in values}
    kinds = [{e.type for e in understand(part).entities if e.value} - names for part in parts]
    is_each = bool(set.intersection(*kinds))
    return [understand(text[: starts[0]] + part) for part in parts] if is_each else []


def _amounts_in_turn(parse: Parse, values: Sequence[Entity]) -> list[Entity]:
    """The amount of each of the values, where they are told in turn: 「分别充50和100」."""
    amounts = [entity for entity in parse.entities if entity.type == "money" and entity.value]
    in_turn = len(amounts) == len(values) and _IN_TURN.search(parse.text)
    is_after = in_turn and values[-1].end <= amounts[0].start
    return amounts if is_after else []


def _before_each(parse: Parse, values: Sequence[Entity]) -> list[Entity]:
    """The day right before each of the values: 「明天CA1234，后天MU5301」."""
    days = [entity for entity in parse.entities if entity.type == "date" and entity.value]
    ends = [0, *(value.end for value in values)]
    led = [
        [day for day in days if since <= day.start < value.start]
        for since, value in zip(ends, values, strict=False)
    ]
    is_each = len(days) == len(values) and all(len(each) == 1 for each in led)
    return days if is_each else []


def _sure_of(wish: Parse, told: Sequence[Entity]) -> Parse:
    """A wish in which the values that are its own are meant, however loosely they are said."""
    own = {(each.type, each.value) for each in told}
    sure = (replace(e, strict=e.strict or (e.type, e.value) in own) for e in wish.entities)
    return replace(wish, entities=tuple(sure))


def _rivals(parse: Parse, script: Script) -> list[Entity]:
    """The different values of a type for which the script has a single place, in their order."""
    for kind in _NAMING:
        taking = [slot for slot in script.slots.values() if kind in slot.type]
        named = {e.value: e for e in parse.entities if e.type == kind and e.value}
        if len(taking) != 1 or taking[0].is_list:
            continue
        if len(named) == 1 and (own := _meant(parse.text, taking[0])):
            return sorted([own, *named.values()], key=lambda each: each.start)
        if len(named) > 1:
            return list(named.values())
    return []


def _meant(text: str, slot: Slot) -> Entity | None:
    """A word that stands for another value, where both are wanted: 我和我老婆的都充50，她的是…"""
    said = [word for meaning in slot.means for word in meaning.words if word in text]
    joint = next(filter(_JOINS.fullmatch, said), "")
    if not said or not (joint or any(cue in text for cue in _EACH)):
        return None
    word = joint or max(said, key=len)
    return Entity("meant", None, word, text.index(word), text.index(word) + len(word))


def _replaces(text: str, phrases: Phrases) -> bool:
    """Whether one value is put in place of another."""
    plain = text.replace(_APART, "")
    return any(cue in plain for cue in (*phrases.correction_cues, *phrases.instead_cues))


def _are_listed(text: str, values: Sequence[Entity], phrases: Phrases) -> bool:
    """Whether words make a list of the values."""
    between = text[values[0].end : values[-1].start]
    beside = between + text[values[-1].end :]
    is_joined = any(_JOINS.fullmatch(value.text) for value in values)
    is_listed = is_joined or any(cue in beside for cue in phrases.and_cues)
    if _MARKS.fullmatch(between) is not None:
        return True
    # 「各充50，爸爸13812345678，妈妈13900139000」
    gaps = (text[one.end : other.start] for one, other in pairwise(values))
    is_of_each = any(cue in text for cue in _OF_EACH) and all(map(_WHOSE.fullmatch, gaps))
    return is_listed or is_of_each


def _without(text: str, values: Sequence[Entity], *, but: Sequence[Entity]) -> str:
    """A text without the values of a list, but for one, and without what joined them."""
    for value in sorted(values, key=lambda each: -each.start):
        if value not in but:
            before, after = text[: value.start], text[value.end :]
            joint = re.match(r"[\s、和跟与及]+", after)
            text = before + after[joint.end() :] if joint else before.rstrip(" 、和跟与及") + after
    return text.strip(" 、,，")
