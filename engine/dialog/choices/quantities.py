"""The quantities that the labels of choices show: 诊费 50 元, 最多 6 位."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.dialog.state.session import Offer
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import read

#: A number with the word before it and what it counts; times, dates and codes are none.
_QUANTITY = re.compile(
    r"(?P<name>[\u4e00-\u9fff]*)\s?(?<![A-Za-z0-9:.-])(?P<number>\d{1,9}(?:\.\d+)?)(?![\d:.-])"
    r"\s?(?P<unit>[\u4e00-\u9fff]?)(?P<of>[\u4e00-\u9fff]*)"
)
#: A number with its unit, and what points at one of several.
_EXACT = re.compile(
    r"[要选就在]*(?P<number>\d{1,4}|[一二两三四五六七八九十百千]{1,3})(?P<unit>[\u4e00-\u9fff])"
    r"(?P<of>[\u4e00-\u9fff]{0,2})(?:的|那)[那这]?一?[个间位款种班张家所趟辆台份项处]?[的吧呢啊]*"
)
#: A sum in round numbers: 一百二十多那个, 60来块的那笔.
_ABOUT = re.compile(
    r"[要选就在交缴付那]*(?P<number>\d{2,4}|[一二两三四五六七八九十百千]{2,5})[多来几](?:块钱?|元)?"
    r"(?:的那?|那)一?[个笔张单份]?[的吧呢啊]*"
)
#: A number with its unit that says which one, among other words: 「租辆七座的」.
_OF_A_KIND = re.compile(
    r"(?<![第\d零一二两三四五六七八九十百千.])(?P<number>\d{1,4}|[一二两三四五六七八九十百]{1,3})"
    r"(?P<unit>[\u4e00-\u9fff])(?=[\u4e00-\u9fff]{0,4}的(?!话))"
)
#: A number alone, with what points at one of several.
_NUMBER_ALONE = re.compile(r"(?<![A-Za-z\d.:-])(\d{1,6})(?=[的那]|$)")
#: A clause that is a number of such.
_SOME_NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,3})"
_ONE_QUANTITY = (
    r"[^\W\d_不没几多]{{0,4}}?[分要选就按办订来]?"
    r"(?P<number>{number}){unit}(?:试试|看看|就行|就好)?[的吧呢啊]*"
)
_CLAUSES = re.compile(r"[，,。；;！!\s]+")
#: What anything is counted in, and what days and hours are.
#: How long something takes.
_LENGTHS = ("个月", "天", "周", "年", "小时", "个小时")
_ANYTHING, _OF_TIMES = "个", frozenset("月日号点时")
#: A number with it is a name, with what stands after it: 五号楼.
_NTH = "号"
#: What money is counted in.
MONEY = frozenset("元块")
#: Characters of a quantity's name that are enough to mean it.
_NAME = 2


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a label: ``name`` stands before it, ``unit`` is the character after it.

    ``of`` are the words after that: 8 年经验.
    """

    name: str
    number: float
    unit: str
    of: str = ""


def quantities(label: str) -> Iterator[Quantity]:
    """The quantities that a label shows, in its order."""
    for found in _QUANTITY.finditer(_in_words(label)):
        yield Quantity(found["name"], float(found["number"]), found["unit"], found["of"])


def _in_words(text: str) -> str:
    """A text with units in characters, as they are said: 500M is 500兆."""
    for unit, said in lexicon().units.items():
        text = re.sub(rf"(?<=\d)\s?{unit}(?![A-Za-z])", said, text, flags=re.IGNORECASE)
    return text


def _in_numbers(text: str) -> str:
    """What was said with lengths and sums as numbers, 隔天到的, and people by one word."""
    text = re.sub(r"(?<=[0-9一二两三四五六七八九十])个人", "人", text)
    for name, amount in lexicon().amounts.items():
        text = text.replace(name, amount)
    return text


def compared(
    offers: Sequence[Offer], text: str, units: Collection[str] = MONEY
) -> list[float] | None:
    """For every choice the quantity that words compare: the one they name, else of these units.

    None where a choice shows no such quantity: then nothing can be compared.
    """
    shown = [list(quantities(offer.label)) for offer in offers]
    found = [_named(each, text) or _counted(each, units) for each in shown]
    numbers = [each.number for each in found if each is not None]
    units_found = {each.unit for each in found if each is not None}
    return numbers if len(numbers) == len(offers) and len(units_found) == 1 else None


