"""One digit of a number put right by its place at the end."""

from __future__ import annotations

import pytest

from engine.dialog.reading.ends import mended, with_ends, without_ends
from engine.dialog.scripts.script import Script, Slot
from engine.dialog.state.session import Filled, Task
from engine.nlu.parse import Entity

SCRIPT = Script(
    intent="top",
    title="充",
    example="充",
    slots={"to": Slot(type=("phone",))},
    answer={"say": "好"},
)
CUES = ("不对", "错了")


def mend(text: str, *, given: bool = True) -> str | None:
    slots = {"to": Filled("13900138001")}
    task = Task("t", "top", slots=slots, given=["to"] if given else [])
    return next((said.value for _, said in mended(text, SCRIPT, task, CUES)), None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("不对，最后一位是0", "13900138000"),
        ("不对，后两位是零零", "13900138000"),
        ("不对，最后一位应该是九", "13900138009"),
    ],
)
def test_one_digit_at_the_end_is_put_right(text: str, number: str) -> None:
    assert mend(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "不对，最后两位是99",
        "不对，最后两位是0",
        "最后一位是0",
        "不对吗，最后一位是0",
        "不对，最后一位是0吗",
    ],
)
def test_another_number_a_question_and_no_correction_put_nothing_right(text: str) -> None:
    assert mend(text) is None


def test_the_number_that_the_company_knows_is_not_mended() -> None:
    assert mend("不对，最后一位是0", given=False) is None


def test_an_end_is_no_amount() -> None:
    text = "不对，最后一位是9"
    end, sum_ = Entity("money", "9", "9", 8, 9), Entity("money", "50", "50", 0, 2)
    assert without_ends(text, [end, sum_], SCRIPT, Task("t", "top")) == [sum_]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("不是8001是8002", "8002"),
        ("后面是8002", "8002"),
        ("电话最后是8002", "8002"),
        ("不是100是8002", None),
        ("后面是100", None),
    ],
)
def test_other_last_digits_are_a_number_of_which_the_rest_is_missing(
    text: str, digits: str | None
) -> None:
    task = Task("t", "top", slots={"to": Filled("13900138001")})
    found = with_ends(text, [], SCRIPT, task, {})
    assert [(each.text, each.problem) for each in found] == ([(digits, "ends")] if digits else [])


@pytest.mark.parametrize(
    ("text", "digits", "is_left"),
    [
        ("133那个13312345678", "133", False),
        ("尾号678的，13312345678", "678", False),
        ("133 13312345678", "133", True),
        ("100的，13312345678", "100", True),
    ],
)
def test_a_head_or_tail_that_tells_which_number_is_no_amount(
    text: str, digits: str, is_left: bool
) -> None:
    start = text.index(digits)
    amount = Entity("money", digits, digits, start, start + 3, strict=False)
    at = text.index("13312345678")
    phone = Entity("phone", "13312345678", "13312345678", at, at + 11)
    left = without_ends(text, [amount, phone], SCRIPT, Task("t", "top"))
    assert left == ([amount, phone] if is_left else [phone])


@pytest.mark.parametrize(("text", "is_left"), [("139那个", False), ("138那个", True)])
def test_the_head_of_the_number_that_the_task_has_is_no_amount(text: str, is_left: bool) -> None:
    amount = Entity("money", text[:3], text[:3], 0, 3, strict=False)
    task = Task("t", "top", slots={"to": Filled("13900138001")})
    assert without_ends(text, [amount], SCRIPT, task) == ([amount] if is_left else [])
