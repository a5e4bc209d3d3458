"""Answers to a question for a yes or a no that are neither word."""

from __future__ import annotations

import pytest

from engine.dialog.reading.yesno import answered, in_a_clause, wished
from engine.dialog.scripts.script import Script, Slot

WED = Slot(ask=("已婚吗？",), if_yes="1", if_no="0")
PET = Slot(ask=("家里有宠物吗？",), if_yes="1", if_no="0")
COVER = Slot(ask=("要买全险吗？每天多50元。",), called=("全险",), if_yes="full", if_no="basic")
SHOT = Slot(ask=("打过疫苗吗？",), called=("疫苗",), if_yes="y", if_no="n")
FIRST = Slot(ask=("是第一次报考吗？",), if_yes="y", if_no="n")
MAIL = Slot(ask=("找到了要寄给您吗？运费到付。",), if_yes="y", if_no="n")
PARK = Slot(ask=("车位要保留吗？每小时5元。",), called=("车位",), if_yes="y", if_no="n")
TELL = Slot(ask=("到期前要提醒您吗？",), called=("提醒",), if_yes="y", if_no="n")
CHAIR = Slot(type=("number",), ask=("要几个儿童座椅？",), called=("儿童座椅",), skip="0")
SCRIPT = Script(
    intent="rent",
    title="租车",
    example="租车",
    slots={"wed": WED, "cover": COVER, "chair": CHAIR, "mail": MAIL, "park": PARK},
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        (WED, "结了", "1"),
        (WED, "已经结了", "1"),
        (WED, "没结婚", "0"),
        (WED, "还没", "0"),
        (WED, "没问题", ""),
        (WED, "算了", ""),
        (WED, "没听懂", ""),
        (PET, "没养", "0"),
        (PET, "有一只猫", "1"),
        (PET, "阳台有两只鸟", "1"),
        (COVER, "不买全险", "basic"),
        (COVER, "买吧", "full"),
        (COVER, "不用买了", "basic"),
        (COVER, "多少钱", ""),
        (COVER, "我自己有", "basic"),
        (SHOT, "疫苗都打了", "y"),
        (SHOT, "嗯打过", "y"),
        (SHOT, "还没打", "n"),
        (SHOT, "没听懂", ""),
        (FIRST, "没考过", "y"),
        (FIRST, "第一次", "y"),
        (FIRST, "考过一次", "n"),
        (FIRST, "不是", "n"),
        (MAIL, "寄给我吧", "y"),
        (MAIL, "我自己去拿", "n"),
        (TELL, "提醒一下", "y"),
    ],
)
def test_what_is_so_or_is_not_answers_the_question(slot: Slot, said: str, value: str) -> None:
    assert answered(said, slot) == value


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("王芳，女，未婚，约28号", {"wed": "0"}),
        ("已婚", {"wed": "1"}),
        ("不买全险", {"cover": "basic"}),
        ("全险也要", {"cover": "full"}),
        ("儿童座椅不要了，全险买上", {"chair": "0", "cover": "full"}),
        ("全险要多少钱", {}),
        ("要不要全险呢", {}),
        ("全险是什么", {}),
        ("儿童座椅要两个", {}),
        ("不寄了", {"mail": "n"}),
        ("要寄", {"mail": "y"}),
        ("算了车位不留了", {"park": "n"}),
        ("车位留着", {"park": "y"}),
    ],
)
def test_what_is_wanted_or_refused_is_said_by_its_name(said: str, values: dict[str, str]) -> None:
    assert {name: entity.value for name, entity in wished(said, SCRIPT)} == values


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("要 抬头写星辰科技", "full"),
        ("不用了，我自己有", "basic"),
        ("要", ""),
        ("多少钱，贵吗", ""),
    ],
)
def test_a_clause_is_a_yes_or_a_no_beside_others(said: str, value: str) -> None:
    assert in_a_clause(said, COVER) == value
