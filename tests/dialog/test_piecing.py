"""A spoken number of which one part is in doubt: only that part is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.dialog.dialog import Decision
from engine.dialog.moment.expecting import expect
from engine.dialog.state.session import Gap

Start = Callable[..., Any]

NUMBER = "幺三八幺二三四五六七八"
TOLD = "请核对：手机号 138 1234 5678，后四位没有听清，对吗？不对的话，只说后四位就行。"
ASKED = "手机号 138 1234 ????：请再说一遍后四位，打字也行。"


def said(decision: Decision) -> str:
    return "\n".join(reply.text for reply in decision.replies)


async def heard_with_doubt(talk: Start, *unsure: int) -> tuple[Any, Decision]:
    """A customer who was asked for their number, and says it; some digits are not heard surely."""
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    words = [(digit, 0.4 if at in unsure else 0.99) for at, digit in enumerate(NUMBER)]
    return talking, await talking.speak(NUMBER, 0.4, *words)


@pytest.mark.parametrize(
    ("unsure", "part", "blank"),
    [
        ((0,), "前三位", "??? 1234 5678"),
        ((3,), "中间四位", "138 ???? 5678"),
        ((4, 6), "中间四位", "138 ???? 5678"),
        ((10,), "后四位", "138 1234 ????"),
    ],
)
async def test_the_part_in_doubt_is_named_and_after_a_no_asked_for(
    talk: Start, unsure: tuple[int, ...], part: str, blank: str
) -> None:
    talking, heard = await heard_with_doubt(talk, *unsure)
    assert said(heard).startswith(f"请核对：手机号 138 1234 5678，{part}没有听清，对吗？")
    assert [button.label for button in heard.replies[0].buttons] == ["对", "不对"]
    assert "phone" not in heard.trace.slots
    wrong = heard.replies[0].buttons[1]
    asked = await talking.say(wrong.label, "deny", payload=wrong.payload)
    assert said(asked) == f"手机号 {blank}：请再说一遍{part}，打字也行。"
    assert [button.label for button in asked.replies[0].buttons] == ["不对"]


async def test_a_yes_takes_what_was_heard(talk: Start) -> None:
    talking, heard = await heard_with_doubt(talk, 10)
    right = heard.replies[0].buttons[0]
    answer = await talking.say(right.label, payload=right.payload)
    assert answer.trace.slots["phone"] == "13812345678"
    assert (talking.session.doubt, talking.session.gap) == (None, None)


@pytest.mark.parametrize("denied", [True, False])
@pytest.mark.parametrize(
    "answer",
    [
        *("5679", "五六七九", "5679吧", "是5679", "后四位是5679", "尾号5679", "五六，七九"),
        *("不对，是5679", "最后四位 5679", "我说的是5679", "13812345679", "号码是13812345679"),
    ],
)
async def test_the_part_is_put_into_the_number(talk: Start, answer: str, denied: bool) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    if denied:
        assert said(await talking.say("不对", "deny")) == ASKED
    assert (await talking.say(answer)).trace.slots["phone"] == "13812345679"
    assert (talking.session.doubt, talking.session.gap) == (None, None)


async def test_the_part_may_be_spoken(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    assert (await talking.speak("五六七九", 0.9)).trace.slots["phone"] == "13812345679"


async def test_the_rest_of_the_sentence_has_waited_for_the_part(talk: Start) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭")
    words = [
        ("电话", 0.99),
        *((digit, 0.4 if at == 4 else 0.99) for at, digit in enumerate(NUMBER)),
    ]
    await talking.speak(f"电话{NUMBER}，两份", 0.4, *words, ("，", 0.99), ("两份", 0.99))
    answer = await talking.say("9934")
    assert answer.trace.slots["phone"] == "13899345678"
    assert answer.trace.slots["portions"] == "2"


async def test_a_part_that_is_heard_twice_alike_is_no_surer(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    assert said(await talking.speak("五六七八", 0.5)) == TOLD


async def test_the_whole_number_is_said_back_when_it_is_put_together(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    assert said(await talking.say("5679")).startswith("好的，手机号 138 1234 5679。")


async def test_of_a_number_said_again_only_the_part_in_doubt_has_to_be_sure(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    again = [(digit, 0.4 if at == 1 else 0.99) for at, digit in enumerate(NUMBER)]
    assert (await talking.speak(NUMBER, 0.4, *again)).trace.slots["phone"] == "13812345678"


async def test_a_number_said_again_that_is_another_one_has_to_be_sure_as_a_whole(
    talk: Start,
) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    other = "幺三九" + NUMBER[3:]
    again = [(digit, 0.4 if at == 1 else 0.99) for at, digit in enumerate(other)]
    answer = await talking.speak(other, 0.4, *again)
    assert said(answer) == "请核对：手机号 139 1234 5678，对吗？"


async def test_a_part_that_is_in_doubt_again_is_read_back_with_the_whole(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    await talking.say("不对", "deny")
    assert said(await talking.speak("五六七九", 0.5)) == TOLD.replace("5678", "5679")
    assert (await talking.say("好")).trace.slots["phone"] == "13812345679"


@pytest.mark.parametrize(
    "answer",
    ["不对，后四位是5680", "不是5678，是5680", "不是五六七八是五六八零", "不对，13812345680"],
)
async def test_a_part_of_what_was_read_back_can_be_put_right(talk: Start, answer: str) -> None:
    talking = talk()
    await talking.tell("我要订餐", "炒饭", "2")
    await talking.speak(NUMBER, 0.5)
    assert (await talking.say(answer)).trace.slots["phone"] == "13812345680"


async def test_another_part_is_put_right_before_the_one_that_is_missing(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    await talking.say("不对", "deny")
    assert "138 4321 ????" in said(await talking.say("中间四位是4321"))
    assert (await talking.say("5679")).trace.slots["phone"] == "13843215679"


async def test_another_part_that_is_in_doubt_itself_changes_nothing(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    assert said(await talking.speak("中间四位是四三二一", 0.5)) == TOLD


@pytest.mark.parametrize("answer", ["567", "56791", "是567"])
async def test_what_is_no_such_part_leaves_the_question(talk: Start, answer: str) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    after = await talking.say(answer)
    assert "phone" not in after.trace.slots
    assert TOLD in said(after)


async def test_a_yes_is_no_answer_to_a_part_that_was_denied(talk: Start) -> None:
    talking, heard = await heard_with_doubt(talk, 10)
    await talking.say("不对", "deny")
    assert said(await talking.say("好")) == ASKED
    stale = heard.replies[0].buttons[0]
    tapped = await talking.say(stale.label, payload=stale.payload)
    assert said(tapped) == ASKED
    assert "phone" not in tapped.trace.slots


async def test_a_number_that_no_part_makes_whole_is_asked_for_again(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 0)
    answer = await talking.say("120")
    assert "说慢一点" in said(answer)
    assert (answer.trace.asks, talking.session.doubt) == ("phone", None)


async def test_a_second_no_asks_for_the_whole_number(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    await talking.say("不对", "deny")
    assert "说慢一点" in said(await talking.say("不是", "deny"))
    assert (talking.session.doubt, talking.session.gap) == (None, None)


async def test_another_wish_lets_the_number_go(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    await talking.say("今天有什么菜")
    assert (talking.session.doubt, talking.session.gap) == (None, None)


async def test_saying_it_again_leaves_the_part_open(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 10)
    assert said(await talking.say("再说一遍")) == TOLD
    assert talking.session.gap == Gap("phone", 0, 7, 11)


async def test_a_part_is_listened_for_as_so_many_digits(talk: Start) -> None:
    talking, _ = await heard_with_doubt(talk, 0)
    assert expect(talking.scripts, talking.session).kinds == {"yes_no", "phone", "digits_3"}
