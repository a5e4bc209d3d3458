"""Free words: an answer as a whole, or what is said of a slot by its name: 「地址改成北街2号」."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.dialog.reading.coverage import beside, coverage
from engine.dialog.reading.labels import PATTERN
from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.numerals import is_one_or_next, plain
from engine.nlu.grammar.numerals import read as read_number
from engine.nlu.parse import Entity

#: More values than this share of the words are about other slots: 「13812345678」, 「改成CA1235」.
_MOSTLY_VALUES = 0.5
#: What stands between the name of a slot and its new value.
_LINK = (
    r"(?:[写填说]?错了?|不对|有误)?[，,、。 ]*(?:应该|要)?"
    r"(?:是|为|叫|：|:|改成|改为|改到|换成|换到|(?:[写填]成?)(?!错))"
)
#: What asks for a slot to be changed, before its name.
_TO_CHANGE = "(?:修?改|换|更正)(?:一?下|个)?"
#: What everybody calls a name, and what stands between it and the right one.
_A_NAME = ("名字", "姓名")
_WRONG_ONE = (
    r"(?:[写填说打]?错了?|不对|有误)[，, ]*(?:应该)?[是叫]"
    r"(?P<value>[\u4e00-\u9fff·]{2,5}?|[A-Za-z]{2,12})(?=[，,。！! ]|$)"
)
#: A value ends where its clause does.
_CLAUSE = r"(?P<value>[^，,。；;！!？?\n]{2,})"
#: What a slot holds, denied, and what it is in its place.
_NOT_THIS = (
    r"不[是叫](?:什么)?{held}[，,。；; ]*(?:而|应该|我)?(?:是|叫)(?:叫)?"
    r"(?P<value>[^，,。；;！!？?\n]{{2,}})"
)
#: What is to be there beside what a slot holds: 「地址再加一句在3号楼下」.
_ADDED = r"(?:里|后面|上)?(?:再|还)?(?:加|补充?)(?:上|一?[个句条点]|一下)+[，,：: ]*{clause}"
#: What a remark does not begin with.
_REMARK = "(?![的不没无要改换删去算就先也再都里写填加这那是])"
#: What says that the value comes later.
_LATER = re.compile(r"(?:稍后|等会|等下|等一下|待会|一会|晚点|回头)儿?再?[给发说告补]")
#: What asks for no more than about how much, and what says so.
_ABOUT = re.compile("大概|大约|估计|差不多")
_BY_AND_LARGE = re.compile(
    "大概|大约|差不多|估计|左右|上下|出头|不到|[多来几余]|[块元钱吧的]|得有|至少"
)
#: What asks for a value, or complains of one, and gives none.
_ASKS = re.compile(r"[吗么]$|什么|哪|怎么|不知道|[能可行好][^，。]{0,3}不$|^(?:错|不对|有误|反)")
#: What only leads to the answer that follows: 看错了，是…, 那改成…, 就写….
_LEADS = re.compile(
    r"^(?:[^，,。]{0,4}[看说写打记输填弄搞][错反]了?"
    r"(?:[，,。 ]+(?:应该)?(?:是|叫|为)?|(?:应该)?(?:是|叫|为))"
    r"|(?:应该)?是(?=[A-Za-z0-9]{2})"
    r"|[^\W\d_]{0,6}(?:号码?|编号|账号)是?[：: ]*(?=[A-Za-z0-9-]{4,}[的吧呢啊。]*$))(?=..)"
    r"|^(?:那|嗯|哦|就)*(?:改成|改为|改到|换成|换到|(?<=[那就])(?:写|填|送到?|寄到?))(?=..)"
)
#: What takes a value that was said before for another one.
_CHANGES = re.compile(r"换|改|不是|不对|错")
#: 不保就说「不保」.
_QUOTED = re.compile(r"就说\s*[「“\"]([^」”\"]+)[」”\"]")
#: What two questions have in common, whatever they ask.
_OF_ANY_QUESTION = frozenset(
    ("没有", "什么", "多少", "不要", "可以", "需要", "还有", "一下", "不用", "就说", "您的", "请说")
)
#: The kinds of what is a fixed choice.
_LABELS = (PATTERN, "choice")


def named(text: str, script: Script) -> Iterator[tuple[str, Entity]]:
    """For slots of free text, and of a person's name, what is said right after their name."""
    people = [name for name, slot in script.slots.items() if "person" in slot.type]
    for name, slot in script.slots.items():
        called = (*slot.called, *(_A_NAME if people == [name] else ()))
        is_name = name in people and not slot.is_list
        find = _after_name if FREE_TEXT in slot.type else _put_right if is_name else None
        if find and called and (value := find(text, called)):
            yield name, value


