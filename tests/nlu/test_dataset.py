"""Phrase files are read as they are meant, and what is wrong in them is named by file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.nlu import dataset
from engine.nlu.errors import DatasetError
from engine.nlu.example import Annotation

NO_RESET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, content: str, name: str = "phrases.yml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_marks_become_entities_at_their_place_in_the_plain_text(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "nlu:\n- intent: checkin\n  examples: |\n"
        "    - 办[明儿](date:2026-11-24)从[上海](city)"
        '到[魔都]{"entity": "city", "value": "上海"}的值机\n',
    )
    [example] = dataset.read([path])
    assert example.text == "办明儿从上海到魔都的值机"
    assert example.entities == (
        Annotation("date", 1, 3, "2026-11-24"),
        Annotation("city", 4, 6),
        Annotation("city", 7, 9, "上海"),
    )


def test_every_example_knows_its_line(tmp_path: Path) -> None:
    content = (
        "version: '3.1'\nnlu:\n# 值机\n- intent: a\n  examples: |\n\n    - 一\n    # 注\n    - 二\n"
    )
    assert [e.line for e in dataset.read([written(tmp_path, content)])] == [7, 9]


def test_a_slip_in_the_name_of_a_section_is_not_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "nlu:\n- intent: a\n  examples: |\n    - 早\n- intnt: b\n")
    with pytest.raises(DatasetError, match=r"phrases\.yml:5: .*not intnt"):
        dataset.read([path])


def test_other_sections_are_passed_over(tmp_path: Path) -> None:
    content = (
        "nlu:\n- synonym: 上海\n  examples: |\n    - 魔都\n"
        "- lookup: city\n  examples: |\n    - 北京\n"
        "- regex: zip\n  examples: |\n    - \\d{6}\n"
        "- intent: a\n  examples:\n  - text: 你好\n  - 早\n"
        "rules: []\n"
    )
    assert [(e.intent, e.text) for e in dataset.read([written(tmp_path, content)])] == [
        ("a", "你好"),
        ("a", "早"),
    ]


def test_a_folder_stands_for_its_phrase_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path, '{"text": "二", "intent": "b"}\n\n', "z.jsonl")
    written(tmp_path / "deep", "nlu:\n- intent: a\n  examples: |\n    - 一\n", "a.yaml")
    written(tmp_path, "no phrases", "README.md")
    assert [e.text for e in dataset.read([tmp_path])] == ["一", "二"]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("nlu:\n- intent: a\n  examples: |\n    - 一\n    二\n", 5, "must start with '- '"),
        ("nlu:\n- intent: a\n", 2, "no examples"),
        ("nlu:\n  intent: a\n", 2, "a list is expected"),
        ("nlu:\n- intent: [a]\n", 2, "plain text is expected"),
        ("nlu:\n- 你好\n", 2, "a mapping is expected"),
        ("nlu:\n- intent: a\n  examples:\n  - metadata: x\n", 4, "no text"),
        ('nlu:\n- intent: a\n  examples: |\n    - [一]{"type": "x"}\n', 4, "not valid"),
        ("nlu:\n- intent: a\n   examples: x\n", 3, "not valid YAML"),
        ("nlu: \x00", 0, "not valid YAML"),
    ],
)
def test_a_wrong_line_of_yaml_is_named(tmp_path: Path, content: str, line: int, words: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DatasetError, match=words) as caught:
        dataset.read([path])
    assert (caught.value.path, caught.value.line) == (path, line)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "malformed|truncated"),
        ('{"text": "一"}', "intent"),
        ('{"text": " ", "intent": "a"}', "an example is empty"),
        ('{"text": "一", "intent": ""}', "no intent"),
        (
            '{"text": "一", "intent": "a", "entities": [{"type": "x", "start": 0, "end": 2}]}',
            "outside the text",
        ),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = written(tmp_path, f'{{"text": "好", "intent": "a"}}\n{row}\n', "rows.jsonl")
    with pytest.raises(DatasetError, match=f"{path}:2: .*({words})"):
        dataset.read([path])


@pytest.mark.parametrize("name", ["missing.yml", "phrases.txt", "empty.yml"])
def test_a_path_without_phrases_is_named(tmp_path: Path, name: str) -> None:
    written(tmp_path, "", "phrases.txt")
    written(tmp_path, "", "empty.yml")
    with pytest.raises(DatasetError, match=name):
        dataset.read([tmp_path / name])


def test_bytes_that_are_no_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "phrases.yml"
    path.write_bytes("nlu: 你好".encode("gbk"))
    with pytest.raises(DatasetError, match=r"phrases\.yml: cannot be read as UTF-8"):
        dataset.read([path])


@NO_RESET
@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_any_row_is_read_back_as_it_was_written(tmp_path: Path, text: str, intent: str) -> None:
    row = {
        "text": text,
        "intent": intent,
        "entities": [{"type": "t", "start": 0, "end": len(text)}],
    }
    path = written(tmp_path, json.dumps(row) + "\n", "rows.jsonl")
    [example] = dataset.read([path])
    assert (example.text, example.intent) == (text, intent)
    assert example.entities == (Annotation("t", 0, len(text)),)


PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="[]")
)


@NO_RESET
@given(st.lists(st.tuples(PLAIN, PLAIN.filter(bool)), min_size=1, max_size=4))
def test_marks_never_change_what_is_said(tmp_path: Path, parts: list[tuple[str, str]]) -> None:
    marked = "值" + "".join(f"{before}[{entity}](kind)" for before, entity in parts)
    path = written(tmp_path, f"nlu:\n- intent: a\n  examples: |\n    - {marked}\n")
    [example] = dataset.read([path])
    assert example.text == "值" + "".join(before + entity for before, entity in parts)
    named = [example.text[e.start : e.end] for e in example.entities]
    assert named == [entity for _, entity in parts]
