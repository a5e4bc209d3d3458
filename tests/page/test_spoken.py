"""Business done by voice on the page: from a microphone, and from recordings, at the real demo."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from engine.speech.audio import wav
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import RATE
from tests.page.conftest import CHROMIUM, FLAGS
from tests.page.test_demo import demo
from tests.page.test_voice import middle_of

#: The machine that runs the tests may be busy.
expect.set_options(timeout=30_000)

VOICES = Path(__file__).parents[1] / "speech" / "voices"

#: What a customer is told whose voice was not heard in time.
TOO_SLOW = "没能及时听完"

#: What is said into the microphone, and seconds of silence around it.
SAID, SILENCE = VOICES / "topup-1.amr", 0.7


@pytest.fixture
async def spoken(tmp_path: Path) -> tuple[Path, float]:
    """A file for the microphone, and how long it lasts."""
    decoder = Decoder()
    sound = await decoder.decode(SAID.read_bytes())
    await decoder.close()
    pause = array("h", bytes(2 * int(SILENCE * RATE))).tobytes()
    file = tmp_path / "said.wav"
    file.write_bytes(wav.written(pause + sound.samples + pause, rate=RATE))
    return file, sound.seconds + 2 * SILENCE


@pytest.fixture
async def browser(spoken: tuple[Path, float]) -> AsyncIterator[Browser]:
    flags = [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken[0]}%noloop",
        "--use-fake-ui-for-media-stream",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        await browser.close()


async def enter(page: Page) -> Any:
    await page.get_by_role("button", name="以张三的身份进入").click()
    await page.get_by_role("button", name="关注 办理演示").click()
    answers = page.locator("article.theirs")
    await expect(answers.first).to_contain_text("您好")
    return answers


async def said(page: Page, speak: Callable[[], Awaitable[None]]) -> None:
    """Speak, and again where the machine was too busy to hear it in time, and says so."""
    answers = page.locator("article.theirs")
    for _ in range(5):
        before = await answers.count()
        await speak()
        await expect(answers).not_to_have_count(before)
        if TOO_SLOW not in await answers.last.inner_text():
            return


async def test_a_top_up_is_spoken_into_the_microphone_up_to_the_receipt(
    opened: Any, tmp_path: Path, spoken: tuple[Path, float]
) -> None:
    async with demo(tmp_path) as address, opened(address) as page:
        answers = await enter(page)
        await page.get_by_role("button", name="说话", exact=True).click()
        button = page.locator("#talk")
        whole = "|".join(str(second) for second in range(math.ceil(spoken[1]), 60))

        async def hold() -> None:
            await page.mouse.move(*await middle_of(button))
            await page.mouse.down()
            await expect(page.locator("#recorded")).to_have_text(re.compile(f"^({whole})″$"))
            await page.mouse.up()

        await said(page, hold)
        await expect(page.locator("article.mine .spoken p").last).to_contain_text("充五十")
        # The microphone plays its file over and over, and a busy machine hears more of it than
        # was to be said: what is doubtful then is read back first.
        doubted = page.get_by_role("button", name="对", exact=True)
        if await doubted.count():
            await doubted.last.click()
        await expect(answers.last).to_contain_text("138****5678")
        await page.get_by_role("button", name="确认", exact=True).last.click()
        receipt = answers.filter(has_text="充好了")
        await expect(receipt).to_contain_text("50 元")
        await expect(receipt.locator("img")).to_be_visible()


async def test_a_seat_is_chosen_by_voice(opened: Any, tmp_path: Path) -> None:
    async with demo(tmp_path) as address, opened(address) as page:
        answers = await enter(page)
        await page.get_by_label("消息", exact=True).fill("帮我办明天国航1234的值机")
        await page.keyboard.press("Enter")
        await expect(answers.locator(".picture img")).to_be_visible()
        file = page.locator("#voice-file")
        await said(page, lambda: file.set_input_files(VOICES / "seat_preference-1.amr"))

        await expect(answers.filter(has_text="请确认").last).to_contain_text("（靠窗）")