def _put_right(text: str, called: Sequence[str]) -> Entity | None:
    """A name that no grammar knows, in place of a wrong one: 「名字写错了，是周周」."""
    said = re.search(rf"(?:{either(called)})(?:的?(?:{either(_A_NAME)}))?{_WRONG_ONE}", text)
    return Entity("named", said["value"], said[0], *said.span()) if said else None


def _after_name(text: str, names: Sequence[str]) -> Entity | None:
    called = either(names)
    linked = re.search(rf"(?:{called}){_LINK}\s*{_CLAUSE}", text)
    # 「改一下地址，长江路88号」
    linked = linked or re.search(rf"{_TO_CHANGE}(?:{called})[，,：: ]+{_CLAUSE}", text)
    # 「地址长江路88号」: without a word between them only what has a number or letters in it.
    # It begins its clause: 人民医院12楼 is no 12楼 of what is called 医院.
    begins = rf"(?:^|[，,。；; ]|我的?|就是)(?:{called})"
    said = linked or re.search(rf"{begins}(?=[^，,。]*[A-Za-z0-9]){_CLAUSE}", text)
    # 「备注孩子基础差」
    if said is None and (remarks := [name for name in names if name in lexicon().remarks]):
        said = re.search(rf"(?:^|[，,。；;])(?:{either(remarks)}){_REMARK}{_CLAUSE}", text)
    if said is None or is_for_later(said[0]) or _ASKS.search(said["value"]):
        return None
    return Entity("named", said["value"].strip(), said[0], *said.span())


