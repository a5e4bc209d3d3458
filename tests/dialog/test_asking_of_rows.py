"""What is asked of a row takes it not yet; a yes after that does, and another name takes that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.business.provider import Business, Row

WASH = """\
intent: wash
title: 洗车
example: 洗车
slots:
  package:
    options:
      query: shop.packages
      value: id
      label: "{{ name }}（{{ price }}元，{{ minutes }}分钟）"
    ask: 洗哪种？
  phone: {type: phone, ask: 手机号？}
answer: {say: "{{ package.name }}"}
"""


def shop() -> Business:
    business = Business("shop")

    @business.query
    async def packages(_: object) -> list[Row]:
        named = (
            ("a", "标准洗", "39", "40"),
            ("b", "精洗", "89", "90"),
            ("c", "镀晶", "599", "240"),
        )
        return [{"id": i, "name": n, "price": p, "minutes": m} for i, n, p, m in named]

    return business


@pytest.mark.parametrize("asked", ["精洗多少钱", "精洗要多久", "第二个多少钱"])
@pytest.mark.parametrize(("said", "taken"), [("好", "精洗"), ("那就标准洗", "标准洗")])
async def test_the_row_that_is_asked_about_is_shown_before_it_is_taken(
    talk: Callable[..., Any], asked: str, said: str, taken: str
) -> None:
    washing = talk(WASH, business=shop())
    await washing.say("洗车", "wash")
    shown = await washing.say(asked)
    assert [button.label for button in shown.replies[0].buttons] == ["1. 精洗（89元，90分钟）"]
    assert "手机号" in (await washing.say(said, "affirm", sure=0.6)).replies[0].text
    assert taken in await washing.tell("13812345678")
