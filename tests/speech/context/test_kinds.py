"""The file that says how kinds of values sound."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.speech.context.kinds import digit_strings, kinds, phrases_of
from engine.speech.errors import BadTable

#: The types of docs/entities.md, and a question that yes or no answers.
ASKED = {
    *("date", "time", "datetime", "money", "phone", "flight_no", "id_number", "order_no"),
    *("person", "number", "seat", "seat_preference", "ordinal", "city", "airport", "airline"),
    "yes_no",
}


def test_every_type_of_value_that_dialogs_ask_for_is_known() -> None:
    assert kinds().keys() >= ASKED


def test_phone_numbers_begin_as_mobile_numbers_do() -> None:
    starts = {string[:2] for string in digit_strings(kinds()["phone"])}
    assert {"幺三", "一八"} <= starts


def test_a_reference_has_letters_and_digits_in_any_order() -> None:
    said = digit_strings(kinds()["order_no"])
    pairs = {first + second for string in said for first, second in pairwise(string)}
    assert {"九X", "X九", "PL", "零一"} <= pairs


def test_cities_are_known_by_their_nicknames() -> None:
    assert {"北京", "魔都"} <= set(phrases_of(kinds()["city"]))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("phone: {phrases: [1]}", "Expected `str`"),
        ("phone: {words: []}", "unknown field `words`"),
        ("seat: {also: [window]}", "window, which is no kind"),
        ("[", "while parsing"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_it(tmp_path: Path, written: str, reason: str) -> None:
    file = tmp_path / "context.yaml"
    file.write_text(written)
    with pytest.raises(BadTable, match=f"context.yaml.*{reason}"):
        kinds(file)
