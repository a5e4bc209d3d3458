"""Answers to a question for a yes or a no that are neither word."""

from __future__ import annotations

import pytest

from engine.dialog.reading.wishing import wished
from engine.dialog.reading.yesno import answered, in_a_clause, said_again
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task

WED = Slot(ask=("已婚吗？",), if_yes="1", if_no="0")
PET = Slot(ask=("家里有宠物吗？",), if_yes="1", if_no="0")
COVER = Slot(ask=("要买全险吗？每天多50元。",), called=("全险",), if_yes="full", if_no="basic")
SHOT = Slot(ask=("打过疫苗吗？",), called=("疫苗",), if_yes="y", if_no="n")
FIRST = Slot(ask=("是第一次报考吗？",), if_yes="y", if_no="n")
MAIL = Slot(ask=("找到了要寄给您吗？运费到付。",), if_yes="y", if_no="n")
PARK = Slot(ask=("车位要保留吗？每小时5元。",), called=("车位",), if_yes="y", if_no="n")
TELL = Slot(ask=("到期前要提醒您吗？",), called=("提醒",), if_yes="y", if_no="n")
TRIAL = Slot(ask=("第一次按试听算，要不要？",), called=("试听",), if_yes="y", if_no="n")
BAG = Slot(ask=("有没有行李？",), called=("行李",), if_yes="y", if_no="n")
ILL = Slot(ask=("有没有对药物过敏？",), called=("过敏",), if_yes="y", if_no="n")
KEEPS = Slot(ask=("养宠物吗？",), called=("宠物",), if_yes="y", if_no="n")
SLIP = Slot(ask=("有小票或付款截图吗？",), called=("小票",), if_yes="y", if_no="n")
DEVICE = Slot(ask=("设备还在吗？",), if_yes="y", if_no="n")
WORKS = Slot(ask=("还能正常用吗？",), if_yes="y", if_no="n")
SELF = Slot(ask=("是本人来取吗？",), called=("本人",), if_yes="y", if_no="n")
BUS = Slot(ask=("需要接驳车吗？",), called=("接驳车", "班车"), if_yes="y", if_no="n")
MINOR = Slot(ask=("里面有没有未成年人？",), if_yes="y", if_no="n")
BEFORE = Slot(ask=("以前被拒签过吗？",), if_yes="y", if_no="n")
BACK = Slot(ask=("办好要寄回吗？",), if_yes="y", if_no="n")
HIGH = Slot(ask=("要高空作业吗？就是窗外没有平台。",), called=("高空作业",), if_yes="y", if_no="n")
GAVE = Slot(ask=("半年内献过血吗？",), if_yes="y", if_no="n")
FAULT = Slot(ask=("有没有坏键或者杂音？",), if_yes="y", if_no="n")
MOVE = Slot(ask=("要不要改约到下周？",), if_yes="y", if_no="n")
FETCH = Slot(ask=("要不要上门取车？",), if_yes="y", if_no="n")
HURRY = Slot(
    ask=("急不急？",), choices=({"value": "h", "label": "很急"}, {"value": "l", "label": "不急"})
)
CHAIR = Slot(type=("number",), ask=("要几个儿童座椅？",), called=("儿童座椅",), skip="0")
KIDS = Slot(type=("number",), ask=("几位儿童？",), called=("儿童",), skip="0")
SCRIPT = Script(
    intent="rent",
    title="租车",
    example="租车",
    slots={"wed": WED, "cover": COVER, "chair": CHAIR, "mail": MAIL, "park": PARK, "kids": KIDS},
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
        (TELL, "提醒", "y"),
        (TRIAL, "试听", "y"),
        (TRIAL, "不试听", "n"),
        (TRIAL, "不用试听", "n"),
        (HURRY, "急", "h"),
        (COVER, "来一份", "full"),
        (COVER, "那就要一个吧", "full"),
        (PARK, "算了不保留", "n"),
        (PARK, "算了", ""),
        (HURRY, "不", "l"),
        (HURRY, "不急", "l"),
        (HURRY, "好的", ""),
        (BAG, "没带行李", "n"),
        (BAG, "带上", ""),
        (PARK, "留着", "y"),
        (PARK, "保留着吧", "y"),
        (PARK, "不留了", "n"),
        (BAG, "有两个箱子", "y"),
        (ILL, "青霉素过敏", "y"),
        (ILL, "青霉素不过敏", "n"),
        (ILL, "怎么算过敏", ""),
        (MOVE, "改到下周", "y"),
        (MOVE, "不用改", "n"),
        (MOVE, "下周", "y"),
        (FETCH, "帮我上门取一下", "y"),
        (KEEPS, "养了条狗", "y"),
        (KEEPS, "有一只猫", "y"),
        (KEEPS, "家里没养", "n"),
        (KEEPS, "有人吗", ""),
        (WORKS, "能用", "y"),
        (WORKS, "不能用", "n"),
        (WORKS, "坏了", "n"),
        (WORKS, "用不了了", "n"),
        (WORKS, "好坏都收吗", ""),
        (SELF, "本人去", "y"),
        (SELF, "我自己来", "y"),
        (SELF, "对，我本人", "y"),
        (SELF, "我老婆去", "n"),
        (SELF, "不是我去", "n"),
        (SELF, "找人代取", "n"),
        (SELF, "几点下班", ""),
        (BUS, "坐班车", "y"),
        (BUS, "不坐班车", "n"),
        (BUS, "班车几点", ""),
        (MINOR, "都是成年人", "n"),
        (MINOR, "没有未成年人", "n"),
        (MINOR, "有一个小孩", "y"),
        (BEFORE, "有过一次", "y"),
        (BEFORE, "从来没有", "n"),
        (MAIL, "寄回来", ""),
        (BACK, "寄回来", "y"),
        (HIGH, "不用", ""),
        (HIGH, "有平台", ""),
        (GAVE, "半年内没献过", "n"),
        (GAVE, "第一次献", "n"),
        (GAVE, "半年内献过", "y"),
        (FAULT, "都挺好的", "n"),
        (FAULT, "一切正常", "n"),
        (FAULT, "好的", "n"),
        (SLIP, "小票丢了", "n"),
        (DEVICE, "设备早丢了", "n"),
        (DEVICE, "还在", "y"),
        (SLIP, "找不到了", "n"),
        (SLIP, "有截图", "y"),
        (FETCH, "不用上门取", "n"),
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
        ("全险帮我加上", {"cover": "full"}),
        ("全险开一下", {"cover": "full"}),
        ("还是全险一下吧", {"cover": "full"}),
        ("全险不弄了", {"cover": "basic"}),
        ("儿童座椅不要了，全险买上", {"chair": "0", "cover": "full"}),
        ("走全险", {"cover": "full"}),
        ("要不要全险呢", {}),
        ("全险是什么，全险要多少钱", {}),
        ("儿童座椅要两个", {}),
        ("不寄了", {"mail": "n"}),
        ("要寄", {"mail": "y"}),
        ("算了车位不留了", {"park": "n"}),
        ("车位留着", {"park": "y"}),
        ("全险还是买吧", {"cover": "full"}),
        ("全险我还是不买", {"cover": "basic"}),
        ("全险就不上了", {"cover": "basic"}),
        ("不带孩子", {"kids": "0"}),
    ],
)
def test_what_is_wanted_or_refused_is_said_by_its_name(said: str, values: dict[str, str]) -> None:
    assert {name: entity.value for name, entity in wished(said, SCRIPT, Task("", "rent"))} == values


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("要 抬头写星辰科技", "full"),
        ("不用了，我自己有", "basic"),
        ("要", ""),
        ("多少钱，贵吗", ""),
        ("不买了我自己有", "basic"),
    ],
)
def test_a_clause_is_a_yes_or_a_no_beside_others(said: str, value: str) -> None:
    assert in_a_clause(said, COVER) == value


