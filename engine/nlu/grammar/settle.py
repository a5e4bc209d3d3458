"""Settles what all grammars found: what covers what, and what the customer took back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from engine.nlu.grammar.spans import Spans
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

#: Types whose digits are no amount, count or place in a list.
_CODES = frozenset({"id_number", "phone", "flight_no", "order_no", "seat"})
_DATED = frozenset({"date", "time", "datetime"})
_COUNTS = frozenset({"money", "number", "ordinal"})

_DENIED = re.compile(
    r"(?:(?<!是)不是|(?<!要)不要|而不是|并非|(?<![分特])别(?:选|坐|充|要)|不(?:选|"
    r"坐|充))(?:说|要|选|坐|充|订)?(?:那个|什么)?\s?$"
)
_QUESTION = re.compile(r"\s?[^,，。]{0,6}(?:吗|么|嘛|\?|？)")
_REPAIR = re.compile(
    r"不对|不不|错了|说错|[哦噢喔啊]不|(?<!就)算了|不是的?[,，\s]|"
    r"改成|改为|改到|换成|换到|更正|应该是|口误|搞错|(?:^|[,，\s])不是?[,，\s]|"
    r"纠正|^的?(?:不行|不要|不好|不合适|不坐)了?[,，\s]+(?:我)?(?:要|选|换|改)"
)
#: 周建国换到20E，林晓梅换到19A: two changes, each with its own subject, take nothing back.
_CHANGE = re.compile(r"(?:改成|改为|改到|换成|换到)$")
_OTHER_CHANGE = re.compile(r"[,，、;；和\s]\w{2,8}(?:改成|改为|改到|换成|换到)$")
#: 充一百呃一百五: whoever hesitates and begins again means the second amount.
_PAUSE = re.compile(r"[\s,，]?(?:[呃嗯额啊]|那个)[\s,，]?")
_RANGE = 24


def settle(utterance: Utterance, found: Iterable[Entity]) -> list[Entity]:
    """Entities by position, without counts inside codes and without values taken back."""
    entities = sorted(found, key=lambda each: (each.start, each.end, each.type))
    covers = _covers(entities)
    kept = [each for each in entities if not _covered(each, covers)]
    return _asserted(utterance, kept)


def _covers(entities: list[Entity]) -> dict[str, Spans]:
    covers: dict[str, Spans] = {}
    for entity in entities:
        if _may_cover(entity):
            covers.setdefault(entity.type, Spans()).add(entity)
    return covers


def _may_cover(entity: Entity) -> bool:
    if entity.type in _CODES:
        return entity.strict or len(entity.text) > 5
    if entity.type in _DATED:
        return entity.strict or entity.type != "date"
    return entity.type == "money" and entity.strict


def _covered(entity: Entity, covers: dict[str, Spans]) -> bool:
    """Whether a count only repeats the digits of something that says more."""
    if entity.type == "flight_no" and entity.value is None and "order_no" in covers:
        return covers["order_no"].at(entity.start, entity.end) is not None
    if entity.type not in _COUNTS:
        return False
    for type, spans in covers.items():
        other = None if type == entity.type else spans.at(entity.start, entity.end)
        if other and _swallows(other, entity):
            return True
    return False


def _swallows(other: Entity, entity: Entity) -> bool:
    if other.type in _CODES:
        return not (entity.type == "money" and entity.strict)
    if other.type in _DATED:
        return not entity.strict and entity.text != other.text.rstrip("的")
    return not entity.strict


def _asserted(utterance: Utterance, entities: list[Entity]) -> list[Entity]:
    entities, dropped = list(entities), set[int]()
    by_type: dict[str, list[int]] = {}
    for index, entity in enumerate(entities):
        by_type.setdefault(entity.type, []).append(index)
        if entity.type != "seat_preference" and _denied(utterance, entity):
            dropped.add(index)
    for indexes in by_type.values():
        for earlier, later in pairwise(indexes):
            if _taken_back(utterance, entities[earlier], entities[later]):
                dropped.add(earlier)
                # 充100，哦不，50: what made the first one certain holds for the one in its place.
                strict = entities[later].strict or entities[earlier].strict
                entities[later] = replace(entities[later], strict=strict)
    return [each for index, each in enumerate(entities) if index not in dropped]


def _denied(utterance: Utterance, entity: Entity) -> bool:
    """不是明天 asserts nothing; 是不是明天 and 不是明天吗 do ask about it."""
    if not _DENIED.search(utterance.before(entity.start, 7)):
        return False
    return not _QUESTION.match(utterance.folded, entity.end)


def _taken_back(utterance: Utterance, earlier: Entity, later: Entity) -> bool:
    between = utterance.folded[earlier.end : later.start]
    if len(between) > _RANGE or between.endswith(("而不是", "不是")):
        return False
    if _CHANGE.search(utterance.before(earlier.start, 2)) and _OTHER_CHANGE.match(between):
        return False
    if earlier.type == "money" and _PAUSE.fullmatch(between):
        return True
    return bool(_REPAIR.search(between))
