"""Which of the businesses that a message resembles is meant by what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.dialog.moment.fitting import fitted
from engine.dialog.scripts import loading
from engine.nlu.grammar import find_entities
from engine.nlu.parse import Intent, Parse

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

STORE = """\
intent: store
title: 寄存行李
example: 存两个箱子
slots:
  pieces: {type: number, ask: 几件？}
  date: {type: date, ask: 哪天来存？}
  time: {type: time, ask: 几点到？}
  days: {type: number, ask: 存几天？}
  name: {type: person, ask: 姓名？}
  phone: {type: phone, ask: 手机号？}
answer: {say: "{{ pieces }} {{ date }} {{ time }} {{ days }} {{ name }} {{ phone }}"}
"""
EXTEND = """\
intent: extend
title: 延长寄存
example: 行李再存两天
slots:
  more: {type: number, ask: 再存几天？}
answer: {say: "{{ more }}"}
"""
CANCEL = """\
intent: cancel_store
title: 取消寄存
example: 行李不存了
slots:
  phone: {type: phone, ask: 手机号？}
answer: {say: "{{ phone }}"}
"""
ALL = "明天上午十点存3件，存两天，我叫李雷，电话13900139000"


@pytest.fixture
def meant(folder: Callable[..., Path]) -> Callable[..., str]:
    scripts = loading.load(folder(store=STORE, extend=EXTEND, cancel=CANCEL))

    def find(text: str, **likely: float) -> str:
        ranking = tuple(Intent(name, chance) for name, chance in likely.items())
        entities = tuple(find_entities(text, now=NOW))
        return fitted(Parse(text, ranking[0], ranking, entities), scripts).intent.name

    return find


def test_what_only_one_business_has_room_for_is_meant_for_it(meant: Any) -> None:
    assert meant(ALL, extend=0.57, store=0.18) == "store"


@pytest.mark.parametrize("likely", [{"extend": 0.97, "store": 0.03}, {"extend": 0.9}])
def test_words_that_resemble_one_business_alone_mean_it(meant: Any, likely: Any) -> None:
    assert meant(ALL, **likely) == "extend"


def test_what_tells_which_order_it_is_begins_no_new_one(meant: Any) -> None:
    assert meant(f"{ALL}的那单延长一下", extend=0.57, store=0.3) == "extend"


@pytest.mark.parametrize(
    "said", ["明天存的行李去不成了", "箱子那个用不上了", "那天加班存不成了", "行李不存，取消"]
)
def test_what_is_not_to_be_is_taken_back(meant: Any, said: str) -> None:
    assert meant(said, store=0.7, cancel_store=0.2) == "cancel_store"


def test_a_wish_is_not_taken_back_without_words_for_it(meant: Any) -> None:
    assert meant("明天存行李", store=0.7, cancel_store=0.2) == "store"


@pytest.mark.parametrize(("said", "task"), [("代存", "store"), ("行李弄错了", "cancel_store")])
def test_what_takes_something_back_is_not_meant_without_a_sign_of_it(
    meant: Any, said: str, task: str
) -> None:
    assert meant(said, cancel_store=0.9, store=0.07) == task


@pytest.mark.parametrize(
    ("said", "likely", "task"),
    [(ALL, 0.4, "store"), (ALL, 0.1, "out_of_scope"), ("明天上午十点", 0.4, "out_of_scope")],
)
def test_words_like_nothing_mean_what_they_hold_all_values_for(
    folder: Callable[..., Path], said: str, likely: float, task: str
) -> None:
    scripts = loading.load(folder(store=STORE, cancel=CANCEL))
    ranking = (Intent("store", likely), Intent("cancel_store", 0.01))
    parse = Parse(said, Intent("out_of_scope", 0.9), ranking, tuple(find_entities(said, now=NOW)))
    assert fitted(parse, scripts).intent.name == task


@pytest.mark.parametrize(("said", "task"), [(ALL, "store"), ("明天有人吗", "handoff")])
def test_what_only_resembles_a_call_for_a_person_is_what_it_holds_values_for(
    folder: Callable[..., Path], said: str, task: str
) -> None:
    scripts = loading.load(folder(store=STORE, cancel=CANCEL))
    ranking = (Intent("handoff", 0.98), Intent("store", 0.01))
    parse = Parse(said, ranking[0], ranking, tuple(find_entities(said, now=NOW)))
    assert fitted(parse, scripts).intent.name == task


@pytest.mark.parametrize(
    ("said", "likely", "task"),
    [
        ("周日那次我感冒了去不成了", {"chitchat": 0.4, "cancel_store": 0.1}, "cancel_store"),
        ("约的那单不要了", {"cancel": 0.8, "cancel_store": 0.05, "store": 0.01}, "cancel_store"),
        ("约的那单不要了", {"cancel": 0.8, "store": 0.05}, "cancel"),
        ("约的那单不要了", {"cancel": 0.8, "cancel_store": 0.01}, "cancel"),
        ("帮我取消", {"cancel": 0.8, "cancel_store": 0.1}, "cancel"),
        ("那次我去了", {"chitchat": 0.4, "cancel_store": 0.1}, "chitchat"),
    ],
)
def test_what_was_made_and_is_not_to_be_is_taken_back_though_it_sounds_like_an_act(
    meant: Any, said: str, likely: dict[str, float], task: str
) -> None:
    assert meant(said, **likely) == task