LIFTS = Script(
    intent="move",
    title="搬家",
    example="搬家",
    slots={
        "old": Slot(ask=("有没有电梯？",), if_yes="y", if_no="n"),
        "new": Slot(ask=("新家有电梯吗？",), if_yes="y", if_no="n"),
    },
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (Task("", "move", asking="old"), "old"),
        (Task("", "move", asking="new"), "new"),
        (Task("", "move", asking="new", slots={"old": Filled("y")}), "new"),
        (Task("", "move", slots={"old": Filled("y")}), "new"),
        (Task("", "move"), None),
        (Task("", "move", slots={"old": Filled("y"), "new": Filled("y")}), None),
    ],
)
def test_an_answer_to_two_questions_is_for_the_one_that_is_open(
    task: Task, name: str | None
) -> None:
    found = [(each, said.value) for each, said in wished("没有电梯", LIFTS, task)]
    assert found == ([(name, "n")] if name else [])


@pytest.mark.parametrize(
    ("said", "value"),
    [("有平台不用高空", "n"), ("没有平台，要高空作业", "y"), ("要高空，不用高空", "")],
)
def test_of_several_clauses_the_one_in_the_words_of_the_question_counts(
    said: str, value: str
) -> None:
    assert in_a_clause(said, HIGH) == value


