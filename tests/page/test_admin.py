"""The administrator's page in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.page.test_more import check
from tests.page.test_page import enter, say

#: The machine that runs the tests may be busy.
expect.set_options(timeout=20_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_administrator_sees_every_try_and_switches_faults(
    site: Any, opened: Any, size: Any, scheme: str
) -> None:
    site.password = "correct horse"
    async with (
        site.up(),
        opened(site.url) as customer,
        opened(f"{site.url}/admin", expected="401", viewport=size, color_scheme=scheme) as page,
    ):
        await enter(customer)
        await page.get_by_label("管理员密码").fill("wrong password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_have_text("密码不对")
        await check(page)
        await page.get_by_label("管理员密码").fill("correct horse")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="办理演示")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        await check(page)

        await say(customer, "你好")
        row = page.get_by_role("row").filter(has_text="↑ text")
        await expect(row).to_contain_text("你好")
        await row.get_by_role("button").click()
        await expect(page.get_by_role("dialog")).to_contain_text(
            "<Content><![CDATA[你好]]></Content>"
        )
        await check(page)
        await page.keyboard.press("Escape")

        await page.get_by_label("丢失应答").fill("1")
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("故障开关已生效")).to_be_visible()
        await say(customer, "丢了吗")
        await expect(page.get_by_role("row").filter(has_text="丢了吗").first).to_contain_text(
            "重试中"
        )
        await page.get_by_label("丢失应答").fill("0")
        await page.keyboard.press("Tab")
        await page.get_by_label("只看失败和重试").check()
        await expect(page.get_by_role("row").filter(has_text="你好")).to_have_count(0)
        await expect(page.get_by_role("row").filter(has_text="丢了吗").first).to_be_visible()
