"""Dates: 明天, 下周三, 12月3号, 月底, 农历十月二十, 三天后, 2026-12-01; the future is preferred."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from engine.nlu.grammar.calendar import add_months, day, month_end, next_of
from engine.nlu.grammar.festivals import (
    LUNAR,
    Yearly,
    festival_rule,
    find_festivals,
    lunar_rule,
)
from engine.nlu.grammar.numerals import DIGITS, HANZI, HANZI_DIGIT, SMALL, read, small
from engine.nlu.grammar.ranges import FIRST, in_week, linked, merged
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_NOT_IN_NUMBER = rf"(?<![0-9{HANZI}])"
_NOT_IN_DIGITS = r"(?<![0-9A-Z\-/.])"
_DAY_END = rf"(?![0-9{HANZI_DIGIT}十点元块毛%路线排座个])"
_YEAR = (
    rf"(?P<year>(?:20)?[0-9]{{2}}年|[二两][零0][{HANZI_DIGIT}]{{2}}年|二[一二三四五六七八九]"
    rf"年|今年|明年|后年|去年|前年|来年|大后年)(?:的)?"
)

_ISO = re.compile(
    rf"{_NOT_IN_DIGITS}(?P<y>20[0-9]{{2}})\s?[-/.]\s?(?P<m>1[0-2]|"
    rf"0?[1-9])\s?[-/.]\s?(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9A-SU-Z])(?:号|"
    rf"日)?"
    r"|(?<![0-9A-Z])(?P<y8>20[0-9]{2})(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|"
    r"[12][0-9]|3[01])(?![0-9A-Z\-])"
)
_SLASH = re.compile(
    rf"{_NOT_IN_DIGITS}(?P<m>1[0-2]|0?[1-9])(?P<mark>[/\-.])(?P<d>3[01]|"
    rf"[12][0-9]|0?[1-9])(?![0-9/\-.:A-Z元块万千百%折GMK倍米个])"
    rf"(?P<note>号|日|(?=(?:的)?(?:那|当)[天日晚]))?"
)
_MONTH_DAY = re.compile(
    rf"(?:{_YEAR})?{_NOT_IN_NUMBER}(?P<month>{SMALL}|元)月(?:份)?(?:的)?\s?(?P<day>{SMALL})"
    rf"(?:号(?!线|航站楼|楼)|日|{_DAY_END})"
)
_RELATIVE_MONTH_DAY = re.compile(
    rf"(?P<month>(?:这|本|当|上+|下+|次)(?:一)?(?:个)?月)(?:份)?(?:的)?\s?(?P<day>{SMALL})"
    rf"(?:号|日|{_DAY_END})"
)
_MONTH_PART = re.compile(
    rf"(?:(?P<rel>(?:这|本|当|上+|下+|次)(?:一)?(?:个)?)|(?:{_YEAR})?{_NOT_IN_NUMBER}(?P<n>{SMALL}|"
    rf"元)|(?<![{HANZI}0-9个这本当上下每几]))"
    r"月(?:份)?(?:的)?(?P<part>底|末|初(?![一二三四五六七八九十1-9])|"
    r"中旬|中(?!旬)|最后一天|第一天|(?=1号))"
)
_YEAR_PART = re.compile(
    rf"(?:{_YEAR}|(?<![{HANZI}0-9今明去前后来半大过几每]))(?P<part>年?(?:底|"
    rf"末)(?=前|$|[的走去回出飞了吧,，。之以])|年初(?![一二三四五六七八九十1-9]))"
)
# A house has a number as well: 中关村1号, 南京东路20号, 5号302室.
_DAY = re.compile(
    rf"(?<![0-9{HANZI}A-Z月第座每农历路街巷弄屯村])(?<!胡同|大道|小区|花园|大厦|公寓)"
    rf"(?P<day>{SMALL})(?:号(?!线|"
    rf"航站楼|楼|登机口|门|柜台|窗口|厅|座|套餐|机|公馆|院|码|"
    rf"位|床|桩|柜|桌|机位|库|仓|车厢|场地|卡|球|[0-9]{{1,4}}室)|日(?!游|元|本|三餐|报|均))"
)
_WORD = re.compile(
    r"(?P<far>大*)(?P<word>(?<=明)后(?=两天)|后(?:天|日|儿个?|早(?:上|晨)?|晚(?!点|了))|前(?:天|日|儿个?|晚))"
    r"|(?P<near>今(?:天|日|儿个?|早(?:上|晨)?|晚(?!点)|晨|夜|朝(?!有)|"
    r"个儿?)|(?<!赶)(?:明(?:天|日|儿个?|早(?:上|晨)?|晚|晨|"
    r"夜|个儿?|朝)|名天|听日)|昨(?:天|日|儿个?|早|晚|夜|个)|"
    r"今(?=明[天两])|(?<=今)明(?=两天)|明(?=后[天两])|寻日|琴日|当天(?=的?机票|的?航班|就)(?!$))"
)
_NEAR = {"今": 0, "当": 0, "明": 1, "名": 1, "听": 1, "昨": -1, "寻": -1, "琴": -1}
# 两周五天 counts weeks; three digits before 周 are a flight number: CA1234周五.
_WEEKDAY = re.compile(
    rf"(?:(?<![每{HANZI}0-9隔])|(?<=[{HANZI}0-9]{{3}}))(?P<shift>上+|下+|这|本|今)?(?:一)?(?:个)?"
    rf"(?:(?:周|星期|礼拜)的)?(?:周|星期|礼拜)(?P<n>[一二三四五六七日天末1-7])(?![次期年岁边围转遍]|"
    rf"(?<=一)回|[0-9](?![0-9]?\s?[:点时]))"
)
_SAME_DAY = re.compile(
    r"(?P<shift>下+|上+)(?:一)?(?:个)?(?:周|星期|礼拜|月)(?:的)?(?:今天|这天|同一天|这个时候)"
)
_AFTER = re.compile(
    rf"(?P<lead>再?过|再等)?\s?(?<![{HANZI}0-9.])(?P<n>[0-9]{{1,3}}|"
    rf"[{HANZI}]{{1,5}}|半|一个半)(?P<half>个半)?(?P<unit>天|"
    rf"日|个?(?:星期|礼拜)|周|个月|年)(?:半)?(?P<tail>之后|以后|"
    rf"过后|后(?!天|年)|之前|以前|前)?(?:的今天|(?<=[周期拜]后)的(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]))?"
)
_BESIDE = re.compile(
    r"(?:的)?(?P<shift>前一天|前一晚|前夕|前两天|后一天|(?<!明)后两天|第二天|次日|隔天|头一天|头天|转天)"
)
_SHIFTS = {"前一天": -1, "前一晚": -1, "前夕": -1, "前两天": -2, "后一天": 1, "后两天": 2}
_SHIFTS |= {"第二天": 1, "次日": 1, "隔天": 1, "头一天": -1, "头天": -1, "转天": 1}
_WEEKDAY_NOTE = re.compile(r"\s?[(,，]?\s?(?:周|星期|礼拜)[一二三四五六日天]\)?")

Found = tuple[date | None, bool]
Finder = Callable[[str], Iterator[re.Match[str]]]
Rule = Callable[[re.Match[str], date], Found]


def find_dates(utterance: Utterance) -> list[Entity]:
    """ISO dates; a bare 三号 or 12.1 is loose, all else strict."""
    found = merged(utterance, longest_first(_all(utterance)))
    return list(linked(utterance, in_week(utterance, found)))


def _all(utterance: Utterance) -> Iterator[Entity]:
    today = utterance.now.date()
    for finder, needed, rule in _RULES:
        if needed and not utterance.has(needed):
            continue
        for match in finder(utterance.folded):
            value, strict = rule(match, today)
            if value is not None:
                yield _extended(utterance, match, value, strict=strict)


def _extended(utterance: Utterance, match: re.Match[str], value: date, *, strict: bool) -> Entity:
    """Take in what still belongs to the date: (周四), 前一天."""
    end = match.end()
    note = _WEEKDAY_NOTE.match(utterance.folded, end)
    # 「不是周四，周五」 are two days.
    if note and not _WEEKDAY_NOTE.search(match[0]):
        end = note.end()
    if beside := _BESIDE.match(utterance.folded, end):
        end = beside.end()
        value += timedelta(days=_SHIFTS[beside["shift"]])
    strict = strict or end > match.end()
    return utterance.entity("date", value.isoformat(), match.start(), end, strict=strict)


def _iso(match: re.Match[str], today: date) -> Found:
    parts = [match[name] or match[f"{name}8"] for name in "ymd"]
    return day(int(parts[0]), int(parts[1]), int(parts[2])), True


def _slash(match: re.Match[str], today: date) -> Found:
    month, of_month = int(match["m"]), int(match["d"])
    alone = len(match[0]) == len(match.string.strip(" 。的"))
    marked = match["note"] is not None
    if match["mark"] != "/" and not alone and not marked:
        return None, False
    value = next_of(lambda year: day(year, month, of_month), today=today)
    return value, match["mark"] == "/" or marked


def _month_day(match: re.Match[str], today: date) -> Found:
    month = 1 if match["month"] == "元" else small(match["month"])
    of_month = small(match["day"])
    return _in_year(match["year"], lambda year: day(year, month, of_month), today), True


def _in_year(said: str | None, rule: Yearly, today: date) -> date | None:
    return rule(_year(said, today)) if said else next_of(rule, today=today)


def _year(said: str, today: date) -> int:
    words = {"去年": -1, "前年": -2, "今年": 0, "明年": 1, "来年": 1, "后年": 2, "大后年": 3}
    if said in words:
        return today.year + words[said]
    digits = "".join(str(DIGITS[char]) for char in said[:-1])
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _relative_month_day(match: re.Match[str], today: date) -> Found:
    first = _month(match["month"], today)
    return day(first.year, first.month, small(match["day"])), True


def _month(said: str, today: date) -> date:
    shift = said.count("下") + said.count("次") - said.count("上")
    return add_months(today.replace(day=1), shift)


def _month_part(match: re.Match[str], today: date) -> Found:
    part = match["part"]
    if match["n"]:
        month = 1 if match["n"] == "元" else small(match["n"])
        rule: Yearly = lambda year: _part(day(year, month, 1), part)  # noqa: E731
        return _in_year(match["year"], rule, today), True
    first = _month(match["rel"] or "", today)
    value = _part(first, part)
    if not match["rel"] and value and value < today:
        value = _part(add_months(first, 1), part)
    return value, True


def _part(first: date | None, part: str) -> date | None:
    if first is None or part in ("底", "末", "最后一天"):
        return first and month_end(first)
    return first.replace(day=15) if part.startswith("中") else first


def _year_part(match: re.Match[str], today: date) -> Found:
    month, of_month = (1, 1) if match["part"] == "年初" else (12, 31)
    if not match["year"] and not match["part"].startswith("年"):
        return None, False
    return _in_year(match["year"], lambda year: day(year, month, of_month), today), True


def _day_of_month(match: re.Match[str], today: date) -> Found:
    of_month = small(match["day"])
    months = (add_months(today.replace(day=1), ahead) for ahead in range(13))
    days = (day(first.year, first.month, of_month) for first in months)
    value = next((each for each in days if each and each >= today), None)
    bare = len(match[0]) == len(match.string.strip(" ,，。.!！吧啊呢的就要选我个那这"))
    return value, not (bare and match[0][-1] == "号" and of_month <= 12)


def _word(match: re.Match[str], today: date) -> Found:
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"][0]]), True
    days = 2 + len(match["far"])
    return today + timedelta(days=days if match["word"][0] == "后" else -days), True


def _weekday(match: re.Match[str], today: date) -> Found:
    said, shift = match["n"], match["shift"] or ""
    weekday = 5 if said == "末" else 6 if said in "日天七7" else int(read(said) or 1) - 1
    value = today + timedelta(days=weekday - today.weekday())
    if shift:
        return value + timedelta(weeks=shift.count("下") - shift.count("上")), True
    if said == "末" and today.weekday() >= 5:
        return today, True
    return value + timedelta(weeks=value <= today), True


def _same_day(match: re.Match[str], today: date) -> Found:
    count = len(match["shift"]) * (1 if "下" in match["shift"] else -1)
    if "月" in match[0]:
        return add_months(today, count), True
    return today + timedelta(weeks=count), True


def _after(match: re.Match[str], today: date) -> Found:
    tail = match["tail"] or ""
    if not tail and not match["lead"]:
        return None, False
    count = _count(match["n"])
    if count is None or ((half := bool(match["half"])) and "月" not in match["unit"] + "月"):
        return None, False
    sign = -1 if "前" in tail else 1
    value = _shifted(today, match["unit"], sign, count + (0.5 if half else 0))
    if value and match["weekday"]:
        weekday = "一二三四五六日天".index(match["weekday"])
        value += timedelta(days=min(weekday, 6) - value.weekday())
    return value, True


def _count(said: str) -> float | None:
    if said in ("半", "一个半"):
        return 0.5 if said == "半" else 1.5
    value = read(said)
    return float(value) if value is not None and value <= 400 else None


def _shifted(today: date, unit: str, sign: int, count: float) -> date:
    if unit.endswith("月"):
        whole = add_months(today, sign * int(count))
        return whole + timedelta(days=sign * 15 * (count % 1 > 0))
    if unit == "年":
        return add_months(today, sign * int(count * 12))
    days = {"天": 1, "日": 1}.get(unit, 7)
    return today + timedelta(days=round(sign * count * days))


def _festival(match: re.Match[str], today: date) -> Found:
    year = _YEAR_BEFORE.search(match.string, max(0, match.start() - 6), match.start())
    return _in_year(year["year"] if year else None, festival_rule(match), today), True


def _lunar(match: re.Match[str], today: date) -> Found:
    return next_of(lunar_rule(match), today=today), match["bare"] is None


_YEAR_BEFORE = re.compile(_YEAR + "$")
#: What finds a date, the characters of which it needs one (none: any), and what it means.
_RULES: tuple[tuple[Finder, str, Rule], ...] = (
    (_ISO.finditer, "0", _iso),
    (_SLASH.finditer, "/-.", _slash),
    (_MONTH_DAY.finditer, "月", _month_day),
    (_RELATIVE_MONTH_DAY.finditer, "月", _relative_month_day),
    (_MONTH_PART.finditer, "月", _month_part),
    (_YEAR_PART.finditer, "年", _year_part),
    (_DAY.finditer, "号日", _day_of_month),
    (FIRST.finditer, "号日", _day_of_month),
    (_WORD.finditer, "今明后昨前听寻琴名当", _word),
    (_WEEKDAY.finditer, "周星拜", _weekday),
    (_SAME_DAY.finditer, "周星拜月", _same_day),
    (_AFTER.finditer, "后前过等", _after),
    (find_festivals, "", _festival),
    (LUNAR.finditer, "月年初", _lunar),
)
