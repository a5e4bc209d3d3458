"""What comes of voice messages, with ears that hear what a file says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine import assets
from engine.bench.server import BenchError
from engine.bench.understood import listen, messages_in
from engine.dialog.scripts import loading
from engine.nlu.interpreter import Interpreter
from engine.speech.ears import Ears
from engine.speech.errors import Unheard
from engine.speech.expected import Expected
from engine.speech.heard import Heard, Word

NOW = datetime.fromisoformat("2026-11-23T10:00+08:00")


class Reading(Ears):
    """Hears the text of a file, as sure as its last line says; remembers what was expected."""

    def __init__(self) -> None:
        self.expected: list[Expected] = []

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008
        self.expected.append(expected)
        text, _, sure = upload.decode().partition("\n")
        if not text:
            raise Unheard(seconds=1.0)
        confidence = float(sure or 1)
        return Heard(text=text, confidence=confidence, words=(Word(text, 0, 1, confidence),))


def manifest(folder: Path, *rows: tuple[str, str, str, str, str]) -> Path:
    """Rows of what is heard, text, kind, intent and slots."""
    lines = ["file\ttext\tkind\tintent\tslots"]
    for number, (heard, *rest) in enumerate(rows):
        (folder / f"{number}.amr").write_text(heard, encoding="utf-8")
        lines.append("\t".join([f"{number}.amr", *rest]))
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "manifest.tsv"


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter.load(assets.models() / "nlu", lexicons=assets.data() / "lexicons")


async def test_intents_and_slots_are_counted_by_kind(
    tmp_path: Path, interpreter: Interpreter
) -> None:
    phone = '{"phone": "13812345678"}'
    rows = manifest(
        tmp_path,
        ("幺三八幺二三四五六七八", "幺三八，幺二三四五六七八", "phone", "", phone),
        ("幺三八幺二三四五六七九\n0.3", "幺三八幺二三四五六七八", "phone", "", phone),
        ("幺三八幺二三四五六七九", "幺三八幺二三四五六七八", "phone", "", phone),
        ("", "幺三八幺二三四五六七八", "phone", "", phone),
        ("我话费还剩多少", "我话费还剩多少", "task", "query_balance", "{}"),
    )
    ears = Reading()
    scripts = loading.load(assets.dialogs())
    outcome = await listen(messages_in(rows), ears, interpreter, scripts, now=NOW)
    phones, tasks = outcome.kinds["phone"], outcome.kinds["task"]
    assert (phones.messages, phones.same, phones.slots_right) == (4, 1, 1)
    # Not sure enough and not heard at all; the third would be acted on.
    assert (phones.caught, phones.unheard) == (2, 1)
    assert (tasks.intents_right, tasks.intents) == (1, 1)
    assert outcome.whole().messages == 5
    assert ears.expected[0].kinds == {"phone"}
    assert not ears.expected[-1].kinds


def test_a_manifest_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"manifest\.tsv cannot be used"):
        messages_in(tmp_path / "manifest.tsv")
    (tmp_path / "manifest.tsv").write_text("file\ttext\na\tb\n", encoding="utf-8")
    with pytest.raises(BenchError, match="kind"):
        messages_in(tmp_path / "manifest.tsv")
