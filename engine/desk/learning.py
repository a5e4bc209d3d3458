"""Words that were not understood, and what a person says they mean: phrases for `banli train`."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.desk.errors import BadPhrase
from engine.dialog.scripts.loading import Scripts
from engine.nlu import rasa
from engine.nlu.parse import OUT_OF_SCOPE
from engine.store import Store, conversation
from engine.store.conversation import Doubt

#: In place of numbers that the log has masked: made up, and of the same kind.
_PHONE, _ID_NUMBER = "13812345678", "11010119900307002X"
_MASKED_PHONE = re.compile(r"1[3-9]\d\*{4}\d{4}")
_MASKED_ID = re.compile(r"\d{6}\*{7,8}\d{3,4}[Xx]?")
_MASKED = re.compile(r"(?<=\d)\*+(?=\d)")
#: Marks of the phrases' own format.
_MARKS = re.compile(r"[\[\](){}]")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Meaning:
    """An intent that a clerk may choose, with the name that people know it by."""

    intent: str
    title: str


Meanings = Callable[[], Mapping[str, tuple[Meaning, ...]]]


def meanings_of(scripts: Scripts) -> tuple[Meaning, ...]:
    """What words may mean: the businesses and the acts of the dialog."""
    businesses = [Meaning(script.intent, script.title) for script in scripts.by_intent.values()]
    acts = [Meaning(intent, title) for intent, title in scripts.phrases.desk.acts.items()]
    return (*businesses, *acts)


class Learning:
    """The list of doubtful words, and the file that what is said about them is written to.

    ``meanings`` gives the intents by account. One process writes the file.
    """

    def __init__(self, store: Store, file: Path, meanings: Meanings) -> None:
        self._store = store
        self._file = file
        self._writing = asyncio.Lock()
        self.meanings = meanings

    async def doubts(self) -> list[Doubt]:
        """What waits for a person, the commonest first; masked."""
        async with self._store.reading() as connection:
            return await conversation.doubtful(connection)

    async def settle(self, *, account: str, text: str, intent: str) -> None:
        """Say what words mean; empty: they teach nothing. Raises `BadPhrase`."""
        known = {meaning.intent for meaning in self.meanings().get(account, ())}
        if intent not in known | {OUT_OF_SCOPE, ""}:
            raise BadPhrase("没有这个意图")
        phrase = as_phrase(text)
        if intent and not phrase:
            raise BadPhrase("这句话太长或者没有内容，学不了")
        async with self._writing, self._store.writing() as connection:
            if not await conversation.settle(connection, account=account, text=text):
                raise BadPhrase("这句话已经处理过了")
            if intent:
                # In the transaction: words that cannot be written stay on the list.
                await asyncio.to_thread(_add, self._file, intent, phrase)


def as_phrase(text: str) -> str:
    """Words as they are trained: one line, with made-up numbers in place of masked ones.

    >>> as_phrase("给138****5678充（一百）")
    '给13812345678充一百'
    """
    text = _MASKED_PHONE.sub(_PHONE, _MASKED_ID.sub(_ID_NUMBER, text))
    text = _MASKED.sub(lambda stars: "1" * len(stars[0]), text)
    text = " ".join(_MARKS.sub("", text.replace("（", "").replace("）", "")).split())
    return text.lstrip("-#").strip() if len(text) <= _LONGEST else ""


def _add(file: Path, intent: str, phrase: str) -> None:
    """Write the file anew with one phrase more; a phrase has the intent that was said last."""
    taught: dict[str, str] = {}
    if file.exists():
        read = rasa.examples_of(file, file.read_text(encoding="utf-8"))
        taught = {example.text: example.intent for example in read}
    taught[phrase] = intent
    lines = ["# Written by the desk: what customers said, and what clerks say it means.", "nlu:"]
    for name in sorted(set(taught.values())):
        lines += [f"  - intent: {name}", "    examples: |"]
        lines += [f"      - {text}" for text, meant in taught.items() if meant == name]
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text("\n".join(['version: "3.1"', *lines, ""]), encoding="utf-8")
    os.replace(fresh, file)
