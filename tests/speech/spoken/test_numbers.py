from __future__ import annotations

import pytest

from engine.speech.spoken.numbers import cardinal, decimal, spelled


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (10, "十"),
        (18, "十八"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (10_010, "一万零一十"),
        (10_110, "一万零一百一十"),
        (100_000, "十万"),
        (120_000, "十二万"),
        (20_200, "二万零二百"),
        (1_002_003, "一百万二千零三"),
        (100_000_000, "一亿"),
    ],
)
def test_numbers_are_counted_with_their_gaps(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_two_is_another_word_before_hundreds() -> None:
    assert cardinal(2_222, two="两") == "两千两百二十二"


def test_one_is_another_word_when_digits_are_spelled() -> None:
    assert spelled("1001") == "幺零零幺"
    assert spelled("1001", one="一") == "一零零一"


def test_what_follows_the_point_is_spelled() -> None:
    assert decimal("200.15") == "二百点一五"
