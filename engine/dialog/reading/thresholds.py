"""Questions whether something comes to a number, and answers with another one: 「满16岁了吗？」."""

from __future__ import annotations

import re

from engine.dialog.reading.asked import asked_by
from engine.dialog.scripts.script import Slot
from engine.nlu.grammar.fold import fold
from engine.nlu.grammar.numerals import read

_NUMBER = r"(?P<number>\d{1,4}(?:\.\d)?|[一二两三四五六七八九十百千]{1,4})"
_UNIT = "(?P<unit>公斤|千克|公里|小时|分钟|厘米|平米|平方|[\u4e00-\u9fff])"
#: What is asked to be as much, or to be more.
_ASKED = re.compile(
    rf"(?P<how>满|够|达到|有没有|超过|超|多于|大于){_NUMBER}个?{_UNIT}[^，。？?]*吗"
)
_MORE = ("超过", "超", "多于", "大于")
#: An answer that is a number of the same.
_ANSWER = re.compile(
    rf"(?:[^\W\d_不没]{{0,4}}?)(?:才|刚|都|已经?|是|有|今年|快|就)*{_NUMBER}个?{_UNIT}人?[半多]?[了的吧呢啊]*"
)


def comes_to(said: str, slot: Slot) -> bool | None:
    """Whether a number comes to what is asked: 「才八岁」; None where it is none of the kind."""
    # 「超过 5 口人吗？」 is written with spaces.
    asked = (fold(each).replace(" ", "") for each in asked_by(slot))
    found = next(filter(None, map(_ASKED.search, asked)), None)
    told = _ANSWER.fullmatch(fold(said.strip(" ，。,.!！")))
    if found is None or told is None or told["unit"] != found["unit"]:
        return None
    wanted, number = read(found["number"]), read(told["number"])
    if wanted is None or number is None:
        return None
    return number > wanted if found["how"] in _MORE else number >= wanted
