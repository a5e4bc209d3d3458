"""Times of day: 15:30, 下午三点半, 差五分八点, 八点差一刻, 三点."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.nlu.grammar.numerals import SMALL, small
from engine.nlu.grammar.utterance import Utterance

#: Words for parts of the day → the part that decides how an hour is read.
_PARTS = {
    "dawn": "凌晨 拂晓 下半夜 后半夜",
    "morning": "大清早 清晨 清早 早上 早晨 早间 一大早 一早 上午 早 晨 AM",
    "noon": "中午 正午 晌午 中饭",
    "afternoon": "下午 午后 后晌 PM",
    "dusk": "傍晚 黄昏 傍黑",
    "evening": "晚上 晚间 夜晚 夜里 夜间 今夜 当晚 晚 夜",
    "midnight": "大半夜 半夜 深夜 午夜 三更半夜",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_PART = "(?P<part>" + "|".join(sorted(_PART_OF, key=len, reverse=True)) + ")"
#: A hyphen before an hour is that of a code, but after 点 it is that of a range.
#: The numeral of 周六 is no part of the hour after it, and no hour: 周六十点 is ten.
_WEEKDAY = "(?:(?<=周[一二三四五六])|(?<=(?:星期|礼拜)[一二三四五六]))"
_HOUR = (
    rf"(?:(?<![0-9A-Z零一二三四五六七八九十百千.:/¥])|{_WEEKDAY})"
    rf"(?<!周)(?<!星期)(?<!礼拜)(?<![^点半钟刻分]-)(?P<hour>{SMALL})"
)
_MINUTES = (
    rf"(?:半(?!个|天|小时|会|刻)|(?P<quarters>[一三两1-3])刻(?:钟)?|过?(?:零|0)"
    rf"(?P<few>[一二三四五六七八九1-9])分?|(?P<minute>[0-9]{{2}}|[二三四五]?十[一二三四五六七八九]?|"
    rf"{SMALL}"
    rf"(?=分(?!钱)))分?|(?:差|欠)(?P<less>一刻|{SMALL})(?:刻)?(?:分钟?|钟)?)?"
)
_CLOCK = re.compile(
    rf"(?:{_PART}(?:的)?\s?)?(?:(?:差|还差|欠)(?P<to>一刻|{SMALL})(?:刻)?(?:分钟?|钟)?(?:到)?)?"
    rf"{_HOUR}\s?(?P<mark>点(?!儿|[点滴]|[零一二三四五六七八九]{{1,4}}[万亿块元])|"
    rf"时(?!间|候|段|区|尚|差)|(?<=[0-9])(?=\s?[AP]M))(?:过)?{_MINUTES}(?:钟|"
    rf"整|正)?(?P<half>\s?[AP]M)?"
)
_COLON = re.compile(
    rf"(?:{_PART}(?:的)?\s?)?(?<![0-9A-SU-Z:/.\-¥])(?P<hour>[01]?[0-9]|"
    rf"2[0-4])\s?[:∶]\s?(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?P<half"
    rf">\s?[AP]M)?"
)
_NAMED = re.compile(
    r"(?P<zero>零时|午夜(?!\s?[0-9一二三四五六七八九十零])|正午(?!\s?[0-9一二三四五六七八九十])|"
    r"半夜零点)"
)
_BIT_AFTER = re.compile(
    r"点(?:都|也|没|不|吗|小|问题|意见|建议|要求|半点|印象|关系|办法|"
    r"希望|头绪|困难|儿|疑|想|事|忙|钱|优惠|一(?!刻))"
)
_ARGUMENTS = re.compile("点(?:小?问题|意见|建议|要求|希望|疑问|说明|理由|原因)|时半会")
_BIT_BEFORE = re.compile(
    r"(?:有|快|早|晚|便宜|多|少|大|小|好|慢|差|这|那|说|几|前|后|"
    r"高|低|近|远|贵|万|第|不|过|些|着|丁|宽|省|坐|往前|靠前|"
    r"靠后|注意|靠.|往.|等|再)$"
)
#: What may stand beside a time that is all that is said.
_BESIDE_ALL = "那就改要不的场班节趟吧呢啊呀，。,. "
#: Before what is counted: 「余额不足20时」 is no hour.
_SCANT = re.compile("(?:不足|低于|低过|少于|小于|不满|跌破|不到|不够|只剩)$")
_FEW = ("一", "两", "二", "三", "1", "2", "3")
_HOUR_AFTER = re.compile(
    r"点(?:钟|整|半|[一三]刻|过|多|前|后|左右|的(?:航班|飞机|那班|"
    r"那个|票|班机)|起飞|出发|到|走|飞|登机)"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day at ``[start:end]``; ``hour`` may be 24, the midnight that ends the day.

    ``part`` is the part of the day that was said, empty when none; ``exact`` when the hour is
    to be taken as written (24-hour notation).
    """

    start: int
    end: int
    hour: int
    minute: int
    part: str
    exact: bool

    @property
    def is_open(self) -> bool:
        """Whether it may be either half of the day: 三点 without a word before it."""
        return not self.part and not self.exact and 1 <= self.hour <= 12


