"""What a slot for a number counts, by its own question: 位 of 「几位用餐？」, 张 of 「1 张」."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import also_called, either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import is_one_or_next, plain, read
from engine.nlu.parse import Entity

#: Types of slots whose values can be more or less than they were.
COUNTED = (("money",), ("number",))
#: 几位, 几个人, 多少人: what stands after it is counted.
_COUNTED = r"(?:几|多少)\s?个?({long}|[\u4e00-\u9fff])"
#: 1 张: the label of a choice, or an example in a question.
_EXAMPLE = r"\d\s?个?({long}|[\u4e00-\u9fff])"
#: One of what people are counted in, of which no question names all.
_PERSON = "位"
#: What any thing is counted in, and what only asks for a number: 几号, 多少钱.
_VAGUE = frozenset("个号钱点")
#: An answer that is a number, with what it counts and what leads to it.
_ANSWERED = re.compile(
    r"(?:[^，。]*(?:不对|错了|不是)[，,。 ]*)?[就要大概一共是那改满刚快]*"
    r"(?:[\u4e00-\u9fff]{0,2}[到至成])?(?:百分之)?"
    r"(?P<number>\d{1,4}(?:\.\d)?|[一二两三四五六七八九十百]{1,5})"
    r"\s?(?:[%％]|(?P<unit>(?![点號号月块元日天周])[\u4e00-\u9fff]))?"
    r"(?:左右|上下)?[吧了的呢啊]*"
)
#: What asks which one of a row it is, and an answer to it.
_WHICH = "第"
_PLACE = re.compile(
    r"[^\W\d_不没]{0,3}?[第头](?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})[\u4e00-\u9fff]?"
)
#: Where people are counted, and how many belong together: 我们俩, 一家三口.
_ALONE_UNITS = frozenset("人位")
_TOGETHER = re.compile(
    r"(?:那?就|一共|总共)?(?:我们|咱们?|我家|一家|夫妻|两口子|[娘爷]|母[子女]|父[子女]|姐妹|兄弟)+"
    r"(?P<number>\d{1,2}|[两俩仨三四五六七八九十])(?:个人?|口人?|口子|位|人)?[的吧啊呢]*"
)
#: Before a number that is all of them, before one that comes to them, and that is left out.
_TOTAL = re.compile("(?:一共|总共|合计|共|加起来|加一起)(?:是|要|有)?$")
_MORE = re.compile(
    "再(?:给我)?(?:加上?|要|来|订|点|买|拿)?$"
    "|(?:(?<![不最至差])多|另外?)(?:给我)?(?:加上?|[\u4e00-\u9fff])?$|加上?$"
)
_LESS = re.compile("(?<![不至])少[\u4e00-\u9fff]?$|(?:减|减去|去掉)(?:要|来|订|点|买|拿)?$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: The same of money: 「再充五十」 wishes for the same once more.
_MORE_MONEY = re.compile("(?:加上?|多[充交缴付存])个?$")
_LESS_MONEY = re.compile("(?:(?<!不)少[充交缴付存]|减[去掉]?)个?$")
#: What a number with it is the name of, unless one of these stands after it: 四号线.
_NTH, _NUMBERED = "号", "线楼桌窗厅馆院库门床"
_NUMERAL = (
    r"(?<![第月\d零一二两三四五六七八九十百.])(\d{1,3}|[一二两三四五六七八九十]{1,3}|[俩仨])\s?"
)


def units_of(slot: Slot) -> tuple[str, ...]:
    """The words that right after a number make it a value of this slot, the longest first."""
    if "number" not in slot.type:
        return ()
    units = _units(slot.ask, tuple(choice.label for choice in slot.choices), tuple(slot.called))
    units = (*units, *_measured_by(slot))
    return (*units, _NTH) if _asks_for_nth(slot) else units


def _measured_by(slot: Slot) -> tuple[str, ...]:
    """The unit of what is asked for by its name: 岁 of 「多大年纪？」."""
    asked = "\n".join((*slot.ask, *slot.called))
    table = lexicon().compared_by.items()
    return tuple({unit for name, unit in table if len(unit) == 1 and name in asked})


def _asks_for_nth(slot: Slot) -> bool:
    """Whether the question is 「每月几号？」: 「15号」 is a number there."""
    return any(re.search(f"几{_NTH}(?!{either(_NUMBERED)})", asked) for asked in slot.ask)


def counted(text: str, script: Script, found: Collection[Entity]) -> Iterator[Entity]:
    """Numbers before a unit of the script that no grammar has found: 三个人 of 「6点三个人」."""
    known = {entity.end for entity in found if entity.type == "number"}
    numbers = [slot for slot in script.slots.values() if "number" in slot.type]
    units = {word for slot in numbers for word in (*units_of(slot), *also_called(slot.called))}
    if not units:
        return
    folded = fold(text)
    has_days = any("date" in slot.type for slot in script.slots.values())
    for said in re.finditer(rf"{_NUMERAL}(?=(?:{either(units)}))", folded):
        number = read(said[1])
        is_day = has_days and folded.startswith(_NTH, said.end(1))
        if number is not None and said.end(1) not in known and not is_day:
            yield Entity(
                "number",
                plain(number),
                text[said.start(1) : said.end(1)],
                *said.span(1),
                strict=False,
            )


@functools.lru_cache(maxsize=1024)
def _units(
    asked: tuple[str, ...], labels: tuple[str, ...], called: tuple[str, ...]
) -> tuple[str, ...]:
    long = either(lexicon().long_counters)
    asks, shows = _COUNTED.format(long=long), _EXAMPLE.format(long=long)
    found = [unit for text in asked for unit in re.findall(asks, text)]
    found += [unit for text in (*asked, *labels) for unit in re.findall(shows, text)]
    found += [_PERSON] if "人数" in "".join((*asked, *called)) else []
    alike = [words for words in lexicon().counted_alike if not {*found}.isdisjoint(words)]
    found += [f"个{unit}" for unit in found if unit not in _VAGUE]
    known = {*found, *(word for words in alike for word in words)} - _VAGUE
    return tuple(sorted(known, key=len, reverse=True))


def number_in(said: str, slot: Slot) -> str:
    """The one number of an answer to the question for one: 「两床」, 「充到百分之九十」.

    「一年」 is no 1 where something else is counted.
    """
    units = units_of(slot)
    told = said.rstrip("吧的呢啊").removesuffix(_NTH) if _NTH in units else said
    # 「满六周岁」
    told = told.replace("周岁", "岁") if "岁" in units else told
    found = _ANSWERED.fullmatch(fold(told))
    if found and units and found["unit"] in lexicon().measured and found["unit"] not in units:
        return ""
    if _ALONE_UNITS & {*units} and _alone().fullmatch(told):
        return "1"
    found = (
        found or _place_in(told, slot) or (_TOGETHER.fullmatch(told) if _PERSON in units else None)
    )
    if found is None or is_one_or_next(found["number"]):
        return ""
    number = read(found["number"])
    return "" if number is None else plain(number)


@functools.cache
def _alone() -> re.Pattern[str]:
    """Nobody but oneself: 我自己住, 就我一个人去."""
    return re.compile(
        rf"(?:那?就|只有?)?(?:{either(lexicon().alone)})[一1]?个?人?[^\W\d_不没和跟带加]{{0,2}}[的吧啊呢了]*"
    )


def _place_in(said: str, slot: Slot) -> re.Match[str] | None:
    """Which one it is, where that is asked: 「第一次」, 「头一针」 of 「第几针？」."""
    is_asked = any(f"{_WHICH}几" in asked for asked in slot.ask)
    return _PLACE.fullmatch(fold(said).replace("首", "第一")) if is_asked else None


def without_parts(text: str, found: Collection[Entity]) -> list[Entity]:
    """The values without the numbers of which a total is said: 「再加一份，一共六份」."""
    numbers = [e for e in found if e.type == "number"]
    totals = [e for e in numbers if _TOTAL.search(text[: e.start])]
    if not totals:
        return list(found)
    unit = text[totals[-1].end : totals[-1].end + 1]
    parts = [e for e in numbers if e not in totals and text[e.end : e.end + 1] == unit]
    return [e for e in found if not any(e.start < p.end and p.start < e.end for p in parts)]


def counted_on(text: str, said: Entity, before: str) -> str:
    """A number that is more or less than ``before``, as it is then: 「再加一份」 of 5 is 6."""
    value = said.value or ""
    if not _NUMBER.fullmatch(before) or not _NUMBER.fullmatch(value):
        return value
    more, less = (_MORE_MONEY, _LESS_MONEY) if said.type == "money" else (_MORE, _LESS)
    led = text[: said.start]
    sign = 1 if more.search(led) else -1 if less.search(led) else 0
    counted = Decimal(before) + sign * Decimal(value)
    return plain(counted) if sign and counted > 0 else value


def multiplied(
    text: str, script: Script, task: Task, found: Collection[Entity]
) -> Iterator[Entity]:
    """A multiple of the one number that was told before: 「太多了，一半就行」 of 200 is 100.

    Beside a number (「一半，60」) it only says what that is.
    """
    if any((entity.type,) in COUNTED for entity in found):
        return
    lines = lexicon().multiples
    every = ((line.times, word) for line in lines for word in line.words if word in text)
    said = ((times, re.search(rf"(?<!另){word}", text)) for times, word in every)
    times, word = next((each for each in said if each[1]), (Decimal(1), None))
    told = list(_numbers(script, task)) if word else []
    if word and len(told) == 1:
        kind, number = told[0]
        yield Entity(kind, plain(number * times), word[0], *word.span(), strict=False)


def _numbers(script: Script, task: Task) -> Iterator[tuple[str, Decimal]]:
    """The numbers that slots for nothing else have, with their types."""
    for name, filled in task.slots.items():
        kinds, value = script.slots[name].type, filled.value or filled.said
        if kinds in COUNTED and _NUMBER.fullmatch(str(value)):
            yield kinds[0], Decimal(str(value))
