"""What a chat app has besides words: pictures, places, codes, typing, unread marks, two pages."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import segno
from playwright.async_api import Page, expect

from tests.page.conftest import DESKTOP, PHONE, seats
from tests.page.test_page import MINE, THEIRS, enter, say

#: The machine that runs the tests may be busy.
expect.set_options(timeout=20_000)

LOADED = "image => image.decode().then(() => image.naturalWidth)"


async def call(site: Any, path: str, **body: Any) -> Any:
    """An API call of the provider."""
    who = "grant_type=client_credential&appid=wx0123456789abcdef&secret=secret"
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{site.url}/cgi-bin/token?{who}") as response:
            token = (await response.json())["access_token"]
        address = f"{site.url}/cgi-bin/{path}?access_token={token}"
        async with client.post(address, json=body) as response:
            return await response.json()


async def choose(page: Page, file: Path, *, button: str) -> None:
    """Choose a file by a button that opens the browser's chooser."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name=button).click()
    await (await chooser.value).set_files(file)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "photo.png"
    file.write_bytes(seats())
    return file


async def test_a_picture_is_sent_and_shown(site: Any, opened: Any, size: Any, photo: Path) -> None:
    async with site.up(), opened(site.url, viewport=size) as page:
        await enter(page)
        await page.get_by_role("button", name="更多").click()
        await choose(page, photo, button="图片视频")

        image = page.locator("article.mine .picture img")
        await expect(image).to_be_visible()
        assert await image.evaluate(LOADED) == 640
        await expect(page.locator("article.mine").last.get_by_label("已送达")).to_be_visible()


