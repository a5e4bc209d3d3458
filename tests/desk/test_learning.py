"""What clerks say that words mean becomes phrases that can be trained."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.desk.errors import BadPhrase
from engine.desk.learning import Learning, Meaning, as_phrase
from engine.nlu import dataset
from engine.store import Store, conversation
from engine.store.conversation import Line

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@pytest.fixture
async def learning(store: Store, tmp_path: Path) -> Learning:
    lines = [
        Line(author="customer", text=text, at=NOW, intent="topup", confidence=0.4, is_doubtful=True)
        for text in ("给138****5678冲点", "给138****5678冲点", "- 天气[好]吗")
    ]
    async with store.writing() as connection:
        await conversation.add(connection, lines, account="demo", openid="o")
    meanings = (Meaning("topup", "充话费"), Meaning("greet", "问好"))
    return Learning(store, tmp_path / "home" / "desk.yml", lambda: {"demo": meanings})


async def test_words_that_were_hardly_understood_wait_for_a_meaning(learning: Learning) -> None:
    first, second = await learning.doubts()
    assert (first.text, first.times, first.intent) == ("给138****5678冲点", 2, "topup")
    assert second.times == 1


async def test_a_meaning_becomes_a_phrase_that_training_reads(
    learning: Learning, tmp_path: Path
) -> None:
    await learning.settle(account="demo", text="给138****5678冲点", intent="topup")
    await learning.settle(account="demo", text="- 天气[好]吗", intent="out_of_scope")
    read = dataset.read([tmp_path / "home" / "desk.yml"])
    assert {(each.text, each.intent) for each in read} == {
        ("给13812345678冲点", "topup"),
        ("天气好吗", "out_of_scope"),
    }
    assert await learning.doubts() == []


async def test_what_teaches_nothing_leaves_the_list_and_no_file(
    learning: Learning, tmp_path: Path
) -> None:
    await learning.settle(account="demo", text="- 天气[好]吗", intent="")
    assert len(await learning.doubts()) == 1
    assert not (tmp_path / "home" / "desk.yml").exists()


@pytest.mark.parametrize(
    ("account", "text", "intent"),
    [
        ("demo", "给138****5678冲点", "nonsense"),
        ("other", "给138****5678冲点", "topup"),
        ("demo", "没有说过的话", "topup"),
    ],
)
async def test_what_cannot_be_learned_is_refused(
    learning: Learning, account: str, text: str, intent: str
) -> None:
    with pytest.raises(BadPhrase):
        await learning.settle(account=account, text=text, intent=intent)
    assert len(await learning.doubts()) == 2


def test_masked_numbers_become_made_up_ones_of_their_kind() -> None:
    assert as_phrase("给139****0000充五十") == "给13812345678充五十"
    assert as_phrase("证件110101********002X") == "证件11010119900307002X"
    assert as_phrase("票号999****7890") == "票号99911117890"
    assert as_phrase("长" * 80) == ""
