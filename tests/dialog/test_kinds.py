"""Several of the businesses that one intent means, in one wish."""

from __future__ import annotations

import pytest

from engine import assets
from engine.dialog.rules.kinds import wishes_of
from engine.dialog.scripts.loading import load

SCRIPTS = load(assets.dialogs())


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("余额提醒和航班提醒都开", ["余额提醒和提醒都开", "提醒和航班提醒都开"]),
        ("余额提醒开一下", []),
        ("余额提醒和话费提醒都开", []),
        ("航班延误和登机口变了都告诉我", []),
    ],
)
def test_each_kind_that_is_named_is_a_wish(text: str, wishes: list[str]) -> None:
    script = SCRIPTS.by_intent["subscribe_notice"]
    assert wishes_of(text, script, SCRIPTS.phrases) == wishes


def test_choices_that_hand_over_to_nobody_are_one_wish() -> None:
    script = SCRIPTS.by_intent["pay_bill"]
    assert wishes_of("手机和宽带的都交", script, SCRIPTS.phrases) == []
