"""Answers to a question for a yes or a no that are neither: 没养, 结了, 自带."""

from __future__ import annotations

import functools
import re

from engine.dialog.reading import oneself
from engine.dialog.reading.asked import asked_by, poles
from engine.dialog.scripts.script import Slot
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.fold import fold

#: What denies.
_LACKS = r"(?:我们?|家里|目前|现在)?(?:还|从来?|并|就|都|暂时)?(?:没|未|无|木有|冇|忘)"
_HAS = re.compile(r"[^没无不，。]{0,4}有(?!没有)[^，。吗么没]{1,8}")
#: 结了, 带过的: it is so by now.
_IS_DONE = re.compile(
    r"(?:已经?|早就?|都)?(?![不没未别算完忘晚错好行罢够])[^\W\d_不没未]{1,3}[了过](?:的|呀|啊|哦)?"
)
#: The clause of a question that asks for a yes or a no.
_CLAUSE_ASKED = re.compile("[^，。？?,；;]+吗")
_NEVER = re.compile("(?:从来?|以前)没.*|头一[次回]|第?一次|首次")
_ONCE = re.compile(
    r"(?:已经?|以前|之前)?[^\W\d_不没]{1,3}过(?:[^，。吗]{0,3}次?)?[的了]?"
    r"|第[二三四五几][次回].*"
)
_FIRST_TIME = re.compile("(?:第一次|首次)[^，。？?要按算]*吗")
#: A question whether something has happened.
_BY_NOW = re.compile("已|过|了吗|没有[？?]")
#: Whoever does it needs nobody to: 我自己送.
_BY_ONESELF = re.compile("(?:我|我们|那)?自己[^，。吗]{1,4}")
#: 「不办了要回老家」 are two.
_CLAUSES = re.compile(r"[，,。；;！!\s]+|(?<=不.了)(?=\w{3})|(?<=有\w\w)(?=不用|不要|要)")
#: A yes before what is so: 嗯打过.
_AGREES = re.compile("^(?:嗯+|对|是的?|恩)[，, ]*(?=.)")
#: What a no begins with that is of no more than what is asked: 算了不打包.
_CALLED_OFF = re.compile("^算了吧?[，, ]*(?=不|没|别)")
#: One of what is offered is a yes to it: 来一个.
_SOME = "(?:那就?|就|给我)?(?:要|来|加|租|买|订|做)上?[一1][{measures}]吧?"
#: What is asked for, at the end of its question.
_ENDS_IN = re.compile("有[^，。？?吗]*?([\u4e00-\u9fff]{2})吗")
#: A question whether somebody does something with a thing: 养宠物吗, 您带行李吗.
_DOES = re.compile(
    "(?:^|[，。？?！!])(?:您|你|家里|平时|是否)*(?P<verb>[养带开抽喝吃用戴穿])[\u4e00-\u9fff]{1,4}吗"
)
#: A question whether something can be done, and what begins an answer to it: 能用.
_WORKS = re.compile("能.*[用开看]|正常|好用")
_ABLE = "能会可"
#: What is done with a thing that is named with it.
_USES = re.compile("(?:我们?|就|也|都)*(?P<no>[不没别])?[坐乘搭用带办买租订吃住学穿]")
#: A question for what is wrong, and that nothing is.
_FAULTS = re.compile("有[^。？?]*(?:坏|故障|毛病|问题|杂音|破|损|异常|不适|不舒服)[^。？?]*吗")
_WELL = re.compile("(?:一切|全|都|是)*(?:挺|很|蛮|还)?(?:好|正常|完好|不错)(?:的|着|呢|啊)*")
#: Characters of a question that is said again as a whole.
_WHOLE = 3
#: What is denied in what is asked for.
_OPPOSITE = re.compile("有[^，。？?吗]*?[未非]([\u4e00-\u9fff]{2,4})吗")
#: A question whether there is something; 「没有平台」 beside another one asks for nothing.
_ASKS_HAS = re.compile("(?<!没)有[^。？?！!]*吗")
#: Characters of a verb.
_VERB = 2
#: What may follow a verb.
_TAIL = re.compile("[的吧了呢啊着呀嘛哦噢]+$")
#: What may follow a verb that is said again: 带上, 留着.
_RESULT = re.compile("(?<=[^要不])(?:上|着|走|来|过来)$")
_ASKS_FOR = re.compile("^(?:那|就|请|麻烦|辛苦|你们?|帮我?|给我)+(?=[^\\W\\d_]{2})")
_DENIES = re.compile("(?:那|就|我|先|都|也|还是)*(?P<no>不|别|没|无需|免)(?P<rest>.*)")
#: What may follow a no without a meaning of its own.
_MODAL = "用要需想得"


@functools.cache
def _is_not() -> re.Pattern[str]:
    """没养, 未婚, 忘带了: it is not so; though 没问题 denies nothing."""
    return re.compile(rf"{_LACKS}(?!{either(lexicon().answers.not_lacking)})[^，。吗]{{0,5}}")


