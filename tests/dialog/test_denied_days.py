"""Days that are only named to be left out."""

from __future__ import annotations

import pytest

from engine.dialog.reading.denying import takes_back, wanted
from engine.nlu.parse import Entity


def _day(text: str, said: str) -> Entity:
    at = text.index(said)
    return Entity("date", "2026-11-25", said, at, at + len(said))


@pytest.mark.parametrize("text", ["后天那班先不办", "后天的不弄了", "后天那趟不坐"])
def test_a_day_that_is_left_out_is_no_value(text: str) -> None:
    assert wanted([_day(text, "后天")], text, "值机") == []


@pytest.mark.parametrize("text", ["后天的先办", "后天那班", "后天不办会怎么样吗"])
def test_a_day_that_is_meant_stays(text: str) -> None:
    day = _day(text, "后天")

    assert wanted([day], text, "值机") == [day]


def test_a_business_that_takes_back_is_for_the_day_that_is_not_wanted() -> None:
    text = "后天那班不坐了"
    day = _day(text, "后天")

    assert wanted([day], text, "取消值机") == [day]
    assert takes_back("换座位")
    assert not takes_back("值机")
