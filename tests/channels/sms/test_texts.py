"""Replies become short messages of the size that a network takes, and nothing in them is torn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channels.sms.texts import choices, chosen, compose, fits, split
from engine.message import Button, Picture, Reply

PIECES = st.one_of(
    st.text("航班改签成功。，！\n €^{", min_size=1, max_size=30),
    st.sampled_from(
        ["😀", "13912345678", "100.50", "https://example.com/media/abc_D-9.png", "MU5101"]
    ),
)
TEXTS = st.lists(PIECES, max_size=40).map(" ".join)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "segments", "expected"),
    [
        ("a" * 160, 1, True),
        ("a" * 161, 1, False),
        ("a" * 306, 2, True),
        ("a" * 307, 2, False),
        ("€" * 80, 1, True),
        ("€" * 81, 1, False),
        ("好" * 70, 1, True),
        ("好" * 71, 1, False),
        ("好" * 134, 2, True),
        ("好" * 135, 2, False),
        ("😀" * 35, 1, True),
        ("😀" * 36, 1, False),
    ],
)
def test_a_segment_has_the_places_of_its_alphabet(text: str, segments: int, expected: bool) -> None:
    assert fits(text, segments) is expected


@given(TEXTS, st.integers(1, 4))
def test_every_part_fits_and_together_they_say_all(text: str, segments: int) -> None:
    parts = split(text, segments)
    assert all(fits(part, segments) for part in parts)
    assert bare("".join(parts)) == bare(text)


@given(st.lists(PIECES, max_size=40), st.integers(1, 4))
def test_numbers_and_links_are_whole_in_one_part(pieces: list[str], segments: int) -> None:
    parts = split(" ".join(pieces), segments)
    for piece in pieces:
        if piece.isascii() and piece[0].isalnum():
            assert any(piece in part for part in parts)


def test_a_link_longer_than_a_message_stands_alone_and_whole() -> None:
    link = "https://example.com/" + "x" * 200
    assert split(f"请看{link} 谢谢") == ["请看", link, "谢谢"]


def test_a_cut_is_made_where_a_reader_pauses() -> None:
    first, second = "一" * 50 + "。", "二" * 40
    assert split(first + second) == [first, second]


def test_pictures_are_words_and_a_link_and_choices_are_lines() -> None:
    reply = Reply(
        text="请确认",
        picture=Picture("receipt", {}, "充值 100 元", "P1"),
        buttons=(
            Button("1. 靠窗", "seat=1"),
            Button("2. 过道", "seat=2"),
            Button("取消", "/cancel"),
        ),
    )
    told = compose([reply], public_url="https://e.com", segments=2)
    assert told == ["请确认\n充值 100 元\nhttps://e.com/media/P1.png\n1. 靠窗\n2. 过道\n3. 取消"]


def test_a_seat_map_is_answered_on_its_page() -> None:
    reply = Reply(text="", picture=Picture("seat_map", {}, "12A 空", "P1"))
    assert compose([reply], public_url="https://e.com") == ["12A 空\nhttps://e.com/seats/P1"]


def test_a_choice_that_the_words_only_mention_is_still_a_line() -> None:
    buttons = (Button("1. 靠窗", "seat=1"), Button("确认", "/affirm"))
    told = compose([Reply(text="请确认：\n1. 靠窗", buttons=buttons)], public_url="https://e.com")
    assert told == ["请确认：\n1. 靠窗\n2. 确认"]


YES, NO, WINDOW = Button("确认", "/affirm"), Button("取消", "/cancel"), Button("1. 靠窗", "seat=1")
FIFTY, A12 = Button("50 元", "amount=50"), Button("12A", "seat=12A")


@pytest.mark.parametrize(
    ("buttons", "expected"),
    [
        ((YES, NO), ["1. 确认", "2. 取消"]),
        ((WINDOW, NO), ["1. 靠窗", "2. 取消"]),
        ((FIFTY, NO), ["50 元", "取消"]),
        ((WINDOW, A12), ["1. 靠窗", "12A"]),
        ((), []),
    ],
)
def test_choices_have_numbers_unless_one_is_a_value_that_begins_with_a_digit(
    buttons: tuple[Button, ...], expected: list[str]
) -> None:
    assert choices(buttons) == expected


@pytest.mark.parametrize(
    ("buttons", "text", "expected"),
    [
        ((YES, NO), "1", YES),
        ((YES, NO), " ２。", NO),
        ((YES, NO), "3", None),
        ((YES, NO), "0", None),
        ((YES, NO), "1 月", None),
        ((YES, NO), "100", None),
        ((FIFTY, NO), "1", None),
        ((WINDOW, A12), "1", WINDOW),
        ((WINDOW, A12), "2", None),
        ((), "1", None),
    ],
)
def test_a_number_that_is_sent_back_is_the_choice_that_it_stood_before(
    buttons: tuple[Button, ...], text: str, expected: Button | None
) -> None:
    assert chosen(buttons, text) == expected
