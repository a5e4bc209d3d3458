"""Festivals and lunar days, by their names in talk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from engine.nlu.grammar.calendar import TERMS, day, lunar, nth_weekday, term
from engine.nlu.grammar.numerals import HANZI, SMALL, small

Yearly = Callable[[int], date | None]

_SOLAR = {
    (1, 1): "元旦节? 新年第一天 阳历新年",
    (2, 14): "情人节",
    (3, 8): "三八(?:国际)?(?:妇女)?节 妇女节 女神节",
    (3, 12): "植树节",
    (4, 1): "愚人节",
    (5, 1): "(?:五一|51)?劳动节",
    (5, 4): "(?:五四)?青年节",
    (6, 1): "(?:六一)?(?:国际)?儿童节",
    (7, 1): "七一建党节 建党节",
    (8, 1): "(?:八一)?建军节",
    (9, 10): "教师节",
    (10, 1): "(?:十一)?国庆(?:节|长假|假期|黄金周)?",
    (10, 31): "万圣节?前夜 万圣夜",
    (11, 1): "万圣节",
    (11, 11): "双十一 双11 光棍节",
    (12, 12): "双十二 双12",
    (12, 24): "平安夜",
    (12, 25): "圣诞(?:节|日)?",
    (12, 31): "跨年(?:夜|那天|那晚)? 元旦前夜",
}
_LUNAR = {
    (1, 1): "春节 大年初一 农历新年 过年(?=那天|回|的票|走|时) 新春 年初一 正月初一",
    (1, 15): "元宵(?:节)? 灯节 正月十五",
    (2, 2): "二月二(?=龙|抬头|那天|$) 龙抬头",
    (3, 3): "三月三(?=那天|节|$|放假)",
    (5, 5): "端午(?:节)? 五月节 端阳节",
    (7, 7): "七夕(?:节|情人节)? 乞巧节 中国情人节",
    (7, 15): "中元节? 鬼节 七月半",
    (8, 15): "中秋(?:节)? 八月节 八月十五(?!号|日) 团圆节",
    (9, 9): "重阳(?:节)? 九九重阳",
    (12, 8): "腊八(?:节)?",
    (12, 23): "(?:北方)?小年(?!夜)",
}
_NEW_YEAR_EVE = "除夕(?:夜)? 大年三十 年三十 大年夜 年三十晚 三十晚上(?!十|九|八|七|六) 大年30"
#: The day before the eve of the lunar year; 小年 without 夜 is a week before.
_LITTLE_EVE = "小年夜 小除夕"
_SPOKEN_MONTHS = {"正月": 1, "冬月": 11, "腊月": 12, "寒月": 10, "闰六月": 6}
_NTH_WEEKDAY = {
    "母亲节": (5, 6, 2),
    "父亲节": (6, 6, 3),
    "感恩节": (11, 3, 4),
}
#: Digits that also name streets, numbers and times (五一路, 十一点) need a free right side.
_FREE = (
    rf"(?<![{HANZI}0-9周第月拜期初])(?P<free>五一|六一|十一|618)"
    r"(?:节|长假|小长假|假期|黄金周|劳动节|国庆节?|儿童节)?"
    rf"(?![{HANZI}0-9路广街大中小新村个月点号块元排座张位人天次岁楼层毛分钱度年周级折小届米公]|"
    rf"商场|公园|礼堂|站|以后的)"
)


#: Solar terms that mostly tell the weather: 北京下大雪.
_WEATHER = frozenset(
    {"大雪", "小雪", "雨水", "大寒", "小寒", "大暑", "小暑", "白露", "霜降", "寒露", "小满"}
)


def _yearly() -> dict[str, Yearly]:
    table: dict[str, Yearly] = {}
    for (month, of_month), names in _SOLAR.items():
        table.update(dict.fromkeys(names.split(), _solar_day(month, of_month)))
    for (month, of_month), names in _LUNAR.items():
        table.update(dict.fromkeys(names.split(), _lunar_day(month, of_month)))
    table.update(dict.fromkeys(_NEW_YEAR_EVE.split(), _new_year_eve))
    table.update(dict.fromkeys(_LITTLE_EVE.split(), _little_eve))
    table.update({name: _weekday_of(*rule) for name, rule in _NTH_WEEKDAY.items()})
    for name in TERMS:
        day_of = r"(?:节气?|那天|当天|那日)"
        alone = rf"(?:{name}{day_of}|(?<![\u4e00-\u9fff]){name}(?=$|的票))"
        table[alone if name in _WEATHER else f"{name}{day_of}?"] = _term_day(name)
    return table


def _solar_day(month: int, of_month: int) -> Yearly:
    return lambda year: day(year, month, of_month)


def _lunar_day(month: int, of_month: int) -> Yearly:
    return lambda year: lunar(year, month, of_month)


def _weekday_of(month: int, weekday: int, nth: int) -> Yearly:
    return lambda year: nth_weekday(year, month, weekday, nth)


def _term_day(name: str) -> Yearly:
    return lambda year: term(year, name)


def _new_year_eve(year: int) -> date | None:
    """The eve of the lunar year that begins in a solar year."""
    first = lunar(year, 1, 1)
    return first and first - timedelta(days=1)


def _little_eve(year: int) -> date | None:
    eve = _new_year_eve(year)
    return eve and eve - timedelta(days=1)


_TABLE = _yearly()
_FREE_DAYS = {"五一": (5, 1), "六一": (6, 1), "十一": (10, 1), "618": (6, 18)}
_LONGEST_FIRST = sorted(_TABLE, key=len, reverse=True)
_RULES = {f"f{index}": _TABLE[name] for index, name in enumerate(_LONGEST_FIRST)}


def _by_head() -> dict[str, re.Pattern[str]]:
    """First character → the festivals that begin with it: most characters begin none."""
    patterns: dict[str, list[str]] = {}
    for index, name in enumerate(_LONGEST_FIRST):
        for head in _heads(name):
            patterns.setdefault(head, []).append(f"(?P<f{index}>{name})")
    for said in _FREE_DAYS:
        patterns.setdefault(said[0], []).append(_FREE)
    return {head: re.compile("|".join(names)) for head, names in patterns.items()}


def _heads(name: str) -> set[str]:
    """The characters with which a text that matches may begin."""
    heads: set[str] = set()
    while optional := re.match(r"\(\?:([^()]*)\)\?", name):
        heads |= {option[0] for option in optional[1].split("|")}
        name = name[optional.end() :]
    return heads | {name.removeprefix("(?:")[0]}


_BY_HEAD = _by_head()
_HEAD = re.compile(f"[{''.join(_BY_HEAD)}]")


def find_festivals(folded: str) -> Iterator[re.Match[str]]:
    """Every festival named in a folded text, for `festival_rule`."""
    end = 0
    for head in _HEAD.finditer(folded):
        if head.start() < end:
            continue
        if match := _BY_HEAD[head[0]].match(folded, head.start()):
            end = match.end()
            yield match


_LUNAR_DAY = r"(?:初(?:[一二三四五六七八九十]|[0-9]{1,2})|" + SMALL + ")"
LUNAR = re.compile(
    r"(?:(?P<said>农历|阴历|旧历|老历)(?:的)?(?P<month>正月|冬月|"
    r"腊月|[一二三四五六七八九]月|十[一二]?月|1?[0-9]月)(?:的)?"
    r"|(?P<named>正月|冬月|腊月)|(?P<first>大?年)(?=初[一二三四五六七八九十1-9])|"
    r"(?P<bare>(?:^|(?<=[,，。\s我订买的])))(?=初[一二三四五六七八九十](?:$|"
    r"回|走|出发|的(?:票|航班|飞机|机票)|去|飞|那天|早上|晚上|"
    r"[,，。吧]))|(?P<plain>[二三四五六七八九]月|十[一二]?月)(?=初))"
    rf"(?P<day>{_LUNAR_DAY})(?:号|日)?"
)


def festival_rule(match: re.Match[str]) -> Yearly:
    """The yearly day of a festival found."""
    if match.lastgroup == "free":
        return _solar_day(*_FREE_DAYS[match["free"]])
    return _RULES[match.lastgroup or ""]


def lunar_rule(match: re.Match[str]) -> Yearly:
    """The yearly day of a `LUNAR` match."""
    said = match["month"] or match["named"] or match["plain"] or "正月"
    month = _SPOKEN_MONTHS.get(said) or small(said[:-1])
    of_month = small(match["day"].removeprefix("初"))
    return lambda year: lunar(year, month, of_month)
