"""What is named only to be left out: 「宽带先不管」, 「网费下个月再说」, 「早上那班太早了」."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from engine.dialog.wording.lexicon import either, lexicon
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

#: Right before what is denied, with what is not to be done to it: 不交话费; 要不 denies nothing.
_BEFORE = re.compile(
    "(?:(?<![要是会能好行对可])不|别|(?:不|无)(?:要|用|必|需要?|想))(?:先?[交缴付管办理充])?$"
)
#: Right after it. A question what comes of it leaves nothing out: 「宽带不交会怎么样」.
_AFTER = re.compile(
    "(?:的|费|账单|那?一?[笔张个项班趟段])*(?:我|就|可以|暂时|这次|都|全|也|先|暂)*(?:"
    "(?:不|别|甭)(?:用|要|想)?[交缴付管急弄办搞动理结充坐飞](?![^，,。]{0,6}[吗么会呢怎])"
    "|(?P<not>不要|不用)(?=了?吧?(?:$|[^\\w]))"
    "|放着|放放|放一放|缓缓|等等|搁着|太[^，,。\\s]{1,3}了|来不及"
    "|(?:下个?|过[两几]?|改|以后|回头|明|晚点?)[月次回天周年些]?再)"
)
#: What else is named between that and what is said of all: 「手机和宽带都先不交」.
_LISTED = re.compile(r"(?:[和跟与、][^\W和跟与、都不]{1,6})+(?=都)")
#: A clause that is a no to what it names; one that asks is none.
_REFUSED = re.compile(
    "(?:我|就|但|可|那|先|都)*(?:不是|不要|不用|别|不(?![对行好过错是])|除了)[交缴付管办理]?"
    "(?P<what>[^不没吗么呢]{2,12})"
)
_CLAUSES = re.compile("[，,。；;！!\\s]+")
#: In a clause that says what is to be done, a no with an object is about that: 交宽带不交(话费).
_DOES = re.compile("[交缴付管办理充]")
_OBJECT = re.compile("[^了的吧呢啊嘛呗哈先就也还再都\\W]")

#: How a business is called that puts another one in the place of what is not wanted.
_CHANGING = ("改", "换")


def takes_back(title: str) -> bool:
    """Whether a business of this title is for what is not wanted any more: 取消值机, 换座位."""
    return re.match(either((*lexicon().taking_back.titles, *_CHANGING)), title) is not None


def wanted(entities: Iterable[Entity], text: str, title: str) -> list[Entity]:
    """The entities without the days that are only named to be left out: 「后天那班先不办」.

    A business that takes back is for just those.
    """
    return [
        each
        for each in entities
        if each.type != "date" or takes_back(title) or not is_denied(text, each.start, each.end)
    ]


def is_denied(text: str, start: int, end: int, *, meant_by: Collection[str] = ()) -> bool:
    """Whether what stands there is not wanted, or not now.

    ``meant_by`` are words that elsewhere deny and here say what is meant: 不要 of a notice.
    """
    text = fold(text)
    listed = _LISTED.match(text, end)
    end = listed.end() if listed else end
    after = _AFTER.match(text, end)
    if after is not None and _is_of_the_next(text[:end], text, after):
        after = None
    is_meant = after is not None and after["not"] in meant_by
    return bool(_BEFORE.search(text[:start])) or (after is not None and not is_meant)


def left_out(text: str) -> list[str]:
    """What each clause leaves out: the 宽带 of 「宽带先不管」, the 话费 of 「交宽带不交话费」."""
    found = []
    for clause in _CLAUSES.split(fold(text)):
        ends = range(len(clause) - 1, 0, -1)
        after = next(filter(None, (_AFTER.match(clause, at) for at in ends)), None)
        if after is not None:
            is_of_the_next = _is_of_the_next(clause[: after.start()], clause, after)
            found.append(clause[after.end() :] if is_of_the_next else clause[: after.start()])
    return found


def refused(text: str) -> list[str]:
    """What clauses turn down that begin with a no: the 宽带 of 「缴费，不要宽带」."""
    clauses = _CLAUSES.split(fold(text))
    return [said["what"] for clause in clauses if (said := _REFUSED.fullmatch(clause))]


def _is_of_the_next(head: str, text: str, after: re.Match[str]) -> bool:
    """Whether a no after ``head`` is about what follows it: the 不交 of 「交宽带不交话费」."""
    clause = _CLAUSES.split(head)[-1]
    return bool(_DOES.search(clause) and _OBJECT.match(text, after.end()))