async def test_a_place_and_a_link_are_filled_in_and_sent(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url, viewport=PHONE) as page:
        await enter(page)
        await page.get_by_role("button", name="更多").click()
        await page.get_by_role("button", name="位置").click()
        await page.get_by_label("地点").fill("虹桥 T2")
        await page.get_by_role("dialog").get_by_role("button", name="发送").click()
        await expect(page.locator("article.mine .place")).to_contain_text("虹桥 T2")

        await page.get_by_role("button", name="更多").click()
        await page.get_by_role("button", name="链接").click()
        await page.get_by_label("网址").fill("https://example.org/")
        await page.get_by_label("标题").fill("行李须知")
        await page.keyboard.press("Enter")
        card = page.locator("article.mine .card")
        await expect(card.get_by_role("link", name="行李须知")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_a_picture_of_a_code_follows_its_account(
    site: Any, opened: Any, tmp_path: Path
) -> None:
    file = tmp_path / "code.png"
    async with site.up(), opened(site.url) as page:
        segno.make(f"{site.url}/follow/banli", micro=False).save(str(file), scale=6, border=4)
        await page.get_by_role("button", name="以张三的身份进入").click()
        await page.get_by_role("button", name="关注公众号").click()
        await page.get_by_role("button", name="扫一扫").click()
        await expect(page.get_by_role("alert")).to_contain_text("没有可用的相机")
        await choose(page, file, button="选图片")

        await expect(page.locator("#log")).to_contain_text("收到：subscribe")
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_picture_without_a_code_is_said_so(site: Any, opened: Any, photo: Path) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await page.get_by_role("button", name="关注公众号").click()
        await page.get_by_role("button", name="扫一扫").click()
        await choose(page, photo, button="选图片")

        await expect(page.get_by_role("alert")).to_contain_text("没有找到二维码")


async def test_a_menu_through_the_api_is_shown_at_once_and_scans(
    site: Any, opened: Any, tmp_path: Path
) -> None:
    file = tmp_path / "code.png"
    segno.make("GATE-12", micro=False).save(str(file), scale=6, border=4)
    async with site.up(), opened(site.url) as page:
        await enter(page)
        button = {"type": "scancode_waitmsg", "name": "扫登机口", "key": "gate"}
        assert (await call(site, "menu/create", button=[button]))["errcode"] == 0
        await page.get_by_role("button", name="扫登机口").click()
        await choose(page, file, button="选图片")

        await expect(page.locator(THEIRS).last).to_contain_text("收到：gate")


async def test_typing_is_shown_until_the_answer_comes(site: Any, opened: Any) -> None:
    site.provider.answers.append(("", ""))
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await say(page, "在吗")
        await expect(page.locator("article.mine").last.get_by_label("已送达")).to_be_visible()
        who = {"touser": site.provider.openid}
        assert (await call(site, "message/custom/typing", **who, command="Typing"))["errcode"] == 0
        await expect(page.get_by_text("对方正在输入…")).to_be_visible()
        await call(site, "message/custom/send", **who, msgtype="text", text={"content": "在"})

        await expect(page.locator(THEIRS).last).to_have_text("在")
        await expect(page.get_by_text("对方正在输入…")).to_be_hidden()


async def test_a_template_message_is_a_card_of_its_own(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url, viewport=PHONE) as page:
        await enter(page)
        data = {"航班": {"value": "CA1234"}, "状态": {"value": "延误"}}
        body = {"touser": site.provider.openid, "template_id": "T1", "data": data}
        assert (await call(site, "message/template/send", **body))["errcode"] == 0

        card = page.get_by_role("article", name="服务通知")
        await expect(card).to_contain_text("状态：延误")


async def test_unread_messages_are_counted_and_stay_counted_over_a_reload(
    site: Any, opened: Any
) -> None:
    async with site.up(), opened(site.url, viewport=PHONE) as page:
        await enter(page)
        await page.get_by_label("返回").click()
        body = {"touser": site.provider.openid, "msgtype": "text", "text": {"content": "通知"}}
        await call(site, "message/custom/send", **body)
        await expect(page.get_by_label("1 条未读")).to_be_visible()
        await expect(page).to_have_title("(1) 办理")
        await page.reload()
        await expect(page.get_by_label("1 条未读")).to_be_visible()

        await page.locator("a.contact").click()
        await expect(page.locator(THEIRS).last).to_have_text("通知")
        await page.get_by_label("返回").click()
        await expect(page.get_by_label("条未读")).to_have_count(0)


async def test_two_pages_of_one_customer_show_the_same(site: Any, opened: Any) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(site.up())
        one = await stack.enter_async_context(opened(site.url, viewport=PHONE))
        await enter(one)
        two = await stack.enter_async_context(opened(site.url, viewport=DESKTOP))
        await two.get_by_role("button", name="以张三的身份进入").click()
        await expect(two.locator("#log")).to_contain_text("收到：subscribe")

        await asyncio.gather(say(one, "来自手机"), say(two, "来自电脑"))
        for page in (one, two):
            await expect(page.locator(MINE)).to_have_count(2)
            await expect(page.locator(THEIRS)).to_have_count(3)
        told = [await page.locator("#log article").all_inner_texts() for page in (one, two)]
        assert sorted(told[0]) == sorted(told[1])


async def test_two_customers_do_not_see_each_other(site: Any, opened: Any) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(site.up())
        one = await stack.enter_async_context(opened(site.url))
        two = await stack.enter_async_context(opened(site.url))
        await enter(one)
        await two.get_by_role("button", name="以李四的身份进入").click()
        await two.get_by_role("button", name="关注 办理演示").click()
        await expect(two.locator("#log")).to_contain_text("收到：subscribe")
        await say(one, "张三的话")
        await say(two, "李四的话")

        await expect(one.locator(THEIRS).last).to_contain_text("张三的话")
        await expect(two.locator(THEIRS).last).to_contain_text("李四的话")
        assert "李四的话" not in await one.locator("#log").inner_text()


async def test_an_article_leads_on(site: Any, opened: Any, size: Any) -> None:
    async with site.up(), opened(site.url, viewport=size) as page:
        await enter(page)
        await say(page, "卡片")
        more = page.get_by_role("link", name="查看详情")

        await expect(more).to_have_attribute("href", "https://example.org/")
        await expect(more).to_have_attribute("rel", "noopener noreferrer")


async def test_a_chat_is_held_by_keyboard_alone(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await page.get_by_label("名字").focus()
        await page.keyboard.type("键盘")
        await page.keyboard.press("Tab")
        await page.keyboard.type("secret")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="新建")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="关注 办理演示").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("消息", exact=True)).to_be_focused()
        await page.keyboard.type("值机")
        await page.keyboard.press("Enter")
        choice = page.get_by_role("button", name="14C")
        await choice.focus()
        await page.keyboard.press("Enter")

        await expect(page.locator(THEIRS).last).to_contain_text("收到：14C")


#: What WCAG 2.2 wants of what is on the screen now: 4.1.2 names, 2.5.8 sizes, 1.4.3 contrast.
ACCESS = (Path(__file__).parent / "access.js").read_text("utf-8")


async def check(page: Page) -> None:
    """Look through what is on the screen now."""
    found = await page.evaluate(
        f"() => {{ {ACCESS} return [...nameless(), ...small(), ...low()]; }}"
    )
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_has_a_name_a_size_and_contrast(
    site: Any, opened: Any, size: Any, scheme: str
) -> None:
    async with site.up(), opened(site.url, viewport=size, color_scheme=scheme) as page:
        await expect(page.get_by_label("名字")).to_be_visible()
        await check(page)
        await enter(page)
        await say(page, "值机")
        await expect(page.get_by_role("button", name="14C")).to_be_visible()
        await say(page, "卡片")
        await expect(page.get_by_role("link", name="查看详情")).to_be_visible()
        await page.get_by_role("button", name="更多").click()
        await check(page)
        await page.get_by_role("button", name="位置").click()
        await check(page)
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="公众号资料").click()
        await check(page)


async def test_the_landmarks_and_live_regions_of_a_chat(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)

        await expect(page.get_by_role("main", name="办理演示")).to_be_visible()
        await expect(page.get_by_role("navigation", name="已关注")).to_be_visible()
        log = page.get_by_role("log", name="聊天记录")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).not_to_have_attribute("aria-busy", re.compile(".*"))
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
