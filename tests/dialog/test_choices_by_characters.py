"""Fixed choices whose words are said in another order, or by others of the same meaning."""

from __future__ import annotations

import pytest

from engine.dialog.choices.choosing import meant
from engine.dialog.state.session import Offer

LABELS = ("商家退了钱", "协商好了", "不想追究了")
HOW = [Offer("how", str(at), label) for at, label in enumerate(LABELS)]
WANTED = [Offer("want", label, label) for label in ("退款", "换货", "赔偿")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("钱退给我了", ["0"]),
        ("商量好了", []),
        ("没退钱给我", []),
        ("钱退了吗", []),
        ("好了", []),
        ("退货", []),
    ],
)
def test_a_choice_is_said_in_another_order(text: str, values: list[str]) -> None:
    assert [offer.value for offer in meant(HOW, text, (), {})] == values


@pytest.mark.parametrize(("text", "value"), [("退钱", "退款"), ("赔钱吧", "赔偿")])
def test_a_choice_is_said_in_a_word_of_the_same_meaning(text: str, value: str) -> None:
    assert [offer.value for offer in meant(WANTED, text, (), {})] == [value]
