"""Places in a list: 第二个, 最后一个 (−1), 倒数第二个 (−2), 选2, 后面那个."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.nlu.grammar.numerals import HANZI, read
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_THING = (
    r"(?:个|张|位|项|条|种|趟|班|家|款|份|号(?!线|航站楼|楼|登机口)|行|档|名|只|样|架|笔|件|单|页|"
    r"本|双|部|辆|台|把|瓶|盒|杯|间|场|段|套|门)"
)
_COUNT = r"(?:[0-9]{1,3}|[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_NTH = re.compile(
    rf"(?P<back>倒数|倒着数|从后往前|到数)?第\s?(?P<n>{_COUNT})(?![{HANZI}0-9])"
    rf"(?:{_THING}|(?!次|天|时间|方|者|排|航站|周|季|月|年|人称|步|"
    rf"代|类|手|流|大|产业|中学|医院|层|楼|期|届|机场|日|晚))"
)
_BACK = re.compile(rf"(?:倒数|到数)(?P<n>{_COUNT})个")
_LIST = re.compile(
    rf"(?:[、,，和跟与及]\s?)(?:第)?(?P<n>{_COUNT})(?={_THING}|[、,，和跟与及]\s?(?:第)?{_COUNT}{_THING})"
)
_LAST = re.compile(
    rf"(?:最后|最末|最末尾)(?:的)?(?:一|那)?(?:一)?{_THING}|末一?个|"
    rf"(?:末尾|结尾)(?:的)?[那一]{_THING}|(?:最后面|最下面|最底下|"
    rf"最下边|最下方)(?:的)?(?:那|一)?(?:一)?{_THING}"
    rf"|(?<![以然之往])(?:后面|后边|后头|下面|下边|底下)(?:的)?(?:那|"
    rf"这)(?:一)?{_THING}|后(?:一|那){_THING}|后者|倒数第一(?!排)"
)
_FIRST = re.compile(
    rf"(?:打)?头(?:[一那]{_THING}|[个班趟])|首(?:个|班|条|趟)|(?:最前面|"
    rf"最上面|最上边|最上头|最上方|(?<![{HANZI}0-9])(?:开头|"
    rf"打头))(?:的)?(?:那|一)(?:一)?{_THING}"
    rf"|(?<![以])(?:前面|前边|前头|上面|上边|上头)(?:的)?(?:那|这)(?:一)?{_THING}|"
    rf"前(?:一|那)(?!天|晚|日){_THING}|前者"
)
_PICKED = re.compile(
    rf"(?:选项|选择|选|挑|序号|编号|按|回复)\s?(?P<n>{_COUNT})(?![{HANZI}0-9.:]|"
    rf"\s?(?:个|位|张|次|天|排|座|月|点|块|元|百|千|万|折|人|"
    rf"[A-Z/-])|下|哈|起)"
    rf"(?:号|项|条)?"
)
_NUMBERED = re.compile(
    rf"(?<![0-9{HANZI}月第每A-Z])(?P<n>{_COUNT})号(?!线|航站楼|楼|"
    rf"登机口|门|柜台|窗口|厅|码|机|公馆|院)"
)
_BARE = re.compile(
    rf"[\s,，。.就要选(]{{0,4}}(?P<n>{_COUNT}|[①②③④⑤⑥⑦⑧⑨])[\s,，。.!！吧啊呢呀哦)、]{{0,4}}"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_LAST_ALONE = re.compile(r"[\s就要选]{0,4}(?:最后|末尾|最后面)(?:的)?[吧啊呢。.!！\s]{0,3}")


def find_ordinals(utterance: Utterance) -> list[Entity]:
    """Places as integers, −1 is the last; bare numbers and 三号 are loose."""
    return longest_first(_all(utterance))


def _all(utterance: Utterance) -> Iterator[Entity]:
    folded = utterance.folded
    if utterance.numerals:
        yield from _counted(utterance)
    for pattern, needed, place in ((_LAST, "后末尾下倒", -1), (_FIRST, "头首前上", 1)):
        for match in pattern.finditer(folded) if utterance.has(needed) else ():
            yield _entity(utterance, match, place)
    yield from _alone(utterance)


def _counted(utterance: Utterance) -> Iterator[Entity]:
    folded = utterance.folded
    for match in _NTH.finditer(folded):
        sign = -1 if match["back"] else 1
        yield _entity(utterance, match, sign * _value(match["n"]))
        yield from _rest_of_list(utterance, match.end())
    for match in _BACK.finditer(folded):
        yield _entity(utterance, match, -_value(match["n"]))
    for match in _PICKED.finditer(folded):
        if _value(match["n"]):
            yield _entity(utterance, match, _value(match["n"]))
    for match in _NUMBERED.finditer(folded):
        if _value(match["n"]):
            yield _entity(utterance, match, _value(match["n"]), strict=False)


def _rest_of_list(utterance: Utterance, at: int) -> Iterator[Entity]:
    while match := _LIST.match(utterance.folded, at):
        start = match.start("n")
        yield utterance.entity("ordinal", str(_value(match["n"])), start, match.end())
        at = match.end()


def _alone(utterance: Utterance) -> Iterator[Entity]:
    if len(utterance.folded) > 12:
        return
    if match := _BARE.fullmatch(utterance.folded):
        start, end = match.span("n")
        value = _value(match["n"])
        if 0 < value < 100:
            yield utterance.entity("ordinal", str(value), start, end, strict=False)
    elif match := _LAST_ALONE.fullmatch(utterance.folded):
        yield utterance.entity("ordinal", "-1", match.start(), match.end(), strict=False)


def _entity(
    utterance: Utterance, match: re.Match[str], place: int, *, strict: bool = True
) -> Entity:
    return utterance.entity("ordinal", str(place), *match.span(), strict=strict)


def _value(text: str) -> int:
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    value = read(text)
    return int(value) if value is not None else 0
