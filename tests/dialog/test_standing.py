"""Sums of a condition or a state, and not of what is to be done."""

import pytest

from engine.dialog.reading.standing import is_state, without
from engine.dialog.scripts.script import Script, Slot
from engine.nlu.parse import Entity


def sums(text: str, *values: str) -> list[Entity]:
    """The sums of a text, in their order."""
    at = [text.index(value) for value in values]
    return [Entity("money", v, v, s, s + len(v)) for v, s in zip(values, at, strict=True)]


TOP_UP = Script(
    intent="top",
    title="充",
    example="充",
    verbs=("充",),
    slots={"sum": Slot(type=("money",))},
    answer={"say": "好"},
)


@pytest.mark.parametrize(
    ("text", "values", "left"),
    [
        ("才12块，充100吧", ("12", "100"), ["100"]),
        ("86块够用了，再充50", ("86", "50"), ["50"]),
        ("100够用了，200太多", ("100", "200"), ["100", "200"]),
        ("只剩50", ("50",), ["50"]),
        ("只有50，才30", ("50", "30"), ["50", "30"]),
    ],
)
def test_a_sum_of_what_is_there_yields_to_what_is_to_be_done(
    text: str, values: tuple[str, ...], left: list[str]
) -> None:
    assert [each.value for each in without(text, sums(text, *values), TOP_UP)] == left


def test_a_sum_beside_words_of_how_things_are_is_a_state() -> None:
    assert [is_state("剩12，充100", each) for each in sums("剩12，充100", "12", "100")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(("text", "left"), [("不够50就充100", 1), ("充50和100", 2)])
def test_a_sum_that_is_a_condition_is_no_amount(text: str, left: int) -> None:
    fifty, hundred = text.index("50"), text.index("100")
    said = [
        Entity("money", "50", "50", fifty, fifty + 2),
        Entity("money", "100", "100", hundred, hundred + 3),
    ]
    script = Script(
        intent="top",
        title="充",
        example="充",
        slots={"sum": Slot(type=("money",))},
        answer={"say": "好"},
    )
    assert len(without(text, said, script)) == left


def test_a_slot_takes_a_condition_that_stands_before_its_values() -> None:
    said = [Entity("money", "50", "50", 2, 4)]
    slots = {"below": Slot(type=("money",), before=("不够",))}
    script = Script(intent="low", title="低", example="低", slots=slots, answer={"say": "好"})
    assert without("不够50提醒我", said, script) == said
