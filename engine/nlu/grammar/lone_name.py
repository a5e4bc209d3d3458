"""Names that are all of an answer: 李四, 张三和李四, 是李四, 我爸李四, 李四谢谢."""

from __future__ import annotations

import re

from engine.nlu.grammar.names import AND, FOREIGN_NAME, KIN, fits, is_word
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_HAN = r"[\u4e00-\u9fff]"
_LATIN_ALONE = re.compile(
    r"[\s]*(?P<name>[A-Z]{2,20}/[A-Z]{2,20}|[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,2})[\s.。]*"
)
#: What may stand around a name and says nothing.
PARTICLES = " ,，。.!！?？吧啊呢呀哦~哈嘛啦呗哟"
#: What may stand before a name that is the answer to a question, and after it.
_WHOSE = rf"(?:(?:我|他|她|俺|咱)们?的?(?:{KIN}|老爸|老妈|爹|娘|媳妇|对象|闺女|室友|邻居|同事))"
_WRONG = r"(?:(?:名字|姓名|人名)?(?:打|写|说|输|填|弄|搞|报)?(?:错了?字?|反了?)[,，\s]+)?"
_LEAD = re.compile(
    rf"{_WRONG}(?:[嗯哦噢对那]+[,，\s]*)?(?:就|应该|还有|再?加上?(?:一?[个位])?|另外(?:还有)?|带上)?(?:[他她]?(?:就?是|叫做?)|户名(?:是|叫|为)?)?{_WHOSE}?(?:就?是|叫)?\s?"
)
_TAIL = re.compile(
    rf"[,，\s]*(?:就?是)?{_WHOSE}$|[,，\s]*(?:谢谢|多谢|谢啦|谢了|麻烦|辛苦)[你您啊哈了啦]*$"
)
_APART = re.compile(rf"{_HAN}(?: {_HAN}){{1,2}}")


def alone(utterance: Utterance) -> list[Entity]:
    """The whole utterance is a name, or a list of names."""
    folded = utterance.folded
    if len(folded) > 60:
        return []
    if latin := _LATIN_ALONE.fullmatch(utterance.text):
        return [person(utterance, *latin.span("name"), strict=False)]
    start = len(folded) - len(folded.lstrip(PARTICLES))
    bare = folded.strip(PARTICLES).removesuffix("的")
    if not 2 <= len(bare) <= 25:
        return []
    if FOREIGN_NAME.fullmatch(bare) and not is_word(bare) and len(set(bare)) > 2:
        return [person(utterance, start, start + len(bare), strict=False)]
    people: list[Entity] = []
    at = start
    while at < start + len(bare):
        end = next((at + n for n in (4, 3, 2) if _ends_alone(utterance, at, at + n)), 0)
        if not end:
            return _told(utterance)
        people.append(person(utterance, at, end, strict=False))
        link = AND.match(folded, end)
        at = link.end() if link else start + len(bare)
    return people


def _told(utterance: Utterance) -> list[Entity]:
    """A name with what people say around one who are asked for it: 是李四, 我爸李四, 李四谢谢."""
    folded = utterance.folded
    tail = _TAIL.search(folded)
    end = len(folded[: tail.start() if tail else None].rstrip(f"{PARTICLES}的"))
    lead = _LEAD.match(folded, 0, end)
    start = lead.end() if lead else 0
    if (start or tail) and fits(folded[start:end]):
        return [person(utterance, start, end, strict=False)]
    if _APART.fullmatch(folded[start:end]) and fits(name := folded[start:end].replace(" ", "")):
        return [utterance.entity("person", name, start, end, strict=False)]
    return []


def _ends_alone(utterance: Utterance, start: int, end: int) -> bool:
    rest = utterance.folded[end:]
    free = not rest.strip(f"{PARTICLES}的") or bool(AND.match(rest))
    return free and end <= len(utterance.folded) and fits(utterance.folded[start:end])


def person(utterance: Utterance, start: int, end: int, *, strict: bool = True) -> Entity:
    """The name that stands there, as it is written."""
    return utterance.entity("person", utterance.text[start:end], start, end, strict=strict)
