"""Voice on the page, in a Chromium whose microphone is a file."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from engine.relay.forward import Patience
from engine.speech.audio import wav
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import Sound
from tests.page.conftest import CHROMIUM, FLAGS, PHONE, article, content
from tests.page.test_page import MINE, THEIRS, enter, say

#: The machine that runs the tests may be busy.
expect.set_options(timeout=20_000)

#: What is shown once a second or more is recorded.
A_SECOND = re.compile("[1-9]")

VOICE, HEARD = "article.mine .voice", "article.mine .spoken p"
ANSWER = "听到：幺三八幺二三四五六七八充五十\n给 138 1234 5678 充 50 元，对吗？"


def humming(seconds: float, rate: int = 48_000) -> bytes:
    """Samples that swell and fade as speech does; a steady tone is taken for noise."""
    count = int(seconds * rate)
    loud = (math.sin(math.pi * 2.5 * n / rate) ** 2 for n in range(count))
    turn = 2 * math.pi * 220 / rate
    return array(
        "h", (int(20_000 * level * math.sin(turn * n)) for n, level in enumerate(loud))
    ).tobytes()


@pytest.fixture(scope="module")
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("microphone") / "hum.wav"
    file.write_bytes(wav.written(humming(4.0), rate=48_000))
    return file


@pytest.fixture
def answer_to_the_browser() -> str:
    """What the customer says when the browser asks for the microphone."""
    return ""


@pytest.fixture
async def browser(hum: Path, answer_to_the_browser: str) -> AsyncIterator[Browser]:
    flags = [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={hum}",
        f"--use-fake-ui-for-media-stream{answer_to_the_browser}",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        await browser.close()


async def button_of(page: Page) -> Locator:
    """Sign in, and change from typing to talking; the button to hold."""
    await enter(page)
    await page.get_by_role("button", name="说话", exact=True).click()
    return page.locator("#talk")


async def middle_of(button: Locator) -> tuple[float, float]:
    box = await button.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def speak(page: Page, button: Locator) -> None:
    """Hold the button with the mouse for a second."""
    await page.mouse.move(*await middle_of(button))
    await page.mouse.down()
    await expect(page.locator("#recorded")).to_have_text(A_SECOND)
    await page.mouse.up()


async def token(site: Any, client: aiohttp.ClientSession) -> str:
    who = "grant_type=client_credential&appid=wx0123456789abcdef&secret=secret"
    async with client.get(f"{site.url}/cgi-bin/token?{who}") as response:
        return (await response.json())["access_token"]


async def downloaded(site: Any, id: str) -> tuple[str, bytes]:
    """A medium as the provider gets it: its content type and bytes."""
    async with aiohttp.ClientSession() as client:
        access = f"access_token={await token(site, client)}&media_id={id}"
        async with client.get(f"{site.url}/cgi-bin/media/get?{access}") as response:
            return response.content_type, await response.read()


async def write_later(site: Any, text: str) -> None:
    """A customer-service message of the provider to who wrote last."""
    body = {"touser": site.provider.openid, "msgtype": "text", "text": {"content": text}}
    async with aiohttp.ClientSession() as client:
        address = f"{site.url}/cgi-bin/message/custom/send?access_token={await token(site, client)}"
        async with client.post(address, json=body) as response:
            assert (await response.json())["errcode"] == 0


async def sound_in(file: bytes) -> Sound:
    async with Decoder() as decoder:
        return await decoder.decode(file)


async def test_what_is_said_reaches_the_provider_and_what_it_heard_stands_under_it(
    site: Any, opened: Any, size: Any
) -> None:
    site.provider.answers.append(("text", content(ANSWER)))
    async with site.up(), opened(site.url, viewport=size) as page:
        await speak(page, await button_of(page))

        await expect(page.locator(HEARD)).to_have_text("幺三八幺二三四五六七八充五十")
        await expect(page.locator(THEIRS).last).to_have_text(
            "给 138 1234 5678 充 50 元，对吗？", use_inner_text=True
        )
        await expect(page.locator(VOICE)).to_have_accessible_name(re.compile(r"语音，\d+ 秒"))
        kind, file = await downloaded(site, site.provider.voices[0])
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert (kind, file[:6]) == ("audio/amr", b"#!AMR\n")
    assert 0.9 < (await sound_in(file)).seconds < 5


async def test_a_voice_is_played_and_stopped(site: Any, opened: Any, hum: Path) -> None:
    async with site.up(), opened(site.url) as page:
        await button_of(page)
        await page.locator("#voice-file").set_input_files(hum)
        voice = page.locator(VOICE)
        await voice.click()
        await expect(voice).to_contain_class("playing")
        await voice.click()
        await expect(voice).not_to_contain_class("playing")

        await voice.click()
        await expect(voice).to_contain_class("playing")
        await expect(voice).not_to_contain_class("playing")


async def test_a_finger_speaks_and_sliding_away_lets_go(site: Any, opened: Any) -> None:
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    async with site.up(), opened(site.url, **options) as page:
        button = await button_of(page)
        x, y = await middle_of(button)
        device = await page.context.new_cdp_session(page)

        async def touch(kind: str, *points: tuple[float, float]) -> None:
            body = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
            await device.send("Input.dispatchTouchEvent", body)

        await touch("touchStart", (x, y))
        await expect(page.locator("#recorded")).to_have_text(A_SECOND)
        await touch("touchMove", (x, y - 200))
        await expect(page.locator("#recording")).to_contain_text("松开就不发送")
        await touch("touchEnd")
        await expect(page.locator("#recording")).to_be_hidden()

        await touch("touchStart", (x, y))
        await expect(page.locator("#recorded")).to_have_text(A_SECOND)
        await touch("touchMove", (x, y - 200))
        await expect(button).to_have_text("松开取消")
        await touch("touchMove", (x, y - 30))
        await expect(button).to_have_text("松开发送")
        await touch("touchEnd")
        await expect(page.locator(VOICE)).to_have_count(1)
        await expect(page.locator("article.mine").get_by_label("已送达")).to_be_visible()
    assert len(site.provider.voices) == 1


async def test_a_key_speaks_and_escape_lets_go(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        button = await button_of(page)
        await button.focus()
        await page.keyboard.down("Space")
        await expect(page.locator("#recorded")).to_have_text(A_SECOND)
        await page.keyboard.press("Escape")
        await expect(page.locator("#recording")).to_be_hidden()
        await page.keyboard.up("Space")

        await page.keyboard.down("Enter")
        await expect(page.locator("#recorded")).to_have_text(A_SECOND)
        await page.keyboard.up("Enter")
        await expect(page.locator("article.mine").get_by_label("已送达")).to_be_visible()
    assert len(site.provider.voices) == 1


async def test_assistive_technology_clicks_to_begin_and_to_send(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        button = await button_of(page)
        await button.evaluate("button => button.click()")
        await expect(page.locator("#recorded")).to_have_text(A_SECOND)
        await button.evaluate("button => button.click()")

        await expect(page.locator("article.mine").get_by_label("已送达")).to_be_visible()


async def test_a_tap_is_too_short(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await (await button_of(page)).click()

        await expect(page.locator("#talk-note")).to_contain_text("说话时间太短")
        await expect(page.locator("article.mine")).to_have_count(0)


async def test_a_minute_is_counted_down_and_sent(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        button = await button_of(page)
        await page.clock.install()
        await page.mouse.move(*await middle_of(button))
        await page.mouse.down()
        await expect(page.locator("#recording")).to_be_visible()
        await page.clock.run_for(55_000)
        await expect(page.locator("#recorded")).to_contain_text("还可以说")
        await page.clock.run_for(6_000)

        await expect(page.locator("#talk-note")).to_have_text("一次最多说 60 秒")
        await expect(page.locator(VOICE)).to_have_count(1)
        await page.mouse.up()
        await expect(page.locator(VOICE)).to_have_count(1)


@pytest.mark.parametrize("answer_to_the_browser", ["=deny"])
async def test_a_refused_microphone_is_said_in_one_line(site: Any, opened: Any) -> None:
    async with site.up(), opened(site.url) as page:
        await page.mouse.move(*await middle_of(await button_of(page)))
        await page.mouse.down()

        await expect(page.locator("#talk-note")).to_contain_text("没有麦克风权限")
        await page.mouse.up()
        await expect(page.locator("#talk-note")).to_contain_text("没有麦克风权限")


async def test_a_file_is_sent_like_a_recording(site: Any, opened: Any, hum: Path) -> None:
    async with site.up(), opened(site.url) as page:
        await button_of(page)
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name="发送语音文件").click()
        await (await chooser.value).set_files(hum)

        await expect(page.locator(VOICE)).to_have_accessible_name("语音，4 秒")
        await expect(page.locator("article.mine").get_by_label("已送达")).to_be_visible()
    assert len(site.provider.voices) == 1


async def test_a_file_that_is_no_voice_says_so(site: Any, opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "voice.mp3"
    file.write_text("not at all")
    async with site.up(), opened(site.url, expected="415") as page:
        await button_of(page)
        await page.locator("#voice-file").set_input_files(file)

        await expect(page.locator("article.mine")).to_contain_text("这个文件不是语音")
    assert site.provider.voices == []


async def test_what_was_heard_is_cut_out_of_a_card(site: Any, opened: Any) -> None:
    seats = f"{site.provider.url}/seats.png"
    site.provider.answers.append(("news", article("请选座位", "听到：我要选座\n如 12A", seats)))
    async with site.up(), opened(site.url) as page:
        await speak(page, await button_of(page))

        await expect(page.locator(HEARD)).to_have_text("我要选座")
        await expect(page.locator(f"{THEIRS} .card").last).to_have_text("请选座位如 12A")
        await page.reload()
        await expect(page.locator(HEARD)).to_have_text("我要选座")


async def test_answers_that_overtake_each_other_find_their_voices(site: Any, opened: Any) -> None:
    site.provider.answers.extend(("text", content(f"听到：{each}\n好")) for each in ("一", "二"))
    site.provider.slow, site.patience = 1, Patience(seconds=60.0)
    async with site.up(), opened(site.url) as page:
        button = await button_of(page)
        await speak(page, button)
        await speak(page, button)
        await expect(page.locator("article.mine").last).to_contain_text("二")
        site.provider.silent.set()

        await expect(page.locator(HEARD)).to_have_text(["一", "二"])


async def test_a_late_answer_is_that_of_the_last_voice(site: Any, opened: Any) -> None:
    site.provider.answers.append(("", ""))
    async with site.up(), opened(site.url) as page:
        await speak(page, await button_of(page))
        await expect(page.locator("article.mine").get_by_label("已送达")).to_be_visible()
        await write_later(site, "听到：晚到的话\n好")

        await expect(page.locator(HEARD)).to_have_text("晚到的话")


async def test_an_answer_to_a_text_keeps_its_first_line(site: Any, opened: Any) -> None:
    site.provider.answers.append(("text", content("听到：您的话\n好")))
    async with site.up(), opened(site.url) as page:
        await enter(page)
        await say(page, "你听到什么")

        await expect(page.locator(f"{THEIRS} .quote")).to_have_text("您的话")
        await expect(page.locator(f"{THEIRS} .quote")).to_be_visible()
        await expect(page.locator(MINE)).to_have_text("你听到什么")
