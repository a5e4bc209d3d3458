"""An encoder finds the numbers of the very features that are named."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu import encoding
from engine.nlu.encoding import NEW, NEW_PAIR, Encoder
from engine.nlu.features import PAIR, Features, Settings
from engine.nlu.recognizer import Recognizer

TEXTS = st.lists(st.sampled_from([*"充话费查航班，？^$<", "ca1234", "手机"]), max_size=10).map(
    "".join
)
SETTINGS = st.builds(
    Settings,
    longest=st.integers(1, 3),
    sounds=st.booleans(),
    words=st.booleans(),
    marks=st.booleans(),
    pairs=st.booleans(),
)


@given(SETTINGS, st.lists(TEXTS, max_size=4), TEXTS)
def test_the_numbers_are_those_of_the_names(
    settings: Settings, taught: list[str], text: str
) -> None:
    features = Features(settings, lambda cut: [cut[at : at + 2] for at in range(0, len(cut), 2)])
    names = sorted({name for each in taught for name in features(each)})
    vocabulary = {name: number for number, name in enumerate(names)}
    named = [vocabulary.get(n, NEW_PAIR if n.startswith(PAIR) else NEW) for n in features(text)]
    found = Counter(Encoder(features, vocabulary)(text))
    # Of pairs that are new it does not matter how many there are.
    del found[NEW_PAIR]
    assert found == Counter(number for number in named if number != NEW_PAIR)


def test_values_are_encoded_as_their_types(recognizer: Recognizer, now: datetime) -> None:
    features = recognizer.features(Settings())
    text, other = "给13812345678充50", "给13900001111充三十块"
    seen = recognizer.entities(text, now=now)
    vocabulary = {name: number for number, name in enumerate(sorted(set(features(text, seen))))}
    encoder = Encoder(features, vocabulary)
    found = encoder(text, seen)
    assert sorted(encoder(other, recognizer.entities(other, now=now))) == sorted(found)
    assert set(found) == set(vocabulary.values())


def test_what_is_kept_of_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "KEPT", 3)
    encoder = Encoder(Features(Settings(words=False, marks=False), list), {"话费": 0, "话": 1})
    assert [encoder("话费话费")[:1] for _ in range(3)] == [[1]] * 3
    assert len(encoder._grams) <= 3