NAMED = Slot(ask=("要绣名字吗？",), called=("绣名字",), if_yes="y", if_no="n")
TUNED = Slot(ask=("一年内调过吗？",), if_yes="y", if_no="n")


@pytest.mark.parametrize(
    ("slot", "said", "value"),
    [
        (TUNED, "一年内调过", "y"),
        (TUNED, "调过", ""),
        (TUNED, "一年", ""),
        (NAMED, "名字绣上", "y"),
        (NAMED, "名字不绣了", "n"),
        (NAMED, "名字", ""),
        (None, "名字绣上", ""),
    ],
)
def test_the_question_said_again_is_a_yes_whatever_is_in_it(
    slot: Slot | None, said: str, value: str
) -> None:
    assert said_again(said, slot) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("还行", "y"),
        ("没坏", "y"),
        ("都还正常", "y"),
        ("凑合用吧", "y"),
        ("不行了", "n"),
        ("五年", ""),
    ],
)
def test_what_can_be_used_is_a_yes_to_the_question_for_it(said: str, value: str) -> None:
    assert answered(said, WORKS) == value


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("用了6年，还能用，5楼有电梯，不换装", {"works": "y", "lift": "y", "dress": "n"}),
        ("旧的不能用，家里没有电梯，要换装", {"works": "n", "lift": "n", "dress": "y"}),
        ("能用几年，有电梯吗，换装多少钱", {}),
        ("要有电梯的房子", {}),
        ("我有验光单，旧的还能用", {"slip": "y", "works": "y"}),
        ("没有验光单", {"slip": "n"}),
        ("有验光单优惠吗", {}),
        ("不换照片，不在园里吃午饭", {"photo": "n", "lunch": "n"}),
        ("午饭在园里吃", {"lunch": "y"}),
        ("已经备份好了，午饭在园里吃", {"backup": "y", "lunch": "y"}),
        ("还没备份过", {"backup": "n"}),
        ("备份了吗，午饭几点在园里吃", {}),
    ],
)
def test_what_is_so_is_heard_among_other_words(said: str, values: dict[str, str]) -> None:
    slots = {
        "works": Slot(ask=("旧的还能用吗？",), if_yes="y", if_no="n"),
        "lift": Slot(ask=("有电梯吗？",), called=("电梯",), if_yes="y", if_no="n"),
        "slip": Slot(ask=("有半年内的验光单吗？",), called=("验光单",), if_yes="y", if_no="n"),
        "photo": Slot(ask=("要换新照片吗？",), called=("换照片",), if_yes="y", if_no="n"),
        "lunch": Slot(ask=("午饭在园里吃吗？",), called=("午饭",), if_yes="y", if_no="n"),
        "backup": Slot(ask=("资料备份过了吗？",), called=("备份",), if_yes="y", if_no="n"),
        "dress": Slot(ask=("要换装吗？每人20元。",), called=("换装",), if_yes="y", if_no="n"),
    }
    script = SCRIPT.model_copy(update={"slots": slots})
    assert {name: entity.value for name, entity in wished(said, script, Task("", "rent"))} == values
