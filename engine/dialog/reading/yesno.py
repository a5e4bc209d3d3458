"""Answers to a question for a yes or a no that are neither: 没养, 不买全险, 「全险不要了」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.scripts.script import Script, Slot
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: What denies, though no answer is denied by 没问题 or 不知道.
_NO = (
    r"(?:还|从来?|并|就|都|暂时)?(?:没|未|无|木有|冇|忘)"
    r"(?!问题|错|事|关系|所谓|毛病|意见|论|需|法|想|看|听|收)"
)
#: 没养, 未婚, 忘带了: it is not so.
_IS_NOT = re.compile(rf"{_NO}[^，。吗]{{0,5}}")
#: Where the question is whether there is one, 不 says so as well.
_HAS_NOT = re.compile(rf"(?:{_NO}|不(?!问题|错|事|知道|清楚|确定|一定|懂|明白|是))[^，。]{{0,5}}")
_HAS = re.compile(r"[^没无不，。]{0,4}有(?!没有)[^，。吗么没]{1,8}")
#: 结了, 带过的: it is so by now.
_IS_SO = re.compile(
    r"(?:已经?|早就?|都)?(?![不没未别算完忘晚错好行罢够])[^\W\d_不没未]{1,3}[了过](?:的|呀|啊|哦)?"
)
#: The clause of a question that asks for a yes or a no.
_CLAUSE_ASKED = re.compile("[^，。？?,；;]+吗")
_NEVER = re.compile("(?:从来?|以前)没.*|头一[次回]|第?一次|首次")
_ONCE = re.compile(
    r"(?:已经?|以前|之前)?[^\W\d_不没]{1,3}过(?:[^，。吗]{0,3}次?)?[的了]?"
    r"|第[二三四五几][次回].*"
)
#: A question whether something has happened.
_BY_NOW = re.compile("已|过|了吗|没有[？?]")
#: What is asked for, by its verb, and how the verb is denied.
_NEGATED = {"已": ("未", "没"), "有": ("没有", "没", "无"), "带": ("不带", "没带")}
_ASKED = re.compile(r"(?P<verb>[已有带])(?P<rest>[\u4e00-\u9fff]{1,6}?)了?吗")
#: Whoever does it needs nobody to: 我自己送.
_BY_ONESELF = re.compile("(?:我|我们|那)?自己[^，。吗]{1,4}")
_CLAUSES = re.compile(r"[，,。；;！!\s]+")
_YES = re.compile("(?:嗯|是|对|要|好|有|可以|需要|会|行)[的啊呀吧呢]*")
_PLAIN_NO = re.compile("(?:不|不是|不要|不用|没有?|不会|不需要|否|无)[的啊呀吧了]*")
#: A yes before what is so: 嗯打过.
_AGREES = re.compile("^(?:嗯+|对|是的?|恩)[，, ]*(?=.)")
#: Characters of a verb.
_VERB = 2
#: What may follow a verb.
_TAIL = re.compile("[的吧了呢啊着呀嘛哦噢]+$")
_DENIES = re.compile("(?:那|就|我|先|都|也|还是)*(?P<no>不|别|没|无需|免)(?P<rest>.*)")
#: What is offered by a verb: 要寄给您吗, 要上门接送吗.
_OFFERED = re.compile(
    r"要(?:帮您|给您|为您)?(?P<verb>[寄送租买开加装接做换洗印])(?=给您|[^\W\d_]{0,4}吗)"
)
#: What may follow a no without a meaning of its own.
_MODAL = "用要需想得"
#: Words that ask, where nothing is wished.
_ASKS = re.compile(r"[吗么？?]|多少|什么|怎|哪|几|为啥|(\w)不\1")
_REFUSED = (
    "(?:不(?:想|需)?要|不用|不需|不必|不买|不加|不带|无需|别|取消|去掉|免|没有?)[^\\W\\d_]{0,2}?"
)
_REFUSED_AFTER = (
    "(?:就|也|都|我|这个|那个)*(?:不要|不用|不需要|不买|不加|不带|算了|免了|去掉|取消|没有)"
)
_NOT = "(?<![不别没])"
_WISHED = f"{_NOT}(?:要|买|加|需要|想要|来)(?:[上个份一]{{1,2}})?"
_WISHED_AFTER = "(?:也|就|都|我|还是|肯定|必须)*(?:要|买|加上|需要|来一份|来一个)(?!不)"


def answered(text: str, slot: Slot | None) -> str:
    """The value of a slot for a yes or a no that only says what there is: 没养, 有一只猫."""
    if slot is None or not (slot.if_yes and slot.if_no):
        return ""
    said = _AGREES.sub("", fold(text.strip(" ，。,.!！")))
    if (echoed := _echo(said, slot)) is not None and not _is_first_time(slot):
        return slot.if_yes if echoed else slot.if_no
    for called in slot.called:
        # 「疫苗都打了」
        said = said.removeprefix(called).removesuffix(called)
    if _BY_ONESELF.fullmatch(said) and any("要" in a and "自" not in a for a in slot.ask):
        return slot.if_no
    if _is_first_time(slot):
        # 「没考过」 of 「是第一次报考吗」 is a yes.
        if _IS_NOT.fullmatch(said) or _NEVER.fullmatch(said):
            return slot.if_yes
        if _ONCE.fullmatch(said):
            return slot.if_no
    if (echoed := _echo(said, slot)) is not None:
        return slot.if_yes if echoed else slot.if_no
    if any("有" in asked for asked in slot.ask):
        if _HAS_NOT.fullmatch(said):
            return slot.if_no
        return slot.if_yes if _HAS.fullmatch(said) else ""
    if not any("吗" in asked for asked in slot.ask):
        return ""
    if _IS_NOT.fullmatch(said):
        return slot.if_no
    is_by_now = any(_BY_NOW.search(asked) for asked in slot.ask)
    return slot.if_yes if is_by_now and _IS_SO.fullmatch(said) else ""


def _is_first_time(slot: Slot) -> bool:
    return any("第一次" in asked or "首次" in asked for asked in slot.ask)


def in_a_clause(text: str, slot: Slot | None) -> str:
    """The value for a clause that is a yes or a no, beside others: 「要，抬头写星辰」."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    if slot is None or not (slot.if_yes and slot.if_no) or len(clauses) <= 1:
        return ""
    for clause in clauses:
        if _YES.fullmatch(clause) or _PLAIN_NO.fullmatch(clause):
            return slot.if_yes if _YES.fullmatch(clause) else slot.if_no
        if value := answered(clause, slot):
            return value
    return ""


