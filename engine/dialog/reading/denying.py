"""What is named only to be left out: 「不着急」, 「宽带先不管」, 「网费下个月再说」."""

from __future__ import annotations

import re
from collections.abc import Collection

#: Right before what is denied; 要不 and the like deny nothing.
_BEFORE = re.compile("(?:(?<![要是会能好行对可])不|别|(?:不|无)(?:要|用|必|需要?|想))$")
#: Right after it. A question what comes of it leaves nothing out: 「宽带不交会怎么样」.
_AFTER = re.compile(
    "(?:的|费|账单|那?一?[笔张个项])*(?:我|就|可以|暂时|这次|先|暂)*(?:"
    "(?:不|别|甭)(?:用|要|想)?[交缴付管急弄办搞动理结充](?![^，。]{0,6}[吗么会呢怎])"
    "|(?P<not>不要|不用)(?=了?吧?(?:$|[^\\w]))"
    "|放着|放放|放一放|缓缓|等等|搁着"
    "|(?:下个?|过[两几]?|改|以后|回头|明|晚点?)[月次回天周年些]?再)"
)
_CLAUSES = re.compile("[，,。；;！!\\s]+")


def is_denied(text: str, start: int, end: int, *, meant_by: Collection[str] = ()) -> bool:
    """Whether what stands there is not wanted, or not now.

    ``meant_by`` are words that elsewhere deny and here say what is meant: 不要 of a notice.
    """
    after = _AFTER.match(text, end)
    is_meant = after is not None and after["not"] in meant_by
    return bool(_BEFORE.search(text[:start])) or (after is not None and not is_meant)


def left_out(text: str) -> list[str]:
    """What stands before it in each clause that leaves something out: 宽带 of 「宽带先不管」."""
    found = (
        (
            clause,
            next(
                filter(None, (_AFTER.match(clause, at) for at in range(len(clause) - 1, 0, -1))),
                None,
            ),
        )
        for clause in _CLAUSES.split(text)
    )
    return [clause[: after.start()] for clause, after in found if after]
