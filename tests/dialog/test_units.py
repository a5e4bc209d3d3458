"""Numbers that are counted on from what was said before, and totals."""

from __future__ import annotations

import pytest

from engine.dialog.reading.units import counted_on, number_in, without_parts
from engine.nlu.parse import Entity


def number(text: str, value: str, unit: str) -> Entity:
    start = text.rindex(f"{value}{unit}")
    return Entity("number", value, value, start, start + 1, strict=False)


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("再加1份", "1", "6"),
        ("多要2份", "2", "7"),
        ("少1份", "1", "4"),
        ("减去2份", "2", "3"),
        ("加到8份", "8", "8"),
        ("改成3份", "3", "3"),
        ("少9份", "9", "9"),
        ("不多2份", "2", "2"),
    ],
)
def test_more_or_less_is_counted_on_from_what_there_was(text: str, said: str, meant: str) -> None:
    assert counted_on(text, number(text, said, "份"), "5") == meant


def test_a_total_counts_and_not_what_comes_to_it() -> None:
    text = "再加1份，一共6份"
    one, six = number(text, "1", "份"), number(text, "6", "份")
    assert without_parts(text, [one, six]) == [six]
    assert without_parts("1份", [one]) == [one]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("两床", "2"),
        ("充到百分之九十", "90"),
        ("说错了，充到70", "70"),
        ("5%", "5"),
        ("三点", ""),
        ("十二号", ""),
        ("没有", ""),
        ("两床被子三件大衣", ""),
    ],
)
def test_an_answer_to_the_question_for_a_number_may_say_what_it_counts(
    said: str, value: str
) -> None:
    assert number_in(said) == value
