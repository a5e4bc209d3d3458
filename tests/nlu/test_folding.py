"""Folding makes writing variants one and moves no character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.folding import fold, squeeze


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＣＡ１２３４", "ca1234"),
        ("話費　OK", "话费 ok"),
        ("沒錯繳費", "没错缴费"),
        ("ﬁ½", "ﬁ½"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_writing_variants_become_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters()))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert "".join(map(fold, text)) == fold(text)


@given(st.text(st.characters()))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters()))
def test_folded_text_can_be_encoded(text: str) -> None:
    assert fold(text).encode().decode() == fold(text)


def test_spaces_and_punctuation_say_nothing_beside_words() -> None:
    assert squeeze(" 好 的，谢谢！") == squeeze("好的谢谢")


def test_punctuation_alone_is_kept() -> None:
    assert squeeze(" ？") == "?"
