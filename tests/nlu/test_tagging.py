"""Slots that people define by marking them in phrases."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from engine.nlu import dataset
from engine.nlu import model as models
from engine.nlu.errors import DatasetError
from engine.nlu.interpreter import Interpreter
from engine.nlu.recognizer import Recognizer
from engine.nlu.tagging import storage
from engine.nlu.tagging.chain import FEW, NEVER, Chain, Links
from engine.nlu.tagging.places import FIRST, FOLLOWS, LABELS, LAST, Places, labels_of, spans_of
from engine.nlu.tagging.values import Values
from engine.nlu.training import chain, emissions, slots
from engine.nlu.training.train import Order, train

PHRASES = """
version: "3.1"
nlu:
  - intent: play
    examples: |
{play}
  - intent: order
    examples: |
{order}
  - synonym: 麻婆豆腐
    examples: |
      - 麻豆
  - lookup: dish
    examples: |
      - 佛跳墙
      - 鱼香肉丝
  - regex: table
    examples: |
      - '\\d+号桌'
"""
SINGERS = ("周杰伦", "邓丽君", "王菲", "张学友", "那英", "刘德华", "孙楠", "田震", "腾格尔", "韩红")
DISHES = ("麻豆", "宫保鸡丁", "回锅肉", "小笼包", "酸辣汤", "水煮鱼")


@pytest.fixture(scope="module")
def tagged(order: Order, tmp_path_factory: pytest.TempPathFactory) -> Order:
    """An order for phrases with slots of our own."""
    folder = tmp_path_factory.mktemp("tagged")
    ways = ("放一首[{}](singer)的歌", "我想听[{}](singer)", "来一首[{}](singer)唱的")
    play = [f"      - {way.format(name)}" for way in ways for name in SINGERS]
    ways = ("点一份[{}](dish)", "我要吃[{}](dish)送到[3号桌](table)", "来两份[{}](dish)吧")
    dishes = [f"      - {way.format(name)}" for way in ways for name in DISHES]
    path = folder / "phrases.yml"
    path.write_text(PHRASES.format(play="\n".join(play), order="\n".join(dishes)), "utf-8")
    return dataclasses.replace(order, paths=[path])


@pytest.fixture(scope="module")
def folder(tagged: Order, recognizer: Recognizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    trained = train(tagged, recognizer=recognizer)
    folder = tmp_path_factory.mktemp("model")
    models.save(trained.model, trained.card, folder)
    return folder


@pytest.fixture(scope="module")
def taught(folder: Path, recognizer: Recognizer) -> Interpreter:
    return Interpreter(models.load(folder), recognizer)


def found(interpreter: Interpreter, text: str, order: Order) -> list[tuple[str, str | None]]:
    parse = interpreter.parse(text, now=order.now)
    return [(slot.type, slot.value) for slot in parse.slots]


def test_a_value_that_no_phrase_has_is_found_by_what_stands_around_it(
    taught: Interpreter, tagged: Order
) -> None:
    assert found(taught, "放一首蔡琴的歌", tagged) == [("singer", "蔡琴")]


def test_a_lookup_table_teaches_values(taught: Interpreter, tagged: Order) -> None:
    assert found(taught, "点一份佛跳墙", tagged) == [("dish", "佛跳墙")]


def test_a_pattern_is_a_clue(taught: Interpreter, tagged: Order) -> None:
    assert ("table", "18号桌") in found(taught, "我要吃酸辣汤送到18号桌", tagged)


def test_a_synonym_gives_the_value(taught: Interpreter, tagged: Order) -> None:
    assert found(taught, "点一份麻豆", tagged) == [("dish", "麻婆豆腐")]


def test_scripts_meet_the_slots_among_the_entities(taught: Interpreter, tagged: Order) -> None:
    parse = taught.parse("我要吃水煮鱼送到3号桌", now=tagged.now)
    assert [(e.type, e.text) for e in parse.entities if e in parse.slots] == [
        ("dish", "水煮鱼"),
        ("table", "3号桌"),
    ]


def test_a_phrase_without_slots_has_none(taught: Interpreter, tagged: Order) -> None:
    assert found(taught, "谢谢", tagged) == []


def test_the_same_seed_makes_the_same_tagger(
    tagged: Order, recognizer: Recognizer, folder: Path
) -> None:
    again = train(tagged, recognizer=recognizer).model.tagger
    assert again is not None
    for name, content in storage.written(again).items():
        assert content == (folder / name).read_bytes()


@pytest.mark.parametrize("name", [storage.TABLES, storage.TEXTS])
def test_a_changed_file_of_a_tagger_is_refused(folder: Path, name: str, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(models.ModelError, match="is not the file its card describes"):
        models.load(tmp_path)


def test_tables_that_do_not_fit_the_texts_are_refused(folder: Path) -> None:
    contents = {name: (folder / name).read_bytes() for name in (storage.TABLES, storage.TEXTS)}
    texts = json.loads(contents[storage.TEXTS])
    texts["features"].pop()
    with pytest.raises(ValueError, match="does not fit"):
        storage.read(contents | {storage.TEXTS: json.dumps(texts).encode()})


def test_a_wrong_pattern_is_one_line_that_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "phrases.yml"
    path.write_text("nlu:\n  - regex: table\n    examples: |\n      - '('\n", "utf-8")
    with pytest.raises(DatasetError, match=r"phrases\.yml:4: the regex"):
        dataset.hints([path], [])


def test_labels_and_spans_mean_the_same() -> None:
    for places in ([], [(0, 1)], [(0, 2), (2, 3), (4, 7)]):
        assert spans_of(labels_of(7, places)) == places


def test_the_best_labels_are_those_of_the_highest_sum() -> None:
    links = Links(np.array([[0, -5], [0, 0]], "f4"), np.zeros(2, "f4"), np.zeros(2, "f4"))
    assert Chain(links).best(np.array([[1, 0], [0, 2], [0, 1]], "f4")) == [1, 1, 1]
    assert Chain(links).best(np.zeros((0, 2), "f4")) == []


@pytest.mark.parametrize("count", [3, FEW + 1])
def test_few_and_many_labels_are_put_in_order_alike(count: int) -> None:
    random = np.random.default_rng(count)
    emissions = random.normal(size=(4, count)).astype("f4")
    steps = random.normal(size=(count, count)).astype("f4")
    steps[0, 1] = NEVER
    links = Links(steps, random.normal(size=count).astype("f4"), np.zeros(count, "f4"))

    def score(path: tuple[int, ...]) -> float:
        here = sum(emissions[at, label] for at, label in enumerate(path))
        return float(here + links.first[path[0]] + sum(steps[a, b] for a, b in pairwise(path)))

    best = max(product(range(count), repeat=len(emissions)), key=score)
    assert Chain(links).best(emissions) == list(best)


def test_the_written_out_steps_of_places_find_what_a_chain_finds() -> None:
    random = np.random.default_rng(7)
    steps = np.full((LABELS, LABELS), NEVER, "f4")
    for label, following in FOLLOWS.items():
        # Few different scores, so that some ways are equally good.
        steps[label, list(following)] = random.integers(-2, 3, len(following))
    first, last = (np.full(LABELS, NEVER, "f4") for _ in range(2))
    first[list(FIRST)], last[list(LAST)] = 0.5, 0.25
    links = Links(steps, first, last)
    for size in (0, 1, 2, 9, 40):
        for _ in range(20):
            emissions = random.integers(-3, 4, (size, LABELS)).astype("f4")
            assert Places(links).best(emissions) == Chain(links).best(emissions)


@pytest.mark.parametrize("many", [3, 2])
def test_the_slope_of_a_chain_is_that_of_its_likelihood(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emissions, "MANY", many)
    random = np.random.default_rng(1)
    vectors = random.random((9, 4)) * (random.random((9, 4)) < 0.5)
    allowed = chain.Allowed.everything(3)
    labels = random.integers(0, 3, 9)
    problem = chain.Problem(chain.sparse.csr_matrix(vectors), labels, [2, 4, 3], allowed, 0.1)
    assert (problem.emissions.size == 4 * 3) == (many == 3)
    theta = random.normal(size=problem.size)
    _, slope = problem(theta)
    step = 1e-6
    for index in range(len(theta)):
        there, back = theta.copy(), theta.copy()
        there[index] += step
        back[index] -= step
        rise = (problem(there)[0] - problem(back)[0]) / (2 * step)
        assert slope[index] == pytest.approx(rise, abs=1e-5)


def test_a_value_that_only_this_phrase_has_is_not_known_to_it() -> None:
    values = Values.of([("蔡琴", "singer"), ("王菲", "singer"), ("王菲", "singer")])
    assert values.find("听蔡琴", [("蔡琴", "singer")]) == []
    assert values.find("听王菲", [("王菲", "singer")]) == [(1, 3, "singer")]
    assert values.find("听蔡琴") == [(1, 3, "singer")]


def test_of_slots_that_overlap_the_longest_are_learned() -> None:
    assert slots.apart([(0, 2, "a"), (1, 5, "b"), (5, 6, "c")]) == [(1, 5, "b"), (5, 6, "c")]


def test_a_slot_counts_when_place_and_type_are_right() -> None:
    truth = [[(0, 2, "a")], [(1, 2, "b")], []]
    guess = [[(0, 2, "a")], [(1, 2, "c")], [(0, 1, "a")]]
    assert slots.f1(truth, guess) == pytest.approx(2 * 1 / (2 + 3))