def left_of(offers: Sequence[Offer]) -> list[float] | None:
    """For every choice how much of it is left, where all labels show that: 余50."""
    shown = [[q for q in quantities(o.label) if q.name.endswith(lexicon().left)] for o in offers]
    return [each[0].number for each in shown] if all(len(each) == 1 for each in shown) else None


def _named(shown: Sequence[Quantity], text: str) -> Quantity | None:
    """The quantity whose name is said, or the end of it: 收费 of 每小时收费."""
    return next(
        (
            quantity
            for quantity in shown
            for name in (quantity.name, quantity.name[-_NAME:], quantity.of)
            if len(name) >= _NAME and name in text
        ),
        None,
    )


def begun_with(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices whose label begins with the quantity that is a clause: 三期, 「金卡，分6期」."""
    begun = [next(quantities(offer.label), None) for offer in offers]
    if not all(offer.label[:1].isdecimal() for offer in offers):
        return []
    return _numbered(offers, begun, text)


def as_long(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices that take as long as a few words are: 「先办一个月」 of 月卡（1个月，399元）."""
    shown = [[q for q in quantities(offer.label) if _unit(q) in _LENGTHS] for offer in offers]
    if any(len(each) != 1 for each in shown):
        return []
    return _numbered(offers, [each[0] for each in shown], text)


def _unit(quantity: Quantity) -> str:
    return quantity.unit + (quantity.of if quantity.unit == _ANYTHING else "")


def _numbered(offers: Sequence[Offer], shown: Sequence[Quantity | None], text: str) -> list[Offer]:
    """The choices of which the one number with its unit is a clause of a text."""
    units = {_unit(each) for each in shown if each}
    if len(units) != 1 or None in shown:
        return []
    unit = units.pop()
    if not unit or unit in _OF_TIMES:
        return []
    unit = re.escape(unit) if unit.startswith(_ANYTHING) else f"{_ANYTHING}?{re.escape(unit)}"
    if len(re.findall(f"{_SOME_NUMBER}{unit}", fold(text))) > 1:
        return []
    said = re.compile(_ONE_QUANTITY.format(number=_SOME_NUMBER, unit=unit))
    found = [each for clause in _CLAUSES.split(fold(text)) if (each := said.fullmatch(clause))]
    number = read(found[0]["number"]) if len(found) == 1 else None
    return [o for o, each in zip(offers, shown, strict=True) if each and each.number == number]


def counted_in(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices that show just the quantity that a few words are: 二楼的, 3天的那个."""
    said = _EXACT.fullmatch(_in_words(_in_numbers(fold(text))))
    if said is None:
        return []
    is_name = len(said["of"]) > 1
    named = [o for o in offers if f"{said['unit']}{said['of']}" in o.label]
    return _showing(named if is_name else offers, said)


def about(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices whose sum is a little more than a round number: 「一百二十多那个」."""
    said = _ABOUT.fullmatch(fold(text))
    number = int(read(said["number"]) or 0) if said else 0
    step = next((step for step in (1000, 100, 10) if number and number % step == 0), 0)
    sums = [[q.number for q in quantities(o.label) if q.unit in MONEY] for o in offers]
    return [
        offer
        for offer, shown in zip(offers, sums, strict=True)
        if any(number < each < number + step for each in shown)
    ]


def of_a_kind(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices that show a quantity that is named among other words: 「租辆七座的」."""
    for said in _OF_A_KIND.finditer(_in_words(_in_numbers(fold(text)))):
        if found := _showing(offers, said):
            return found
    return []


def with_number(offers: Sequence[Offer], text: str) -> list[Offer]:
    """The choices that show a number without its unit: 「500的也行」, 「38那个」."""
    said = _NUMBER_ALONE.search(text)
    number = float(said[1]) if said else None
    return [o for o in offers if any(q.number == number for q in quantities(o.label))]


def _showing(offers: Sequence[Offer], said: re.Match[str]) -> list[Offer]:
    after = said.string[said.end("unit") : said.end("unit") + 1]
    if said["unit"] == _NTH and after not in "的那":
        # 五号楼 is no 五号窗口.
        offers = [offer for offer in offers if f"{_NTH}{after}" in offer.label]
    number = read(said["number"])
    number = read(f"一{said['number']}") if number is None else number
    return [
        offer
        for offer in offers
        if any(q.number == number and q.unit == said["unit"] for q in quantities(offer.label))
    ]


def _counted(shown: Sequence[Quantity], units: Collection[str]) -> Quantity | None:
    # 剩 12 个座 counts places, as 12 座 does.
    return next((q for q in shown if (q.of[:1] if q.unit == "个" else q.unit) in units), None)
