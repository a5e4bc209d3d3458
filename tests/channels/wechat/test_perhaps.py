"""Who asks after an answer that may have been lost on its way, and who goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.channels.wechat import perhaps
from engine.message import Inbound, Reply
from engine.store import Store, held
from engine.store.outbox import Outgoing
from tests.web.fakes import NOW


def said(words: str, *, later: timedelta = timedelta(), key: str = "") -> Inbound:
    return Inbound(account="plain", openid="o1", key=key or f"k{words}", at=NOW + later, text=words)


async def waiting(store: Store) -> list[Outgoing]:
    async with store.reading() as connection:
        return await held.of(connection, account="plain", openid="o1")


ASKING = """
？ ?? 好了吗 办好了没有？ 充好了吗 怎么样了 结果呢 刚才那个怎么样了
在吗 人呢？ 喂喂 怎么没反应 还没收到回复
看看结果 系统坏了吗 怎么显示暂时无法提供服务 出故障了？
成功了吗 查一下结果
"""
OTHERS = """
。 👍 那 好 好的 确认 充一百 谢谢 再说一遍 取消
12A 不好 完了 在北京 现在几点起飞 航班怎么样 没有 没收到短信验证码 手机坏了 宽带出故障了
"""


@pytest.mark.parametrize("words", ASKING.split())
def test_it_is_asked_after(words: str) -> None:
    assert perhaps.asks_after(words)


@pytest.mark.parametrize("words", ["", " ", *OTHERS.split()])
def test_it_is_something_else(words: str) -> None:
    assert not perhaps.asks_after(words)


async def test_it_is_kept_once_for_all_deliveries_and_told_for_an_hour(either: Store) -> None:
    for _ in range(2):
        await perhaps.keep(either, said("充一百"), [Reply(text="办好了")])
    rows = await waiting(either)
    assert len(rows) == 1
    assert perhaps.owed(rows, said("好了吗")) == rows
    assert perhaps.owed(rows, said("充两百")) == []
    assert perhaps.owed(rows, said("充一百", later=timedelta(minutes=3), key="again")) == []
    assert perhaps.owed(rows, said("充一百", later=timedelta(minutes=1), key="again")) == rows
    assert perhaps.owed(rows, said("好了吗", later=timedelta(minutes=61))) == []
