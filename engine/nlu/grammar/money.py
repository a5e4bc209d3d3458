"""Amounts of yuan: 五十块, 三十块五, ¥100, 一百二 — and the slips of a recogniser (一百快)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from engine.nlu.grammar.numerals import DIGITS, HANZI, Numeral, find_numerals, plain, read
from engine.nlu.grammar.spans import longest_first
from engine.nlu.grammar.utterance import Utterance
from engine.nlu.parse import Entity

_ONE = "[一二三四五六七八九两俩壹贰叁肆伍陆柒捌玖0-9]"
_ENDS = rf"(?![{HANZI}0-9个次张位人天月号点折%:])"
_CLOSE = (
    r"(?=$|[\s,.。，、!！?？;；~]|的|话费|吧|啊|呢|吗|嘛|行|给|到|就|好|"
    r"谢|整|呀|哈|可以|左右|上下|[一二三四五六七八九])"
)
#: After 块: 半, 五分, 零五 (five fen), 零五毛, 五毛六, 五.
_AFTER_YUAN = (
    rf"(?:(?P<half>半){_ENDS}|零?(?P<fen>{_ONE})分{_ENDS}|零(?P<few>{_ONE})(?![毛角]){_ENDS}"
    rf"|[零又]?(?P<tenth>{_ONE})(?:(?:毛(?![病衣巾线毛])|角(?![形落度色架洲]))"
    rf"(?:(?P<cent>{_ONE})分?)?(?:钱)?{_ENDS}|{_ENDS}))"
)
_UNIT = re.compile(
    rf"\s?(?:块钱|元钱|块(?!头|儿)|元|圆|蚊(?![子香])|快钱|(?:快|园|筷)(?!点){_CLOSE}|RMB|人民币|CNY)"
    rf"{_AFTER_YUAN}?\s?[整正]?(?:钱|人民币)?"
)
_CHANGE = re.compile(
    rf"(?:毛(?![病衣巾线毛])|角(?![形落度色架洲]))(?:({_ONE})分?(?:钱)?{_ENDS}|"
    rf"半)?(?:钱|整)?|(?:分钱|分整)"
)
_PREFIX = re.compile(r"(?:¥|RMB|CNY|人民币)\s?$")
#: What may follow one Hanzi that is an amount: 充一百 and 来十, not 交一下.
_STOP = re.compile(r"$|[\s,，。.!！?？]|整|吧|的?话费|的(?:$|话费)")
_MINUS = re.compile(r"(?:^|[^0-9A-Z])[-−负]$")
_INSIDE = re.compile("[第点/]$|[0-9]:$|分之$|尾号$")
#: Numbers that customers call, never amounts.
_SERVICE_NUMBERS = frozenset({"10086", "10010", "12306", "12345", "12315", "95539", "95583"})
_CUE = re.compile(
    r"(?:话费|[充冲存交缴付转汇整搞入]|充值|冲值|续费|续|加|打|来|还|预存|金额|价格|面值|价钱)"
    r"(?:上|了|个|值|费|他|她|它|进去|进|到|满|话费|电费|的)?(?:是|为|就)?\s?$"
)
#: What is done with an amount, after it: 把100充到….
_GOES = re.compile(r"\s?[充冲打存转](?:到|给|进|入)")
#: After the first of two amounts between which it is to be: 100-200.
_UNTIL = (
    rf"[0-9]{{1,5}}(?:[块元快]|(?![{HANZI}0-9A-Z:/个次张位人天月号日点折%岁排座楼层路线班年代期-]))"
)
_NOT_MONEY = re.compile(
    r"\s?(?:个(?!吧)|位|笔|项|户|人|(?<!\s)张|次|天|日|月|年|周|星期|礼拜|小时|分钟|"
    r"分|秒|点|刻|时(?!候|就|提醒|通知|告诉|喊|叫|说)|号(?!码|是|为|:)|排|座|楼|层|岁|件|条|份|遍|种|折|%|"
    r":(?!\s?[0-9]{7})|/"
    r"|[GM](?:B|流量|$|的)|兆|G|M|路|线|航|班|次|米|毫升|升|公里|"
    rf"斤|公斤|千克|岁|倍|级|期|寸|-(?!{_UNTIL})|名|家|行(?![不吗吧么嘛啊])|步|口|趟|股|度|"
    r"杯|瓶|首|开头|那个?号|那个\s?1[3-9][0-9]{9}|尾号|这个号|代|[A-Z](?![A-Z]))"
)
_APPROXIMATE = re.compile(
    r"(?<![第百千万零一二三四五六七八九十0-9])"
    r"(?:(?:[一二三四五六七八九两好]?[十百千]|[0-9]{1,3})(?:来|多|几|余)[万千百]|"
    r"[一二三四五六七八九两好上大]{0,2}[十百千万]{1,2}(?:来|多|"
    r"几|余|把)|几[十百千万]{1,2}|[0-9]{1,6}(?:来|多|几|余)"
    r"|[一二两三四五六七八九]{2}[十百千万]{1,2}|上[百千万]|百八十|[百千]十)(?:来|多)?"
    r"(?P<unit>块钱|块|元|圆|毛|(?=$|[吧的啊呢,，。]))"
)
#: Characters that a recogniser writes for a digit of the same sound; none is a word beside it.
_SLIPS = str.maketrans(
    "武午舞伍吴流溜陆留刘妻漆柒巴爸捌酒久玖司思肆饿耳伞衣依白佰拾",
    "五五五五五六六六六六七七七八八八九九九四四四二二三一一百百十",
)
_SLIPPED = re.compile(
    rf"(?<=[充冲存交缴付打])(?:[个了值上])?(?P<said>[{HANZI}武午舞吴流溜留刘妻漆巴爸酒久司思饿耳伞衣依白]{{2,7}})"
    r"(?:块钱?|元钱?|圆|快钱)"
)
#: Digits typed one by one (1 0 0) are no amount of 1.
_SPELT = re.compile(r"[0-9]\s[0-9](?![0-9])")
#: With its unit after them they are one: 5 0 元.
_SPELT_OUT = re.compile(
    r"(?<![0-9])(?<![0-9]\s)(?P<digits>[1-9](?:\s[0-9]){1,3})\s?(?:块钱|元钱|块(?!头|儿)|元|圆)"
)
_ABOUT = re.compile(r"\s?(?:左右|上下|出头|开外|多块|来块)")
#: Words before an amount that leave it open. 快 is none: 快充一百 is only in a hurry.
_SOME = re.compile(
    r"(?:大概|大约|大致|(?<![预特契条])约|差不多|将近|接近|不到|不足|不满|不超过|超过|估计|少说|"
    r"至少|最少|起码|最多|顶多)(?:也就|就|也|是|有|要|得|需要|充|交|存|付|个|值){0,3}\s?$"
)


#: What makes of 「不到十块」 a threshold, and no guess: 的时候, 就告诉我.
_UNDER = re.compile(r"(?:不到|不足|不满|不够|超过)(?:了)?\s?$")
_WHEN = re.compile(
    r"(?:了|钱)?(?:的?(?:时候|话)|时|就|(?:请|记得|再)?(?:提醒|通知|告诉|跟我|喊|叫我))"
)


#: 两笔一块交: together, and no amount of one.
_TOGETHER = re.compile(
    r"(?:^|(?<=[笔个们俩都号家份项款费账单人]))一块(?=$|[吧交缴付结还办充给弄，,。])"
)
#: 百元话费, but not 几百元.
_ROUND = re.compile(
    r"(?<![几上数成多好第零一二两三四五六七八九十百千万亿半0-9.])(?P<n>[百千])[元块]"
)


def find_money(utterance: Utterance) -> list[Entity]:
    """Amounts as decimal strings of yuan; an approximate or negative one has no value."""
    if not utterance.numerals and not utterance.has("充冲存交缴付打"):
        return []
    found = [
        money
        for numeral in utterance.numerals
        if numeral.end - numeral.start <= 28 and (money := _money(utterance, numeral))
    ]
    found += _round(utterance)
    vague = [_vague(utterance, match) for match in _APPROXIMATE.finditer(utterance.folded)]
    found += [*_after_phone(utterance), *_slipped(utterance), *_spelt_out(utterance)]
    return longest_first(vague + found)


def _round(utterance: Utterance) -> Iterator[Entity]:
    """百元: one of these, without a numeral."""
    for match in _ROUND.finditer(utterance.folded):
        value = "100" if match["n"] == "百" else "1000"
        yield utterance.entity("money", value, match.start(), match.end())


def _slipped(utterance: Utterance) -> Iterator[Entity]:
    """冲武十块, 充一白块: an amount with a digit written as another word of its sound."""
    for match in _SLIPPED.finditer(utterance.folded):
        said = match["said"].translate(_SLIPS)
        value = read(said) if said != match["said"] else None
        if value is not None:
            yield utterance.entity("money", plain(value), match.start("said"), match.end())


def _spelt_out(utterance: Utterance) -> Iterator[Entity]:
    for match in _SPELT_OUT.finditer(utterance.folded):
        digits = "".join(match["digits"].split())
        yield utterance.entity("money", digits, match.start(), match.end())


def _after_phone(utterance: Utterance) -> Iterator[Entity]:
    """充幺三八幺二三四五六七八五十: the last digit that was said begins the amount."""
    for run in utterance.runs:
        if len(run.digits) == 12 and utterance.folded[run.end : run.end + 1] in tuple("十百千"):
            at = run.starts[11]
            numeral = next(iter(find_numerals(utterance.folded[at:])), None)
            if numeral and not numeral.start and numeral.value is not None:
                unit = _UNIT.match(utterance.folded, at + numeral.end)
                end = unit.end() if unit else at + numeral.end
                yield utterance.entity("money", plain(numeral.value), at, end)


def _vague(utterance: Utterance, match: re.Match[str]) -> Entity:
    return utterance.entity(
        "money",
        None,
        match.start(),
        match.end(),
        strict=bool(match["unit"]),
        problem="approximate",
    )


def _money(utterance: Utterance, numeral: Numeral) -> Entity | None:
    folded = utterance.folded
    if numeral.value is None or _INSIDE.search(utterance.before(numeral.start, 2)):
        return None
    if _TOGETHER.match(folded, numeral.start):
        return None
    if _MINUS.search(utterance.before(numeral.start, 2)):
        return utterance.entity("money", None, numeral.start - 1, numeral.end, problem="negative")
    prefix = _PREFIX.search(utterance.before(numeral.start, 5))
    start = numeral.start - (len(prefix[0]) if prefix else 0)
    if unit := _UNIT.match(folded, numeral.end):
        return _exact(utterance, start, unit.end(), numeral.value + _tail(unit))
    if change := _CHANGE.match(folded, numeral.end):
        return _exact(utterance, start, change.end(), _change(numeral.value, change))
    return _bare(utterance, numeral, start, marked=prefix is not None)


def _is_vague(utterance: Utterance, start: int, end: int) -> bool:
    """Whether the words before an amount leave it open: 「大概五十」, not 「不到十块的时候」."""
    before = utterance.before(start, 10)
    if _UNDER.search(before) and _WHEN.match(utterance.folded, end):
        return False
    return _SOME.search(before) is not None


def _tail(unit: re.Match[str]) -> Decimal:
    if unit["half"]:
        return Decimal("0.5")
    cents = _value(unit["tenth"]) * 10 + sum(_value(unit[name]) for name in ("cent", "fen", "few"))
    return Decimal(cents) / 100


def _change(value: Decimal, change: re.Match[str]) -> Decimal:
    if change[0].startswith("分"):
        return value / 100
    half = 5 if "半" in change[0] else 0
    return value / 10 + Decimal(_value(change[1]) + half) / 100


def _value(digit: str | None) -> int:
    return DIGITS[digit] if digit else 0


def _exact(utterance: Utterance, start: int, end: int, value: Decimal) -> Entity:
    about = _ABOUT.match(utterance.folded, end)
    if about or _is_vague(utterance, start, end):
        end = about.end() if about else end
        return utterance.entity("money", None, start, end, problem="approximate")
    return utterance.entity("money", plain(value), start, end)


def _bare(utterance: Utterance, numeral: Numeral, start: int, *, marked: bool) -> Entity | None:
    folded, end = utterance.folded, numeral.end
    if numeral.value is None or _SPELT.match(folded, numeral.start):
        return None
    if not marked and (_NOT_MONEY.match(folded, end) or _is_code(utterance, numeral)):
        return None
    cued = marked or bool(_CUE.search(utterance.before(start, 6))) or bool(_GOES.match(folded, end))
    if not is_free(utterance, numeral) and not (cued and _STOP.match(folded, end)):
        return None
    about = _ABOUT.match(folded, end)
    if about or _is_vague(utterance, start, end):
        end = about.end() if about else end
        return utterance.entity("money", None, start, end, strict=cued, problem="approximate")
    whole = end + 1 if folded[end : end + 1] in ("整", "正") else end
    strict = cued or whole > end or folded[end : end + 3].lstrip("的").startswith("话费")
    return utterance.entity("money", plain(numeral.value), start, whole, strict=strict)


def _is_code(utterance: Utterance, numeral: Numeral) -> bool:
    """A number too long for an amount, with a leading zero, or glued to letters."""
    text = numeral.text
    glued = utterance.before(numeral.start, 1)
    return (
        (len(text) > 1 and text[0] in "0零" and text[1] not in ".点")
        or ((numeral.value or 0) > 10_000_000 and not text.endswith(("万", "亿")))
        or (glued.isascii() and glued.isalnum())
        or numeral.value == 0
        or text in _SERVICE_NUMBERS
    )


def is_free(utterance: Utterance, numeral: Numeral) -> bool:
    """Whether a numeral stands for itself: one Hanzi inside words (一下, 万一) does not."""
    if numeral.end - numeral.start > 1 or numeral.text.isascii():
        return True
    rest = utterance.folded[: numeral.start] + utterance.folded[numeral.end :]
    return not rest.strip(" ,，.。!！?？吧啊呢的了哦嗯就")
