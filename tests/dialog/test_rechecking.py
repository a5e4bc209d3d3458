"""Rules that weigh what has changed since they were tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.business.provider import Business, Row

RENT = """\
intent: rent
title: 租工具
example: 租工具
slots:
  tool:
    options: {query: shop.tools, value: id, label: "{{ name }}（押金{{ deposit }}元）"}
    ask: 租哪一种？
    called: [工具]
  pay:
    type: money
    ask: 押金先付多少？
    called: [押金]
    check:
      - {when: pay > tool.deposit, say: "押金只要 {{ tool.deposit }} 元。"}
confirm: "租{{ tool.name }}，押金 {{ pay }} 元，租吗？"
answer:
  effect: shop.rent
  with: {tool: tool, pay: pay}
  say: 租好了。
"""


def shop() -> Business:
    business = Business("shop")

    @business.query
    async def tools(_: object) -> list[Row]:
        named = (("a", "切割机", "500"), ("b", "电锤", "300"))
        return [{"id": at, "name": name, "deposit": deposit} for at, name, deposit in named]

    @business.effect
    async def rent(_: object, *, tool: str, pay: str) -> Row:
        return {}

    return business


async def test_what_does_not_fit_a_changed_row_any_more_is_asked_again(
    talk: Callable[..., Any],
) -> None:
    renting = talk(RENT, business=shop())
    await renting.say("租工具", "rent")
    assert "切割机，押金 500 元" in await renting.tell("切割机", "500")
    assert await renting.tell("工具换成电锤") == "押金只要 300 元。\n押金先付多少？"
    assert "电锤，押金 200 元" in await renting.tell("200")
    assert "租好了" in await renting.tell("好")


async def test_what_still_fits_stays(talk: Callable[..., Any]) -> None:
    renting = talk(RENT, business=shop())
    await renting.say("租工具", "rent")
    await renting.tell("切割机", "90")
    assert "电锤，押金 90 元" in await renting.tell("工具换成电锤")
