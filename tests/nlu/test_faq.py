"""Finding the entry that answers a question, on the company's own entries and questions unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import assets
from engine.dialog.scripts.loading import load
from engine.nlu.faq import Entry, Faq

HELDOUT = Path(__file__).parent / "heldout" / "faq.jsonl"
FLOOR, LEAD = 0.18, 0.04


@pytest.fixture(scope="module")
def faq() -> Faq:
    return load(assets.dialogs()).faqs["consult"]


@pytest.fixture(scope="module")
def questions() -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in HELDOUT.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["entry"]) for row in rows if row["entry"]]


def test_there_are_sixty_entries_and_each_says_where_it_is_written(faq: Faq) -> None:
    entries = list(faq)
    assert len(entries) >= 60
    assert all(len(entry.questions) >= 3 and "20" in entry.source for entry in entries)


def test_every_question_that_is_written_finds_its_own_entry(faq: Faq) -> None:
    missed = [
        question
        for entry in faq
        for question in entry.questions
        if faq.find(question)[0].entry.id != entry.id
    ]
    assert len(missed) <= 10, missed


def test_unseen_questions_find_their_entry_first_or_among_three(
    faq: Faq, questions: list[tuple[str, str]]
) -> None:
    found = [([m.entry.id for m in faq.find(text)], entry) for text, entry in questions]
    assert sum(ids[0] == entry for ids, entry in found) / len(found) >= 0.74
    assert sum(entry in ids for ids, entry in found) / len(found) >= 0.93


def test_above_the_floor_few_answers_are_wrong(faq: Faq, questions: list[tuple[str, str]]) -> None:
    sure = [(faq.find(text), entry) for text, entry in questions]
    sure = [
        (found, entry)
        for found, entry in sure
        if found[0].score >= FLOOR and found[0].score - found[1].score >= LEAD
    ]
    wrong = [entry for found, entry in sure if found[0].entry.id != entry]
    assert len(sure) / len(questions) >= 0.5
    assert len(wrong) / len(questions) <= 0.07, wrong


def test_a_question_that_shares_nothing_finds_nothing() -> None:
    faq = Faq([Entry("tea", ("茶多少钱",), "一壶 20 元。", "价目表")])
    assert faq.find("hello") == []
    assert faq.find("") == []


def test_entries_are_known_by_id() -> None:
    tea = Entry("tea", ("茶多少钱", "茶价"), "一壶 20 元。", "价目表")
    faq = Faq([tea])
    assert "tea" in faq
    assert "coffee" not in faq
    assert faq["tea"].title == "茶多少钱"
