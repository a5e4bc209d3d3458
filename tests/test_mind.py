"""What an account understands with, where it listens."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine import assets
from engine.dialog.scripts import loading
from engine.message import Inbound, Kind
from engine.mind import Mind, holding
from engine.nlu.interpreter import Interpreter
from engine.speech.expected import Expected
from engine.speech.heard import Heard

NOW = datetime.fromisoformat("2026-11-23T10:00+08:00")
MESSAGE = Inbound(account="a", openid="o", key="k", at=NOW, kind=Kind.VOICE, media_id="8k")


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter.load(assets.models() / "nlu", lexicons=assets.data() / "lexicons")


class Ears:
    """Hears a text that sounds like a city, and the city."""

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008
        city = Heard(text="去长安", confidence=0.2)
        return Heard(text="起床了", confidence=0.3, others=(city,))


async def fetch(media_id: str) -> bytes:
    return media_id.encode()


@pytest.mark.parametrize(
    ("kinds", "heard"),
    [
        ({"city"}, "去长安"),
        ({"money"}, "起床了"),
        ({"city", "yes_no"}, "起床了"),
        (set(), "起床了"),
    ],
)
async def test_an_answer_is_heard_where_its_kind_is_asked_for_and_no_yes(
    interpreter: Interpreter, kinds: set[str], heard: str
) -> None:
    mind = Mind(interpreter, loading.load(assets.dialogs()))
    expected = Expected(frozenset(kinds))
    voice = await mind.listen(MESSAGE, expected, ears=Ears(), fetch=fetch, now=NOW)
    assert voice.heard is not None
    assert voice.heard.text == heard


async def test_a_message_that_was_not_heard_has_its_trouble(interpreter: Interpreter) -> None:
    mind = Mind(interpreter, loading.load(assets.dialogs()))
    voice = await mind.listen(MESSAGE, Expected(), ears=None, fetch=None, now=NOW)
    assert (voice.heard, voice.trouble) == (None, "no_ears")


@pytest.mark.parametrize(
    ("kinds", "text", "holds"),
    [
        ({"date", "city"}, "二月七号", True),
        ({"date"}, "起床了", False),
        ({"date", "yes_no"}, "起床了", True),
        (set(), "起床了", True),
    ],
)
def test_a_text_holds_what_is_asked_for(
    interpreter: Interpreter, kinds: set[str], text: str, holds: bool
) -> None:
    assert holding(interpreter, Expected(frozenset(kinds)), NOW)(text) is holds
