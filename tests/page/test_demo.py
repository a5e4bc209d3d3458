"""The whole way: `banli demo` as a user starts it, and a check-in in the browser."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import expect

PHONE = {"viewport": {"width": 360, "height": 740}}

PROGRAM = ("-c", "from engine.cli import main; main()", "demo")

#: A busy machine loads models slowly.
READY_WITHIN = 120


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def start(home: Path, port: int, provider_port: int) -> asyncio.subprocess.Process:
    options = ("--home", home, "--port", port, "--provider-port", provider_port)
    return await asyncio.create_subprocess_exec(
        sys.executable, *PROGRAM, *map(str, options), cwd=home, stdout=PIPE, stderr=PIPE
    )


@asynccontextmanager
async def demo(home: Path, ports: list[int] | None = None) -> AsyncIterator[str]:
    """A running demo; gives its address, and sees that it ends well when told."""
    port, provider_port = ports or free_ports(2)
    process = await start(home, port, provider_port)
    assert process.stdout
    address = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(READY_WITHIN):
            while address not in (line := (await process.stdout.readline()).decode()):
                assert line, (await process.communicate())[1].decode()
        yield address
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
    for each in (port, provider_port):
        socket.create_server(("127.0.0.1", each)).close()


async def test_a_customer_is_handed_to_a_person_and_back(opened: Any, tmp_path: Path) -> None:
    ports = free_ports(2)
    desk = f"http://127.0.0.1:{ports[1]}/desk"
    narrow = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
    async with demo(tmp_path, ports) as address, opened(address) as page:
        await page.get_by_role("button", name="以张三的身份进入").click()
        await page.get_by_role("button", name="关注 办理演示").click()
        answers = page.locator("article.theirs")
        await expect(answers.first).to_contain_text("您好")

        async def say(text: str) -> None:
            await page.get_by_label("消息", exact=True).fill(text)
            await page.keyboard.press("Enter")

        await say("给13900138000充话费")
        await expect(answers.last).to_contain_text("充多少")
        await say("乌拉乌拉")
        await expect(answers.last).to_contain_text("没太明白")
        await say("转人工")
        await expect(answers.last).to_contain_text("人工客服")

        async with opened(desk, **narrow) as clerk:
            await clerk.get_by_label("名字").fill("小李")
            await clerk.get_by_label("密码").fill("banli-demo")
            await clerk.keyboard.press("Enter")
            await clerk.get_by_role("link", name="张三").click()
            lines = clerk.locator("#lines")
            await expect(lines).to_contain_text("139****8000")
            await clerk.get_by_role("button", name="接待").click()
            await clerk.get_by_label("回复").fill("您好，充多少？")
            await clerk.keyboard.press("Enter")
            await expect(answers.last).to_contain_text("您好，充多少？")

            await say("一百，我的号是13812345678")
            await expect(lines).to_contain_text("138****5678")
            assert await clerk.evaluate("document.documentElement.scrollWidth") == 360
            await clerk.set_viewport_size({"width": 1440, "height": 900})
            await expect(clerk.get_by_label("队列").get_by_role("link")).to_contain_text("我在接待")
            await clerk.get_by_role("button", name="交还").click()
            await expect(answers.last).to_contain_text("接着办充话费")

            await clerk.get_by_role("link", name="没听懂的话").click()
            doubt = clerk.locator(".doubt", has_text="乌拉乌拉")
            await doubt.get_by_role("combobox").select_option("out_of_scope")
            await doubt.get_by_role("button", name="记下").click()
            await expect(doubt).to_have_count(0)
        assert "乌拉乌拉" in (tmp_path / "desk.yml").read_text(encoding="utf-8")


async def test_a_customer_checks_in_and_gets_the_boarding_pass(opened: Any, tmp_path: Path) -> None:
    async with demo(tmp_path) as address, opened(address) as page:
        await page.get_by_role("button", name="以张三的身份进入").click()
        await page.get_by_role("button", name="关注 办理演示").click()
        answers = page.locator("article.theirs")
        await expect(answers.first).to_contain_text("您好")

        await page.get_by_label("消息", exact=True).fill("帮我办明天国航1234的值机")
        await page.keyboard.press("Enter")
        seat_map = page.locator("article.theirs .picture img")
        await expect(seat_map).to_be_visible()
        assert await seat_map.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

        await page.get_by_role("button", name="靠窗", exact=True).last.click()
        await page.get_by_role("button", name="确认", exact=True).last.click()
        await expect(page.locator("article.theirs .picture img")).to_have_count(2)
        boarding_pass = page.locator("article.theirs", has_text="登机牌").last
        image = boarding_pass.locator("img")
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        await expect(boarding_pass).to_contain_text("张三")


async def test_a_seat_is_chosen_by_a_tap_on_the_page_and_by_typing(
    opened: Any, tmp_path: Path
) -> None:
    async with demo(tmp_path) as address, opened(address, **PHONE) as page:
        await page.get_by_role("button", name="以张三的身份进入").click()
        await page.get_by_role("button", name="关注 办理演示").click()
        answers = page.locator("article.theirs")
        await expect(answers.first).to_contain_text("您好")
        words = page.get_by_label("消息", exact=True)
        await words.fill("帮我办明天国航1234的值机")
        await page.keyboard.press("Enter")
        card = page.locator("article.theirs", has=page.locator(".picture img"))
        # Until it is there, the link below it moves, away from under a finger.
        await expect(card.locator(".picture img")).not_to_have_js_property("naturalWidth", 0)
        async with page.expect_popup() as opening:
            await card.get_by_role("link", name="查看详情").click()
        cabin = await opening.value
        seats = cabin.get_by_role("button")
        seat = await seats.first.get_attribute("value")
        assert seat
        await seats.first.click()
        await expect(cabin.get_by_role("status")).to_contain_text(f"已选 {seat}")
        assert await cabin.evaluate("document.documentElement.scrollWidth") <= 360
        await cabin.close()

        await expect(answers.filter(has_text="请确认").last).to_contain_text(f"座位 {seat}")
        await words.fill("换成靠过道的")
        await page.keyboard.press("Enter")
        await expect(answers.filter(has_text="请确认").last).to_contain_text("（靠过道）")
        await words.fill(seat)
        await page.keyboard.press("Enter")
        await expect(answers.filter(has_text="请确认").last).to_contain_text(f"座位 {seat}")
        await page.get_by_role("button", name="确认", exact=True).last.click()
        await expect(answers.filter(has_text="登机牌").last).to_contain_text(seat)


async def test_a_taken_port_is_named_with_its_option(tmp_path: Path) -> None:
    port, _ = free_ports(2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken_port = taken.getsockname()[1]
        process = await start(tmp_path, port, taken_port)
        _, error = await process.communicate()

    wanted = f"port {taken_port} is in use; choose another with --provider-port"
    assert (process.returncode, error.decode()) == (1, f"banli demo: {wanted}\n")


async def test_a_stop_during_the_start_ends_the_provider_too(tmp_path: Path) -> None:
    port, provider_port = free_ports(2)
    process = await start(tmp_path, port, provider_port)
    assert process.stdout
    assert "正在启动" in (await process.stdout.readline()).decode()
    process.send_signal(signal.SIGINT)
    _, error = await process.communicate()

    assert (process.returncode, error.decode()) == (0, "")
    socket.create_server(("127.0.0.1", provider_port)).close()


async def test_a_part_that_does_not_start_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "banli.db").mkdir()
    port, provider_port = free_ports(2)
    process = await start(tmp_path, port, provider_port)
    _, error = await process.communicate()

    assert process.returncode == 1
    assert error.decode().startswith("banli demo: ")
    assert "cannot open the database" in error.decode()
    assert error.decode().count("\n") == 1