def find_clocks(utterance: Utterance) -> list[Clock]:
    """Every time of day, in order, without overlap."""
    folded = utterance.folded
    found = [_named(match) for match in _NAMED.finditer(folded)] if utterance.has("零夜午") else []
    if utterance.numerals and utterance.has(":∶点时M"):
        found += [clock for match in _COLON.finditer(folded) if (clock := _colon(match))]
        found += [clock for match in _CLOCK.finditer(folded) if (clock := _said(utterance, match))]
    return list(_apart(sorted(found, key=lambda each: (each.start, -each.end))))


def _apart(clocks: list[Clock]) -> Iterator[Clock]:
    end = -1
    for clock in clocks:
        if clock.start >= end:
            end = clock.end
            yield clock


def _named(match: re.Match[str]) -> Clock:
    hour = {"零时": 0, "半夜零点": 24, "午夜": 24, "正午": 12}[match[0]]
    return Clock(match.start(), match.end(), hour, 0, "named", True)


def _colon(match: re.Match[str]) -> Clock | None:
    part = _part(match)
    hour = hour_in(int(match["hour"]), part)
    if hour is None:
        return None
    return Clock(match.start(), match.end(), hour, int(match["minute"]), part, True)


def _said(utterance: Utterance, match: re.Match[str]) -> Clock | None:
    part, said = _part(match), small(match["hour"])
    hour, minute = hour_in(said, part), _minute(match)
    if hour is None or minute is None or _is_a_bit(utterance, match) or _is_when(utterance, match):
        return None
    back = _amount(match["to"]) + _amount(match["less"])
    total = hour * 60 + minute - back
    exact = said > 12 or said == 0 or match["hour"].startswith(("0", "零"))
    return Clock(match.start(), match.end(), total // 60, total % 60, part, exact)


def _is_when(utterance: Utterance, match: re.Match[str]) -> bool:
    """Whether 时 says when something holds, and not which hour: 「话费低于20时」."""
    if match["mark"] != "时" or match.end() > match.end("mark") or match["part"]:
        return False
    return _SCANT.search(utterance.before(match.start("hour"), 2)) is not None


def _part(match: re.Match[str]) -> str:
    word = match["part"] or (match["half"] or "").strip()
    return _PART_OF[word] if word else ""


def _minute(match: re.Match[str]) -> int | None:
    if match["quarters"]:
        return 15 * small(match["quarters"])
    if match["few"] or match["minute"]:
        minute = small(match["few"] or match["minute"])
        return minute if minute < 60 else None
    return 30 if "半" in match.string[match.end("mark") : match.end()] else 0


def _amount(said: str | None) -> int:
    if not said:
        return 0
    return 15 if said == "一刻" else small(said)


def _is_all(utterance: Utterance, match: re.Match[str]) -> bool:
    """Whether nothing else is said: 「那一点吧」."""
    around = utterance.folded[: match.start()] + utterance.folded[match.end() :]
    return not around.strip(_BESIDE_ALL)


def _is_a_bit(utterance: Utterance, match: re.Match[str]) -> bool:
    """一点 is mostly "a bit", 两点 may be two points of an argument."""
    said, at = match["hour"], match.start("hour")
    if match["part"] in ("早", "晚"):
        dated = utterance.before(match.start(), 1) in tuple("今明后昨天日号周一二三四五六")
        return said == "一" and not dated
    if match["part"] or match["to"]:
        return False
    if _ARGUMENTS.match(utterance.folded, match.start("mark")):
        return True
    if said not in _FEW or _is_all(utterance, match):
        return False
    if _BIT_AFTER.match(utterance.folded, match.start("mark")):
        return True
    if _BIT_BEFORE.search(utterance.before(at, 3)):
        return True
    lone = match.end() == match.end("mark")
    if said != "一" or not lone:
        return False
    context = utterance.before(at, 2)
    dated = (
        context.endswith(("天", "日", "号", "晚", "儿", "在", "是", "到", "约", ",", "，"))
        or not context
    )
    return not (dated or _HOUR_AFTER.match(utterance.folded, match.start("mark")))


def hour_in(hour: int, part: str) -> int | None:
    """The hour of the day, 24 for the midnight at its end, or None where it cannot be."""
    if hour > 24:
        return None
    if part in ("afternoon", "dusk") and 1 <= hour < 12:
        return hour + 12
    if part == "noon" and 1 <= hour <= 3:
        return hour + 12
    if part == "evening":
        return _late(hour, first=5)
    if part == "midnight":
        return _late(hour, first=9)
    return 0 if part in ("dawn", "morning") and hour == 12 and part == "dawn" else hour


def _late(hour: int, *, first: int) -> int:
    """An hour of the evening or the night after it: 12 → 24, 1 → 25."""
    if hour in (0, 12):
        return 24
    if hour < first:
        return hour + 24
    return hour + 12 if hour < 12 else hour
