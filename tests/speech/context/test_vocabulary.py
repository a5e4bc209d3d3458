"""Phrases in the words of a model."""

from __future__ import annotations

import pytest

from engine.speech.context.vocabulary import Vocabulary

WORDS = {"上海", "上", "海", "到", "C", "a", "[unk]", "三八"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("上海", ("上海",)),
        ("到上海", ("到", "上海")),
        ("上海到", ("上海", "到")),
        ("海上海", ("海", "上海")),
        ("CA", ("C", "a")),
        ("ca", ("C", "a")),
        ("上海滩", ()),
        ("[unk]", ()),
        ("", ()),
    ],
)
def test_a_phrase_becomes_the_fewest_words_that_the_model_has(
    text: str, words: tuple[str, ...]
) -> None:
    assert Vocabulary.of(WORDS).segmented(text) == words
