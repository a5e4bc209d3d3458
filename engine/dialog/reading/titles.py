"""How people in rows are addressed: 王医生, 小李, 周师傅 are known by their surnames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.dialog.scripts.script import Script, Slot
from engine.nlu.grammar.names import is_word, surname_of, surnames
from engine.nlu.parse import Entity

#: What follows a surname where a person is at work.
_AT_WORK = (
    *("医生", "大夫", "主任", "医师", "专家", "教授", "老师", "师傅", "教练", "律师", "经理"),
    *("顾问", "管家"),
)
#: What follows one in what is said to anybody.
_TITLES = (*_AT_WORK, "先生", "女士", "小姐", "阿姨", "总", "工", "姐", "哥", "叔")
#: Characters of a name that most have.
_GIVEN = 3
#: Characters of a full name.
_SHORTEST, _LONGEST = 2, 4


#: A name up to the end of its clause, or up to what belongs to it.
_NAME = r"(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[，,。；;、\s\d]|的|$)"
#: How people give no more than their surname: 免贵姓陈, 我是王先生, 叫我小李就行.
_ONESELF = re.compile(
    r"(?:免贵|我|就|本人)?(?:姓(?P<surname>[\u4e00-\u9fff]{1,2})"
    r"|(?:是|叫我?)?(?P<called>[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|老师|太太|经理|总|工)"
    r"|[小老阿][\u4e00-\u9fff]))(?:就行|就好|就可以|吧|的|呀)?"
)


def is_title(text: str) -> bool:
    """Whether somebody at work is called so, who is no customer: 何教练."""
    return text.endswith(_AT_WORK)


def called_oneself(text: str) -> str:
    """What somebody who is asked for a name wants to be called by, where it is no full name."""
    said = _ONESELF.fullmatch(text.strip(" ，。,.!！"))
    if said is None:
        return ""
    name = said["surname"] or said["called"]
    surname = name.lstrip("小老阿") if said["called"] else name
    return name if surname in surnames() or surname_of(surname) else ""


def beside_the_question(text: str, slot: Slot) -> str:
    """The name beside words of the question that it answers: 李雷 of 「李雷主持」."""
    said = text.strip(" ，。,.!！吧的")
    for asked in slot.ask:
        for length in (4, 3, 2):
            name = said[:-length].rstrip("来去是")
            is_name = 1 < len(name) <= _GIVEN and surname_of(name) and not is_word(name)
            if is_name and said[-length:] in asked:
                return name
    return ""


def after_cues(text: str, script: Script, found: Iterable[Entity]) -> Iterator[Entity]:
    """Names right after the words of a slot for a person, which no grammar knows: 收件人张伟."""
    known = [(e.start, e.end) for e in found if e.type == "person"]
    for slot in script.slots.values():
        if "person" not in slot.type:
            continue
        for cue in sorted({*slot.before, *slot.called}, key=len, reverse=True):
            for said in re.finditer(rf"{re.escape(cue)}(?:是|叫|为|：|:)?{_NAME}", text):
                start, end = said.span("name")
                is_known = any(s < end and start < e for s, e in known)
                if not is_known and surname_of(said["name"]) and not is_word(said["name"]):
                    known.append((start, end))
                    yield Entity("person", said["name"], said["name"], start, end, strict=False)


def addressed(words: Iterable[str]) -> set[str]:
    """The ways to call those of the words that may be names of people.

    >>> "王医生" in addressed(["王强", "内科"])
    True
    """
    found = set()
    for word in words:
        surname = surname_of(word) if _SHORTEST <= len(word) <= _LONGEST else ""
        if surname and surname != word:
            found |= {surname + title for title in _TITLES} - {word}
    return found
