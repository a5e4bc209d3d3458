from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Page, expect

from engine.relay.delivery import OUT_OF_ORDER
from tests.page.conftest import PHONE

#: The machine that runs the tests may be busy.
expect.set_options(timeout=20_000)

MINE, THEIRS = "article.mine .bubble", "article.theirs"


async def enter(page: Page) -> None:
    """Sign in as 张三 and follow the account."""
    await page.get_by_role("button", name="以张三的身份进入").click()
    await page.get_by_role("button", name="关注 办理演示").click()
    await expect(page.locator("#log")).to_contain_text("收到：subscribe")


async def say(page: Page, text: str) -> None:
    await page.get_by_label("消息", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def test_a_text_is_sent_and_its_answer_shown_as_text(
    site: Any, opened: Any, size: Any
) -> None:
    async with site.up(), opened(site.url, viewport=size) as page:
        await enter(page)
        await say(page, "你好 <b>")

        await expect(page.locator(MINE).last).to_have_text("你好 <b>")
        await expect(page.locator("article.mine").last.get_by_label("已送达")).to_be_visible()
        answer = page.locator(THEIRS).last
        await expect(answer).to_have_text("收到：你好 <b> <img src=x onerror=alert(1)>")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]


async def test_a_choice_is_a_button_that_sends_its_id(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await say(page, "值机")
        await page.get_by_role("button", name="14C").click()

        await expect(page.locator(MINE).last).to_have_text("14C")
        await expect(page.locator(THEIRS).last).to_contain_text("收到：14C")
        assert site.provider.heard[-1] == ("14C", "seat=14C")


async def test_a_menu_entry_is_tapped_by_keyboard(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await page.get_by_text("查询", exact=False).focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="航班动态").focus()
        await page.keyboard.press("Enter")

        await expect(page.locator(THEIRS).last).to_contain_text("收到：/query_flight")


async def test_a_picture_is_shown_and_opens_large(site: Any, opened: Any, size: Any) -> None:
    async with site.up(), opened(site.url, viewport=size) as page:
        await enter(page)
        await say(page, "选座")
        picture = page.locator("article.theirs .picture img")
        await expect(picture).to_be_visible()
        loaded = "image => image.decode().then(() => image.naturalWidth)"
        assert await picture.evaluate(loaded) == 640
        await expect(page.get_by_text("回复座位号，如 12A").last).to_be_in_viewport()

        await picture.click()
        await expect(page.locator("#large-picture")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#large-picture")).to_be_hidden()


async def test_who_reads_further_up_is_told_of_a_new_message(
    site: Any, opened: Any, size: Any
) -> None:
    async with site.up(), opened(site.url, viewport=size) as page:
        await enter(page)
        for count in (1, 2):
            await say(page, "选座")
            await expect(page.locator("article.theirs .picture img")).to_have_count(count)
        newest = page.get_by_role("button", name="有新消息")
        site.provider.answers.append(("text", "<Content>到了</Content>"))
        site.provider.slow = 1
        await say(page, "慢")
        await expect(page.get_by_text("正在等回复")).to_be_in_viewport()
        await page.locator("#log").hover()
        await page.mouse.wheel(0, -2000)
        await expect(page.locator(THEIRS).first).to_be_in_viewport()
        await expect(newest).to_be_hidden()
        site.provider.silent.set()
        await newest.click()
        await expect(page.locator(THEIRS).last).to_contain_text("到了")
        await expect(page.locator(THEIRS).last).to_be_in_viewport()
        await expect(newest).to_be_hidden()


#: Something at the end of a chat gives way to something larger, before anybody scrolls.
GIVES_WAY = """log => new Promise(done => {
    const tall = pixels => {
        const box = document.createElement("div");
        box.style.flex = `0 0 ${pixels}px`;
        return box;
    };
    const small = log.appendChild(tall(900));
    log.scrollTop = log.scrollHeight;
    requestAnimationFrame(() => requestAnimationFrame(() => {
        small.remove();
        void log.scrollTop;
        log.appendChild(tall(1500));
        requestAnimationFrame(() => requestAnimationFrame(done));
    }));
})"""


async def test_who_has_not_scrolled_stays_at_the_end(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url, viewport=PHONE) as page:
        await enter(page)
        site.provider.answers.append(("text", "<Content>到了</Content>"))
        site.provider.slow = 1
        await say(page, "慢")
        await expect(page.get_by_text("正在等回复")).to_be_in_viewport()
        await page.locator("#log").evaluate(GIVES_WAY)
        site.provider.silent.set()
        await expect(page.locator(THEIRS).last).to_contain_text("到了")
        end = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
        assert await page.locator("#log").evaluate(end) < 2
        await expect(page.get_by_role("button", name="有新消息")).to_be_hidden()


async def test_waiting_is_shown_until_the_notice_that_nobody_answers(
    site: Any, opened: Any
) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await say(page, "沉默")

        await expect(page.get_by_text("正在等回复")).to_be_visible()
        await expect(page.locator("#log")).to_contain_text(OUT_OF_ORDER)
        await expect(page.get_by_text("等回复")).to_be_hidden()
        await expect(page.get_by_label("未送达")).to_be_visible()


async def test_nothing_is_lost_or_doubled_over_a_restart(site: Any, opened: Any) -> None:
    async with AsyncExitStack() as first:
        await first.enter_async_context(site.up())
        async with opened(site.url, expected="ERR_CONNECTION_REFUSED") as page:
            await enter(page)
            await say(page, "断开前")
            await expect(page.locator(THEIRS).last).to_contain_text("收到：断开前")
            await first.aclose()
            await expect(page.get_by_text("连接断开，正在重连…")).to_be_visible()
            await say(page, "断开时")
            await expect(page.get_by_text("正在等回复")).to_be_visible()

            async with site.up():
                await expect(page.locator(THEIRS).last).to_contain_text("收到：断开时")
                await expect(page.get_by_text("连接断开，正在重连…")).to_be_hidden()
                mine = await page.locator(MINE).all_text_contents()
            assert mine == ["断开前", "断开时"]
            assert [said for said, _ in site.provider.heard].count("断开时") == 1


async def test_the_address_in_a_qr_code_follows_after_signing_in(site: Any, opened: Any) -> None:
    async with site.up(), opened(f"{site.url}/follow/banli") as page:
        await page.get_by_role("button", name="以李四的身份进入").click()

        await expect(page.get_by_role("heading", name="办理演示")).to_be_visible()
        await expect(page.locator("#log")).to_contain_text("收到：subscribe")


async def test_unfollowing_is_asked_twice_and_ends_the_chat(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await page.get_by_role("button", name="公众号资料").click()
        await page.get_by_role("button", name="不再关注").click()
        await page.get_by_role("button", name="确定不再关注").click()

        await expect(page.get_by_role("button", name="关注 办理演示")).to_be_visible()
        await expect(page.locator("#chat")).to_be_hidden()