def replaced(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """What is said in place of words that a slot holds: 「不是周子墨，是周子沫」."""
    for name, filled in task.slots.items():
        slot = script.slots.get(name)
        if slot is None or slot.is_list or not isinstance(filled.said, str) or not filled.said:
            continue
        if not {FREE_TEXT, "person"} & {*slot.type} or filled.said not in text:
            continue
        said = re.search(_NOT_THIS.format(held=re.escape(filled.said)), text)
        if said and not _ASKS.search(said["value"]):
            yield name, Entity("named", said["value"].rstrip("的吧啊呀"), said[0], *said.span())


def added(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """What a slot of free text holds with more beside it: 「备注再加一句别按铃」."""
    for name, filled in task.slots.items():
        slot = script.slots.get(name)
        if slot is None or FREE_TEXT not in slot.type or not slot.called:
            continue
        said = re.search(f"(?:{either(slot.called)}){_ADDED.format(clause=_CLAUSE)}", text)
        if said and not _ASKS.search(said["value"]):
            held = "" if filled.said == slot.skip else f"{filled.said}，"
            yield name, Entity("named", held + said["value"].strip(), said[0], *said.span())


def whole(text: str, slot: Slot | None, entities: Sequence[Entity]) -> bool:
    """Whether a question for free text is answered by all of a message.

    The label of another slot's choice in it is a part of the answer: 「光猫红灯」, 「小米14」.
    """
    said = text.strip()
    if slot is None or FREE_TEXT not in slot.type or not said or is_for_later(said):
        return False
    lead = _LEADS.match(said)
    if lead and entities:
        # What only leads to an answer is no part of it: 「打错了，是13900139001」.
        start = text.index(said)
        entities = [*entities, Entity("cue", None, lead[0], start, start + lead.end())]
    if coverage(text, entities) < _MOSTLY_VALUES:
        return True
    rest = [entity for entity in entities if entity.type not in _LABELS]
    has_more = sum(map(len, beside(text, entities))) > 1 and not _CHANGES.search(said)
    return has_more and coverage(text, rest) < _MOSTLY_VALUES


def told(text: str, slot: Slot) -> str:
    """The words of an answer, without those that only lead to it: 「那改成北街2号」.

    So does the name by which it is asked for: 「抬头星辰科技」 of 「发票抬头写什么？」.
    """
    said = _LEADS.sub("", text.strip()).strip()
    names = [name for name in slot.called if any(_asks_by(name, asked) for asked in slot.ask)]
    named = re.match(
        f"(?:{either(names)})(?:就?[是写填为叫]|：|:)?(?![的要不没了])(?=[^，,。；; ]{{2,}}$)", said
    )
    return said[named.end() :] if names and named else said


def _asks_by(name: str, asked: str) -> bool:
    """Whether a question asks by a name: 抬头 of 「抬头写什么？」, not 礼物 of 「送什么礼物？」."""
    return re.search(f"{re.escape(name)}要?[写填是为叫]?(?:什么|多少|哪)", asked) is not None


def is_all(text: str, said: object, slot: Slot | None) -> bool:
    """Whether all of the words are a free answer, which names nothing else: 「北街88号」."""
    return slot is not None and FREE_TEXT in slot.type and said == told(text, slot)


def leaves_out(text: str, slot: Slot) -> bool:
    """Whether words are no more than a no to what may be left out: 「那不用了」, 「没码」."""
    said = text.strip(" ，。,.!！")
    ends = (name[-1] for name in slot.called if said.endswith(name[-1]))
    names = [name for name in (*slot.called, *_shared(said, slot), *ends) if name in said]
    return any(_nothing().fullmatch(said.replace(name, "", 1)) for name in ("", *names))


def echoes(text: str, slot: Slot) -> bool:
    """Whether a thing that the question names is said again: 钢琴 of 「有钢琴吗」."""
    return any(word not in _OF_ANY_QUESTION for word in _shared(text, slot))


@functools.cache
def _nothing() -> re.Pattern[str]:
    """There is nothing to say, or nothing will be said."""
    words = lexicon().answers
    return re.compile(
        rf"(?:算了|嗯|哦)?[，, ]*[那就都也先我]*(?:{either(words.nothing)}"
        rf"|不(?:想|太想|愿意?|方便|便)?多?(?:{either(words.untold)}))"
        r"(?:好说|可说|要说|特别)?[了的吧呢啊]*"
    )


def _shared(said: str, slot: Slot) -> Iterator[str]:
    """The words of the question that are said again: 要求 of 「没有要求」."""
    for at in range(len(said) - 1):
        for end in range(len(said), at + 1, -1):
            if any(said[at:end] in asked for asked in slot.ask):
                yield said[at:end]
                break


def about(entity: Entity, slot: Slot) -> Entity:
    """An amount as it is said by and large, where no more is asked: 「5000多」 of 「大概多少」."""
    if entity.problem != "approximate" or not any(_ABOUT.search(asked) for asked in slot.ask):
        return entity
    said = _BY_AND_LARGE.sub("", entity.text)
    # Of 「七八年」 the less of the two.
    found = read_number(said[0] if is_one_or_next(said) else said)
    return replace(entity, value=None if found is None else plain(found))


def is_for_later(text: str) -> bool:
    """Whether an answer is promised, and not given: 「地址稍后给」."""
    return bool(_LATER.search(text))


def quoted_skip(text: str, slot: Slot | None) -> bool:
    """Whether the word is said that the question itself gives for none: 「不保」."""
    said = text.strip(" ，。,.!！")
    return bool(
        slot and slot.skip and any(said in _QUOTED.findall(asked) for asked in slot.ask if said)
    )
