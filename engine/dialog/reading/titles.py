"""How people in rows are addressed: 王医生, 小李, 周师傅 are known by their surnames."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from engine.dialog.scripts.script import Script, Slot
from engine.dialog.wording.lexicon import lexicon
from engine.nlu.grammar.names import is_word, surname_of, surnames
from engine.nlu.parse import Entity

#: Characters of a name that most have.
_GIVEN = 3
#: Characters of a full name.
_SHORTEST, _LONGEST = 2, 4
#: What people do, at the end of what only seems to be a name.
_VERBS = "收住坐开来用拿取去签领"
#: What ends the name of a slot for a name, and a question for one: 孩子姓名, 孩子叫什么.
_THE_NAME = re.compile("的?(?:姓名|名字|名)$")
_WHO = re.compile("(?P<whose>[\u4e00-\u9fff]{2,4}?)的?(?:叫什么|(?:姓名|名字)(?:是什么)?[？?])")
_ANYBODY = frozenset({"", "请问", "您的", "你的"})
#: Several who do something together: 王芳和张伟来.
_TOGETHER = re.compile(
    r"(?<![\u4e00-\u9fff])(?:.*?[点分半天午晚早日号])??"
    r"(?P<names>[\u4e00-\u9fff]{2,3}(?:[和跟与、][\u4e00-\u9fff]{2,3}?)+)"
    r"(?=(?:[两三四]个?人?|都|要|想|会|一起|一块儿?)*(?:来|去|过来|过去|到|参加))"
)
#: How people give no more than their surname: 免贵姓陈, 我是王先生, 叫我小李就行.
_ONESELF = re.compile(
    r"(?:免贵|我|就|本人)?(?:姓(?P<surname>[\u4e00-\u9fff]{1,2})"
    r"|(?:是|叫我?)?(?P<called>[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|老师|太太|经理|总|工)"
    r"|[小老阿][\u4e00-\u9fff]))(?:就行|就好|就可以|吧|的|呀)?"
)


#: Who it is done with, by name: 「我和闺蜜陈晨一起」.
_WITH = re.compile(
    r"我?(?:[和跟同]|还有)我?[的们]?(?:(?P<who>[\u4e00-\u9fff]{2})的?)??"
    r"(?P<name>[\u4e00-\u9fff]{2,3})(?:一起|一块儿?|俩|两个人?)[练上来去做学玩住坐]?"
)


@functools.cache
def _name() -> str:
    """A name up to the end of its clause, up to what belongs to it, or up to what is done there."""
    after = "|".join(lexicon().after_names)
    return rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?=[，,。；;、\s\d]|的|$|{after})"


def is_title(text: str) -> bool:
    """Whether somebody at work is called so, who is no customer: 何教练."""
    return text.endswith(lexicon().at_work)


def called_oneself(text: str) -> str:
    """What somebody who is asked for a name wants to be called by, where it is no full name."""
    said = _ONESELF.fullmatch(text.strip(" ，。,.!！"))
    if said is None:
        return ""
    name = said["surname"] or said["called"]
    surname = name.lstrip("小老阿") if said["called"] else name
    return name if surname in surnames() or surname_of(surname) else ""


def with_somebody(text: str) -> str:
    """The name of whom it is done with: 陈晨 of 「我和闺蜜陈晨一起」."""
    said = _WITH.fullmatch(text.strip(" ，。,.!！的吧呢"))
    name = said["name"] if said else ""
    return name if surname_of(name) and not is_word(name) else ""


def without_verb(name: str, slot: Slot) -> str:
    """A name without the verb of its question after it: 王芳 of 「王芳收」."""
    end, rest = name[-1:], name[:-1]
    is_verb = end in _VERBS and any(end in word for word in (*slot.ask, *slot.called))
    return rest if is_verb and len(rest) > 1 and surname_of(rest) else name


def beside_the_question(text: str, slot: Slot) -> str:
    """The name beside words of the question that it answers: 李雷 of 「李雷主持」."""
    said = text.strip(" ，。,.!！吧的")
    clauses = re.split("[，,]", said)
    alone = [each for each in clauses if _SHORTEST <= len(each) <= _GIVEN and surname_of(each)]
    if len(clauses) > 1 and len(alone) == 1 and not is_word(alone[0]):
        # 「我陪着，周杰」
        return alone[0]
    for asked in slot.ask:
        for length in (4, 3, 2):
            name = said[:-length].rstrip("来去是")
            is_name = 1 < len(name) <= _GIVEN and surname_of(name) and not is_word(name)
            if is_name and said[-length:] in asked:
                return name
    return ""


def called_by_name(slot: Slot) -> tuple[str, ...]:
    """Who a slot for a name asks about: 孩子 of 孩子姓名, or of 「孩子叫什么？」."""
    if "person" not in slot.type:
        return ()
    called = (_THE_NAME.sub("", word) for word in slot.called if _THE_NAME.search(word))
    asked = (found["whose"] for each in slot.ask if (found := _WHO.search(each)))
    return tuple({*called, *asked} - _ANYBODY)


def after_cues(text: str, script: Script, found: Iterable[Entity]) -> Iterator[Entity]:
    """Names right after the words of a slot for a person, which no grammar knows: 收件人张伟."""
    known = [(e.start, e.end) for e in found if e.type == "person"]
    for slot in script.slots.values():
        if "person" not in slot.type:
            continue
        said_of = {f"{whose}叫" for whose in called_by_name(slot)}
        cues = {*slot.before, *slot.called, *said_of}
        forms = [
            rf"{re.escape(cue)}(?:是|叫|为|：|:)?{_name()}"
            for cue in sorted(cues, key=len, reverse=True)
        ]
        for form in (*forms, *_for_whom(slot, script)):
            for said in re.finditer(form, text):
                start, end = said.span("name")
                is_known = any(s < end and start < e for s, e in known)
                if not is_known and surname_of(said["name"]) and not is_word(said["name"]):
                    known.append((start, end))
                    yield Entity("person", said["name"], said["name"], start, end, strict=False)
        several = (each for cue in cues if slot.many for each in _several_after(text, cue))
        for person in several:
            if not any(s < person.end and person.start < e for s, e in known):
                known.append((person.start, person.end))
                yield person


def _for_whom(slot: Slot, script: Script) -> tuple[str, ...]:
    """What names for whom it is, where that is asked: 「给王芳续方」 of 「给谁续方？」."""
    if slot.many or not any("谁" in asked for asked in slot.ask):
        return ()
    verb = re.escape(script.title[:1])
    name = r"(?P<name>[\u4e00-\u9fff]{2,4}?)"
    return rf"[给帮替]{name}(?=(?:再|也|先)?{verb})", rf"[她他]叫{_name()}"


def _several_after(text: str, cue: str) -> Iterator[Entity]:
    """The names of several after what they are called: 「观众是张伟和刘洋」."""
    one = r"[\u4e00-\u9fff]{2,4}?"
    form = (
        rf"{re.escape(cue)}(?:是|有|为|：|:)?(?P<all>{one}(?:[和跟与、]{one})+)(?=[，,。；;\s]|$)"
    )
    for said in re.finditer(form, text):
        found = list(re.finditer(r"[^和跟与、]+", said["all"]))
        if all(surname_of(each[0]) and not is_word(each[0]) for each in found):
            start = said.start("all")
            for each in found:
                yield Entity("person", each[0], each[0], start + each.start(), start + each.end())


def called_beside(text: str, found: Iterable[Entity]) -> Iterator[Entity]:
    """Names by which a clause beside others calls somebody: 「13812345678，我姓赵」, 赵先生."""
    known = list(found)
    for clause in re.finditer(r"[^，,。；;！!\s]+", text):
        name = called_oneself(clause[0]) if clause[0] != text.strip() else ""
        is_new = not any(e.start < clause.end() and clause.start() < e.end for e in known)
        if name and is_new:
            yield Entity("person", name, clause[0], *clause.span(), strict="姓" in clause[0])


def together(text: str, found: Iterable[Entity]) -> Iterator[Entity]:
    """The names of several who do something together: 王芳 and 张伟 of 「王芳和张伟来」."""
    said = _TOGETHER.search(text)
    if said is None or any(e.type == "person" and e.end > said.start("names") for e in found):
        return
    names = list(re.finditer(r"[^和跟与、]+", said["names"]))
    if all(surname_of(name[0]) and not is_word(name[0]) for name in names):
        start = said.start("names")
        for name in names:
            yield Entity("person", name[0], name[0], start + name.start(), start + name.end())


def addressed(words: Iterable[str]) -> set[str]:
    """The ways to call those of the words that may be names of people.

    >>> "王医生" in addressed(["王强", "内科"])
    True
    """
    found = set()
    for word in words:
        surname = surname_of(word) if _SHORTEST <= len(word) <= _LONGEST else ""
        if surname and surname != word:
            found |= {surname + title for title in (*lexicon().at_work, *lexicon().titles)} - {word}
    return found