@functools.cache
def _has_not() -> re.Pattern[str]:
    """Where the question is whether there is one, 不 says so as well; 不知道 does not."""
    words = lexicon().answers
    lacks = rf"{_LACKS}(?!{either(words.not_lacking)})"
    return re.compile(rf"(?:{lacks}|不(?!{either(words.not_denied)}))[^，。]{{0,5}}")


@functools.cache
def _plain() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A yes and a no that are nothing else."""
    words = lexicon().answers
    yes, no = (rf"(?:{either(said)})[的啊呀吧呢了]*" for said in (words.plain_yes, words.plain_no))
    return re.compile(yes), re.compile(no)


def is_plain(text: str) -> bool:
    """Whether a message is no more than a yes or a no."""
    said = fold(text.strip(" ，。,.!！"))
    return any(form.fullmatch(said) for form in _plain())


def answered(text: str, slot: Slot | None) -> str:
    """The value of a slot for a yes or a no that only says what there is: 没养, 有一只猫."""
    yes, no = poles(slot) if slot else ("", "")
    if slot is None or not yes:
        return ""
    is_so = _is_so(text, slot)
    return "" if is_so is None else yes if is_so else no


def said_again(text: str, slot: Slot | None) -> str:
    """The value for a yes or a no that is the question said again: 「一年内调过」, 「名字绣上」.

    No number or name in it is a value then.
    """
    yes, no = poles(slot) if slot else ("", "")
    said = _RESULT.sub("", _TAIL.sub("", fold(text.strip(" ，。,.!！"))))
    if slot is None or not yes or len(said) < _WHOLE:
        return ""
    if any(said in found[0] for a in asked_by(slot) if (found := _CLAUSE_ASKED.search(a))):
        return yes
    inverted = {f"{name[1:]}{no}{name[0]}" for name in slot.called for no in ("", "不")}
    if len(said) > _VERB and said in inverted:
        return no if "不" in said else yes
    return ""


def _is_so(text: str, slot: Slot) -> bool | None:
    """Whether words say that what is asked is so; None where they say nothing of it."""
    said = _AGREES.sub("", _CALLED_OFF.sub("", fold(text.strip(" ，。,.!！"))))
    if not slot.if_yes and _plain()[1].fullmatch(said):
        return False
    echoed = _echo(said, slot)
    if echoed is not None and not _is_first_time(slot):
        return echoed
    if _is_opposite(said, slot):
        return False
    if of_a_kind := _of_a_kind(said, slot):
        return not of_a_kind["no"]
    if oneself.is_asked(slot):
        return oneself.is_said(said)
    whole = said
    for called in slot.called:
        # 「疫苗都打了」
        said = said.removeprefix(called).removesuffix(called)
    if said != whole and (does := _USES.fullmatch(said)):
        # 「坐班车」
        return not does["no"]
    if not said:
        # 「备份」 of 「需要备份吗」.
        return True if text.strip(" ，。,.!！") in slot.called else None
    if re.fullmatch(_SOME.format(measures=lexicon().measures), said):
        return True
    if _BY_ONESELF.fullmatch(said) and any("要" in a and "自" not in a for a in asked_by(slot)):
        return False
    if _is_first_time(slot):
        # 「没考过」 of 「是第一次报考吗」 is a yes.
        if _is_not().fullmatch(said) or _NEVER.fullmatch(said):
            return True
        if _ONCE.fullmatch(said):
            return False
    if (echoed := _echo(said, slot)) is not None:
        return echoed
    told = _is_there(said, slot)
    return _is_there(_beyond(said, slot), slot) if told is None else told


def _beyond(said: str, slot: Slot) -> str:
    """An answer without what it says again of the question: 没献过 of 「半年内没献过」."""
    length = next(
        (n for n in range(len(said) - 1, 1, -1) if any(said[:n] in a for a in asked_by(slot))), 0
    )
    return said[length:] if length else ""


def _is_there(said: str, slot: Slot) -> bool | None:
    """Whether there is what is asked for, or it has happened by now."""
    asked = asked_by(slot)
    if any(map(_FAULTS.search, asked)) and _WELL.fullmatch(said):
        return False
    asks_has = any(_ASKS_HAS.search(each) for each in asked)
    asks_there = asks_has or any("在吗" in each for each in asked)
    if (asks_there or any(map(_DOES.search, asked))) and _lost().fullmatch(said):
        return False
    if asks_has:
        if _has_not().fullmatch(said):
            return False
        return True if _HAS.fullmatch(said) else None
    if not any("吗" in each for each in asked):
        return None
    # 「没坏」 is no no.
    if any(map(_WORKS.search, asked)) and (works := _works(said)) is not None:
        return works
    if _is_not().fullmatch(said):
        return False
    if any(_does(said, each) for each in asked):
        return True
    is_by_now = any(_BY_NOW.search(each) for each in asked)
    if is_by_now and _NEVER.match(said):
        return False
    has_been = _IS_DONE.fullmatch(said) or _ONCE.fullmatch(said)
    return True if is_by_now and has_been else None


def _does(said: str, asked: str) -> bool:
    """Whether there is what somebody does something with: 「养了条狗」 of 「养宠物吗？」."""
    if (found := _DOES.search(asked)) is None:
        return False
    has = rf"(?:{found['verb']}[了着过]?|有)"
    return bool(re.fullmatch(rf"[^没无不，。]{{0,4}}{has}[^，。吗么没不]{{1,8}}", said))


def _works(said: str) -> bool | None:
    """Whether it can be used: 「还行」 and 「没坏」, or 「坏了」."""
    working = either(lexicon().answers.working)
    if re.fullmatch(rf"(?:都|还|就|挺|很|一直|目前)*(?:{working})[的着呢吧啊]*", said):
        return True
    return False if _works_no_more().fullmatch(said) else None


@functools.cache
def _works_no_more() -> re.Pattern[str]:
    """It cannot be used: 坏了, 用不了."""
    broken = either(lexicon().answers.broken)
    return re.compile(rf"(?:早就|已经|都|有点)?(?:{broken}|[^，。不]{{1,2}}不[了动成][了的]?)")


@functools.cache
def _lost() -> re.Pattern[str]:
    """What is asked for was there: 小票丢了."""
    return re.compile(rf"[^，。不没吗么]{{0,5}}?(?:{either(lexicon().answers.lost)})")


def _of_a_kind(said: str, slot: Slot) -> re.Match[str] | None:
    """What is asked for, with which one it is: 「青霉素过敏」 of 「有没有药物过敏？」."""
    ends = {found[1] for each in asked_by(slot) for found in _ENDS_IN.finditer(each)}
    asks = "吗么哪几怎什"
    of, no = rf"[^，。{asks}不没未无]{{0,8}}", rf"[不没未无][^，。{asks}]{{0,2}}"
    form = rf"{of}(?P<no>{no})?(?:{either(ends)})[的了]?"
    return re.fullmatch(form, said) if ends else None


def _is_opposite(said: str, slot: Slot) -> bool:
    """Whether it is just not what is asked for: 「都是成年人」 of 「有没有未成年人？」."""
    asked = (found for each in asked_by(slot) for found in _OPPOSITE.finditer(each))
    return any(re.fullmatch(rf"(?:都|全|我们?|大家)*是?{each[1]}[的了]?", said) for each in asked)


def _is_first_time(slot: Slot) -> bool:
    return any(_FIRST_TIME.search(asked) for asked in asked_by(slot))


def in_a_clause(text: str, slot: Slot | None) -> str:
    """The value for a clause that is a yes or a no, beside others: 「要，抬头写星辰」."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    if slot is None or not (slot.if_yes and slot.if_no) or len(clauses) <= 1:
        return ""
    yes, no = _plain()
    for clause in clauses:
        if yes.fullmatch(clause) or no.fullmatch(clause):
            return slot.if_yes if yes.fullmatch(clause) else slot.if_no
    # 「没有平台，要高空」: what is asked is said again in the one that counts.
    echoed = [said for clause in clauses if (said := _echo(clause, slot)) is not None]
    if echoed:
        return (slot.if_yes if echoed[-1] else slot.if_no) if len({*echoed}) == 1 else ""
    return next(filter(None, (answered(clause, slot) for clause in clauses)), "")


def _echo(said: str, slot: Slot) -> bool | None:
    """Whether words of the question are said again, as a yes or a no: 自带, 不带, 不买全险."""
    said = re.sub(f"一?(?:下|[{lexicon().measures}])$", "", _TAIL.sub("", said))
    words = _ASKS_FOR.sub("", _RESULT.sub("", said)).replace("我", "您")
    denied = _DENIES.fullmatch(words)
    rest = denied["rest"].lstrip(_MODAL) if denied else words
    asked = [found[0] for each in asked_by(slot) if (found := _CLAUSE_ASKED.search(each))]
    # A verb may be one of what is explained before: 「能」 of 「…要能打开舱门，可以吗」.
    before = (each.rpartition("吗")[0] for each in asked_by(slot))
    asked += [each for each in before if len(rest) <= _VERB]
    if not rest or not any(rest in each or _is_short_for(rest, each) for each in asked):
        return None
    return not denied


def _is_short_for(said: str, asked: str) -> bool:
    """Whether words leave out some of what is asked: 「改到下周」 of 「要改约到下周吗」."""
    left = iter(asked)
    is_able = said[0] in _ABLE and len(said) == _VERB
    return (len(said) > _VERB or is_able) and all(char in left for char in said)
