"""Yes and no in the words of the question, or by a number that does not come to it."""

from __future__ import annotations

import pytest

from engine.dialog.reading.echoing import echoed
from engine.dialog.reading.thresholds import comes_to
from engine.dialog.scripts.script import Slot

AGE = Slot(ask=("申请人满16岁了吗？",), if_yes="y", if_no="n")
DRUG = Slot(ask=("猫要吃药吗？",), if_yes="y", if_no="n")
ALLERGY = Slot(ask=("有过敏吗？",), if_yes="y", if_no="n")
HEAVY = Slot(ask=("超过20公斤吗？",), if_yes="y", if_no="n")


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        (AGE, "已满16岁", "y"),
        (AGE, "早就满16岁了", "y"),
        (AGE, "还没满16岁", "n"),
        (AGE, "满16岁了吗", ""),
        (DRUG, "都挺健康不吃药", "n"),
        (DRUG, "要吃药的", "y"),
        (DRUG, "吃药", ""),
        (DRUG, "要不要吃药呢", ""),
        (ALLERGY, "没有过敏", "n"),
        (ALLERGY, "芒果过敏", ""),
        (Slot(type=("text",), ask=("要吃药吗？",)), "不吃药", ""),
    ],
)
def test_the_last_words_of_a_question_answer_it(slot: Slot, said: str, value: str) -> None:
    assert echoed(said, slot) == value


@pytest.mark.parametrize(
    ("slot", "said", "is_so"),
    [
        (AGE, "才八岁", False),
        (AGE, "16岁了", True),
        (AGE, "孩子今年十七岁", True),
        (AGE, "八个", None),
        (AGE, "好", None),
        (HEAVY, "20公斤", False),
        (HEAVY, "二十五公斤吧", True),
        (DRUG, "8岁", None),
        (Slot(ask=("家里超过 5 口人吗？",), if_yes="y", if_no="n"), "就三口人", False),
        (Slot(ask=("家里超过 5 口人吗？",), if_yes="y", if_no="n"), "七口", True),
    ],
)
def test_a_number_says_whether_it_comes_to_what_is_asked(
    slot: Slot, said: str, is_so: bool | None
) -> None:
    assert comes_to(said, slot) is is_so
