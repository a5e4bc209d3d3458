from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.speech.language.building import Built, Recipe, built
from engine.speech.language.counting import estimated
from engine.speech.language.ngrams import BEGIN, read_arpa, write_arpa
from engine.speech.language.pruning import graph_bytes
from engine.speech.lexicon import lexicon

#: What other people write about: open text, in which the business is rare.
GENERAL = [
    (("镜头", "直击", "现场"), 5.0),
    (("直击", "现场"), 5.0),
    (("一", "个", "过", "航", "标志"), 1.0),
]
GENERAL_WORDS = sorted({word for words, _ in GENERAL for word in words})


TABLES = {
    "cities.tsv": "code\tname\taliases\nBJS\t北京\t京城\n",
    "airports.tsv": "code\tname\taliases\nPEK\t首都机场\t\n",
    "airlines.tsv": "code\tname\taliases\nCA\t国航\t\nMU\t东航\t\n",
    "surnames.txt": "王\n李\n",
}
LISTS = {
    "given_names.txt": "建国 娜\n",
    "words.txt": "值机 话费 手机号\n",
    "phrases.yml": "- weight: 20\n  lines: ['{phone}', '(办|查){flight}', '我叫{person}']\n",
}


def folder(place: Path) -> Path:
    """A small company's data: its names, its words, its templates."""
    for name, files in (("lexicons", TABLES), ("speech", LISTS)):
        (place / name).mkdir(parents=True)
        for file, text in files.items():
            (place / name / file).write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Built:
    place = folder(tmp_path_factory.mktemp("data"))
    texts = place / "own.txt"
    texts.write_text("我要值机\n帮我办国航1234的值机\n充50元话费\n對\n", encoding="utf-8")
    recipe = Recipe(place, (texts,), most_words=0)
    return built(recipe, estimated(GENERAL, GENERAL_WORDS), progress=lambda _: None)


def test_every_word_of_the_model_is_in_the_lexicon(done: Built) -> None:
    assert done.model.vocabulary - {BEGIN, "</s>"} == done.lexicon.keys()


def test_text_in_other_characters_is_left_out_and_named(done: Built) -> None:
    assert "對" in done.unused
    assert "我要值机" not in done.unused


@pytest.mark.parametrize(
    ("history", "ours", "theirs"),
    [(("我要",), "值机", "直击"), (("的",), "值机", "直击"), (("办",), "国航", "直击")],
)
def test_the_words_of_the_business_win(
    done: Built, history: tuple[str, ...], ours: str, theirs: str
) -> None:
    assert done.model.log10(history, ours) > done.model.log10(history, theirs)


def test_digits_follow_digits_cheaply(done: Built) -> None:
    for one in "幺三五八零":
        for other in "二四六七九":
            assert done.model.log10((one,), other) > -2


def test_the_model_keeps_to_its_size(tmp_path: Path) -> None:
    recipe = Recipe(folder(tmp_path), (), most_words=0, most_bytes=20_000)
    assert graph_bytes(built(recipe, None, progress=lambda _: None).model) <= 20_000


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["speech", *arguments])
    return result.exit_code, result.output


def test_the_command_writes_a_lexicon_and_a_model(tmp_path: Path) -> None:
    write_arpa(estimated(GENERAL, GENERAL_WORDS), tmp_path / "general.arpa.gz")
    text = tmp_path / "own.txt"
    text.write_text("我要值机\n", encoding="utf-8")
    options = ["--out", str(tmp_path / "out"), "--text", str(text), "--test", str(text)]
    options += ["--arpa", str(tmp_path / "general.arpa.gz"), "--words", "0"]
    options += ["--data", str(folder(tmp_path / "data"))]
    status, output = run("lm", *options)
    assert status == 0, output
    assert "1 sentences, 0 with other words" in output
    words = lexicon.read(tmp_path / "out" / "lexicon.tsv")
    model = read_arpa(tmp_path / "out" / "lm.arpa.gz")
    assert model.vocabulary - {BEGIN, "</s>"} == words.keys()


def test_a_general_model_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "novel.arpa").write_text("long ago\n", encoding="utf-8")
    status, output = run("lm", "--out", str(tmp_path), "--arpa", str(tmp_path / "novel.arpa"))
    assert status == 1
    assert output.count("\n") == 1
    assert "novel.arpa" in output


def test_a_dump_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "dump").write_text("", encoding="utf-8")
    options = (str(tmp_path / "dump"), "--out", str(tmp_path / "a.arpa"), "--words", str(tmp_path))
    status, output = run("arpa", *options)
    assert status == 1
    assert output.count("\n") == 1
