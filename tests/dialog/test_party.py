"""Who joins a trip: names that no company knows, added and left out; one trip for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.business.provider import Business, Row

TRIP = """\
intent: join
title: 报团
example: 我要报团
slots:
  trip:
    options: {query: tours.trips, value: id, label: "{{ name }}（{{ days }}天）"}
    ask: 报哪个团？
  guest:
    type: person
    many: true
    ask: 哪几位？
    more: 已有{{ chosen|listed }}。还有吗？
  car: {ask: 坐什么车？, choices: [{value: s, label: 小型车}, {value: l, label: 大型车}]}
  gate: {ask: 哪个校区上车？, choices: [{value: e, label: 东校区}, {value: w, label: 西校区}]}
confirm: "{{ trip.name }} {{ guest|listed }} {{ car }} {{ gate }}，报吗？"
answer:
  effect: tours.join
  with: {trip: trip, guest: guest, car: car, gate: gate}
  say: 报好了。
"""
BEGUN = "我要报团"


@pytest.fixture
def say(talk: Callable[..., Any]) -> Callable[..., Any]:
    """Says several things to the agency; what was said back to the last one."""
    business = Business("tours")

    @business.query
    async def trips(_: object) -> list[Row]:
        named = (("a", "云南双飞", "5"), ("b", "哈尔滨冰雪", "4"), ("c", "黄山温泉", "3"))
        return [{"id": at, "name": name, "days": days} for at, name, days in named]

    @business.effect
    async def join(_: object, *, trip: str, guest: list[str], car: str, gate: str) -> Row:
        return {}

    conversation = talk(TRIP, business=business)

    async def tell(*texts: str, seems: str = "") -> str:
        for text in texts:
            intent = "join" if text == BEGUN else seems
            replies = (await conversation.say(text, intent, sure=0.85)).replies
        return str(replies[0].text)

    return tell


@pytest.mark.parametrize("more", ["还有王芳", "再加一个王芳", "加上王芳", "另外还有王芳", "王芳"])
async def test_a_name_is_added_to_those_who_were_named(say: Any, more: str) -> None:
    assert "已有张伟、王芳" in await say(BEGUN, "黄山", "张伟", more)


@pytest.mark.parametrize("gone", ["那李雷不去了", "李雷不去了", "李雷不要了"])
async def test_who_is_named_and_does_not_go_leaves_the_list_and_calls_nothing_off(
    say: Any, gone: str
) -> None:
    await say(BEGUN, "黄山", "张伟、李雷")
    assert "已有张伟。" in await say(gone, seems="cancel")


async def test_a_list_that_was_complete_is_read_back_when_somebody_leaves_it_or_comes(
    say: Any,
) -> None:
    await say(BEGUN, "黄山", "张伟、李雷")
    await say("没有了", "小型车", "东校区")
    assert "黄山温泉 张伟 " in await say("李雷不去了", seems="cancel")
    assert "黄山温泉 张伟、王芳 " in await say("再加一个王芳")


@pytest.mark.parametrize(
    "said", ["王芳、李雷和张伟三个人", "王芳和李雷、张伟", "我们，王芳、李雷和张伟三个人"]
)
async def test_everybody_of_a_list_is_heard(say: Any, said: str) -> None:
    assert "已有王芳、李雷、张伟" in await say(BEGUN, "黄山", said)


@pytest.mark.parametrize("changed", ["换成云南那个", "改成云南的", "换云南"])
async def test_a_choice_is_changed_by_a_part_of_another_ones_name(say: Any, changed: str) -> None:
    await say(BEGUN, "黄山", "张伟")
    await say("没有了", "小型车", "东校区")
    assert "云南双飞 张伟" in await say(changed)


@pytest.mark.parametrize(
    ("said", "car"), [("小车", "小型车"), ("大车吧", "大型车"), ("小型", "小型车")]
)
async def test_a_choice_is_known_by_its_first_and_last_character(
    say: Any, said: str, car: str
) -> None:
    await say(BEGUN, "黄山", "张伟")
    await say("没有了", said)
    assert f" {car} 西校区" in await say("西边")


async def test_characters_of_both_choices_choose_none(say: Any) -> None:
    await say(BEGUN, "黄山", "张伟")
    await say("没有了")
    assert "坐什么车" in await say("型车")