def wished(text: str, script: Script) -> Iterator[tuple[str, Entity]]:
    """For slots with a name: what is wanted, or refused, by it: 「不买全险」, 「儿童座椅不要」.

    A clause may also be what is asked, or that it is not so: 「女，未婚」 of 「已婚吗」.
    """
    for name, slot in script.slots.items():
        if slot.if_yes and slot.if_no and (told := _told(text, slot) or _verb_alone(text, slot)):
            yield name, told
            continue
        no = slot.if_no or (slot.skip if "text" not in slot.type else "")
        for called in slot.called if no else ():
            if value := _wish(text, called, _verb(called, slot), slot.if_yes, no):
                yield name, value
                break


def _told(text: str, slot: Slot) -> Entity | None:
    forms = {said: value for asked in slot.ask for said, value in _answers(asked, slot)}
    for clause in re.finditer(r"[^，,。；;！!\n ]+", text):
        if (value := forms.get(clause[0])) is not None:
            return Entity("named", value, clause[0], *clause.span())
    return None


def _verb_alone(text: str, slot: Slot) -> Entity | None:
    """The verb of what is offered, wanted or not: 「不寄了」, 「要寄」 of 「要寄给您吗」."""
    for asked in slot.ask:
        if (found := _OFFERED.search(asked)) is None:
            continue
        verb = re.escape(found["verb"])
        for value, form in (
            (slot.if_no, f"(?:我?就?)不(?:用|要)?{verb}了?"),
            (slot.if_yes, f"(?:我?就?)要{verb}的?"),
        ):
            if re.fullmatch(form, text.strip(" ，。！!吧")):
                return Entity("named", value, text, 0, len(text))
    return None


def _answers(asked: str, slot: Slot) -> Iterator[tuple[str, str]]:
    """What is asked, as it is said when it is so and when it is not: 已婚, 未婚."""
    for found in _ASKED.finditer(asked):
        verb, rest = found["verb"], found["rest"]
        yield verb + rest, slot.if_yes
        yield from ((no + rest, slot.if_no) for no in _NEGATED[verb])


def _verb(called: str, slot: Slot) -> str:
    """The verb of a question beside what it asks about: 租 of 「要租路由器吗」."""
    name = re.escape(called)
    form = re.compile(
        rf"[要用](?P<before>[^\W\d_要不]){name}|{name}要(?P<after>[^\W\d_要不]{{1,2}})吗"
    )
    found = next((each for asked in slot.ask if (each := form.search(asked))), None)
    verb = (found["before"] or found["after"]) if found else "要"
    # 「车位留着」
    return f"(?:{verb}|{verb[-1]})"


def _wish(text: str, called: str, verb: str, yes: str, no: str) -> Entity | None:
    called = re.escape(called)
    for clause in re.finditer(r"[^，,。；;！!\n]+", text):
        if _ASKS.search(clause[0]):
            continue
        forms = (
            (no, f"(?:{_REFUSED}|不{verb}){called}|{called}(?:{_REFUSED_AFTER}|不{verb})"),
            (yes, f"(?:{_WISHED}|{_NOT}{verb}){called}|{called}(?:{_WISHED_AFTER}|{verb})"),
        )
        for value, form in forms:
            said = re.search(form, clause[0]) if value else None
            if said:
                start = clause.start() + said.start()
                return Entity("named", value, said[0], start, start + len(said[0]))
    return None


def _echo(said: str, slot: Slot) -> bool | None:
    """Whether words of the question are said again, as a yes or a no: 自带, 不带, 不买全险."""
    words = re.sub(f"一?(?:下|[{lexicon().measures}])$", "", _TAIL.sub("", said)).replace(
        "我", "您"
    )
    denied = _DENIES.fullmatch(words)
    rest = denied["rest"].lstrip(_MODAL) if denied else words
    asked = [found[0] for each in slot.ask if (found := _CLAUSE_ASKED.search(each))]
    # A verb may be one of what is explained before: 「能」 of 「…要能打开舱门，可以吗」.
    asked += [each for each in slot.ask if "吗" in each and len(rest) <= _VERB]
    if not rest or not any(rest in each for each in asked):
        return None
    return not denied
