"""Clauses in the last words of a question: 「已满16岁」 of 「满16岁了吗？」, 「都挺好不吃药」."""

from __future__ import annotations

import re

from engine.dialog.reading.asked import asked_by
from engine.dialog.scripts.script import Slot
from engine.nlu.grammar.fold import fold

#: The last clause of what is asked for a yes or a no.
_QUESTION = re.compile(r"(?P<asked>[^，。？?；;！!]+?)了?吗")
#: What may lead to a yes, and to a no, and what denies.
_LEADS = re.compile(r"(?:我们?|他|她|孩子|就|都|也|现在|已经?|早就?|今年|刚刚?|是的?)*")
_DENIED = re.compile(r"[^不没未无别]{0,6}(?:还没有?|没有?|未|不用|不要|不需要|不是|不)")
_TAIL = re.compile("[了的吧呢啊呀]+$")
_ASKS = re.compile(r"[吗么?？]|什么|怎|哪|几|(\w)[不没]\1")
_HAN = re.compile("[\u4e00-\u9fff]")
#: Characters of a question that are enough to say it again, denied or not.
_DENIAL, _WHOLE = 2, 3


def echoed(clause: str, slot: Slot) -> str:
    """The value for a yes or a no in the last words of the question; else nothing."""
    said = _TAIL.sub("", fold(clause.strip()))
    if not (slot.if_yes and slot.if_no) or _ASKS.search(said):
        return ""
    for question in asked_by(slot):
        found = _QUESTION.search(fold(question))
        asked = found["asked"] if found else ""
        for length in range(len(asked), _DENIAL - 1, -1):
            last = asked[-length:]
            if not said.endswith(last) or not _HAN.search(last):
                continue
            before = said.removesuffix(last)
            if length >= _WHOLE and _LEADS.fullmatch(before):
                return slot.if_yes
            if _DENIED.fullmatch(before):
                return slot.if_no
    return ""
