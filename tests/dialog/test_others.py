"""Words that tell of somebody else than the customer."""

from __future__ import annotations

import pytest

from engine.dialog.wording.others import tells_of_another


@pytest.mark.parametrize(
    "text",
    [
        "给我妈充五十",
        "給我媽充五十",
        "给李四充50",
        "替陈静充50话费",
        "给老王充50",
        "帮王姐充100",
        "给陈老师充100",
        "小王手机充50",
        "李四的手机充50",
        "查一下李四的余额",
        "帮李四查余额",
        "充五十，给他",
        "给建国充50",
        "帮晓梅充五十块",
        "给楼下小卖部充一百",
        "替建国交话费",
        "给建国的号充30",
    ],
)
def test_somebody_else_is_told_of_by_what_they_are_by_name_and_as_people_are_called(
    text: str,
) -> None:
    assert tells_of_another(text, own="张三")


@pytest.mark.parametrize(
    "text",
    [
        "给我充50",
        "给张三充50",
        "给手机充50",
        "给余额充50",
        "给话费充50",
        "帮忙充50",
        "帮我查一下话费",
        "给移动号充50",
        "给华为手机充50",
        "金额的话100",
        "手机停机了，充50",
        "请给充50",
        "老是停机",
        "帮忙往手机里打50",
        "帮查下话费",
        "给开通一下余额提醒",
        "为什么要手机号",
        "给尾号5678的号充50",
    ],
)
def test_the_customer_and_things_are_nobody_else(text: str) -> None:
    assert not tells_of_another(text, own="张三")


def test_whoever_was_spoken_of_before_is_nobody_new() -> None:
    assert not tells_of_another("再给他充五十", pronouns=False)
