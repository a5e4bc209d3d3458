from __future__ import annotations

import re
from typing import Any

import pytest

from engine.store import Store
from tests.web.shop import shop


async def test_the_page_says_what_is_paid_to_whom(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        status, page, _ = await there.page()
        assert status == 200
        for words in ("20", "办理演示公司", "手机话费", there.order["order_no"], "支付", "放弃"):
            assert words in page
        assert "13900138000" not in page
        assert "李四" not in page


async def test_the_page_loads_nothing_and_runs_nothing(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        _, page, headers = await there.page()
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script|https?://|\bon\w+=|<img|<link", page)


async def test_paying_tells_the_company_and_once(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        assert "付款成功" in (await there.press("pay"))[1]
        assert "付款成功" in (await there.press("pay"))[1]
        assert await there.standing() == "paid"
        assert set(there.way.told) == {"https://example.com/events/payments.settle"}


async def test_giving_up_closes_the_order(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        assert "已经取消" in (await there.press("abandon"))[1]
        assert "已经取消" in (await there.press("pay"))[1]
        assert await there.standing() == "closed"


@pytest.mark.parametrize("path", ["/pay/unknown", "/pay/..", "/pay/"])
async def test_who_has_no_link_sees_nothing(serve: Any, store: Store, path: str) -> None:
    async with shop(serve, store) as there:
        assert (await there.page(path=path))[0] == 404


async def test_a_word_that_did_not_arrive_is_said_again(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        there.way.is_down = True
        status, page = await there.press("pay")
        assert status == 200
        assert "还没有传到商家" in page
        assert await there.standing() == "open"
        there.way.is_down = False
        assert "付款成功" in (await there.press("pay"))[1]


async def test_a_company_without_payments_has_no_page(serve: Any) -> None:
    async with (
        serve() as platform,
        platform.client.get(f"{platform.url}/pay/abc") as response,
    ):
        assert response.status == 404
