"""Free words in the place of what their question asks: 「美国用」 of 「在哪个国家用？」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.reading.vocabulary import FREE_TEXT
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Task
from engine.nlu.parse import Entity

#: Where something is used, or what is not borne, and what is to be written, around what asks.
_USED = re.compile(
    r"(?:在(?:哪个[\u4e00-\u9fff]{2}|哪[里儿]|什么地方)(?P<used>使?用)"
    r"|对(?:什么|哪些|哪种)(?P<borne>过敏|不耐受))"
)
_WRITTEN = re.compile(r"(?P<verb>[写刻印绣题])(?:点|上|些)?什么")
#: The same clauses with an answer in that place.
_PLACE = (
    r"(?:是|要|拿|带|就)*(?:在|去|到|对)?(?!马上|现在|立[刻即]|自己|经常|平[时常]|一直|[今明后]天|急)"
    r"(?P<value>[^\W\d_不没有我你他这那使用]{{2,8}}){used}的?"
)
_WORDS = (
    r"(?:[^\W\d_不别没]{{0,4}}?上面?|[^\W\d_不别没]{{0,4}}?)(?<![不别没])"
    r"{verb}(?:上|着|个|一?句|：|:|[「“\"])*(?P<value>[^「」“”\"]{{2,}}?)[」”\"]?"
)
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")
#: What asks, leaves it out, or says that it is done.
_NONE = re.compile("[吗么]$|什么|哪|怎么|多少|[错好完]了?$|不[用要写刻印绣题需]|没|免|算了")


def framed(text: str, script: Script, task: Task) -> Iterator[tuple[str, Entity]]:
    """For open slots of free text, a clause that is their question with an answer in it."""
    for name, slot in script.slots.items():
        if FREE_TEXT not in slot.type or name in task.slots:
            continue
        for form in _forms(slot):
            for clause in _CLAUSE.finditer(text):
                said = form.fullmatch(clause[0].strip())
                if said and not _NONE.search(said["value"]):
                    yield name, Entity("named", said["value"], clause[0], *clause.span())


def _forms(slot: Slot) -> Iterator[re.Pattern[str]]:
    for asked in slot.ask:
        if used := _USED.search(asked):
            yield re.compile(_PLACE.format(used=used["used"] or used["borne"]))
        if written := _WRITTEN.search(asked):
            yield re.compile(_WORDS.format(verb=written["verb"]))
