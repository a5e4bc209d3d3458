from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.relay.delivery import OUT_OF_ORDER
from engine.relay.voice import encoding
from engine.relay.voice.words import refusal
from engine.speech.audio import wav
from engine.speech.audio.decoder import Decoder
from engine.speech.audio.sound import RATE, Sound
from engine.speech.errors import Busy, NotWorking, SpeechError, TooSlow
from tests.speech.clips import encoded, tone


def recorded(seconds: float = 1.5) -> bytes:
    """What most browsers record: Opus in WebM."""
    return encoded(tone(seconds), container="webm", codec="libopus", rate=48_000)


async def heard(file: bytes) -> Sound:
    async with Decoder() as decoder:
        return await decoder.decode(file)


@pytest.fixture
async def fetch(relay: Any) -> AsyncIterator[Any]:
    """Downloads a medium as a provider does, with a token of now."""

    async def get(id: str) -> aiohttp.ClientResponse:
        address = f"{relay.url}/cgi-bin/media/get?access_token={await relay.token()}&media_id={id}"
        response = await client.get(address)
        await response.read()
        return response

    async with aiohttp.ClientSession() as client:
        yield get


async def test_a_recording_reaches_the_provider_as_amr(relay_in_mode: Any) -> None:
    relay = relay_in_mode
    status, shown = await relay.terminal.speak(recorded(), "nonce-0001")
    await relay.provider.until(2)

    message = relay.provider.received[-1]
    assert (status, message.type, message.format) == (200, "voice", "amr")
    assert message._data["Recognition"] is None
    assert message.id > 2**32
    assert shown["voice"] == {
        "address": f"/voice/{shown['id']}",
        "seconds": pytest.approx(1.5, 0.1),
    }


async def test_the_provider_downloads_narrow_and_wide(relay: Any, fetch: Any) -> None:
    await relay.terminal.speak(recorded(), "nonce-0001")
    await relay.provider.until(2)
    message = relay.provider.received[-1]

    narrow = await fetch(message.media_id)
    wide = await fetch(message._data["MediaId16K"])

    body = await narrow.read()
    assert narrow.content_type == "audio/amr"
    assert narrow.headers["Content-Disposition"] == (
        f'attachment; filename="{message.media_id}.amr"'
    )
    assert body.startswith(b"#!AMR\n")
    # Frames of 12.2 kbit/s, 20 ms each: 32 bytes that begin with their type, 7.
    assert {body[at] >> 3 & 15 for at in range(6, len(body), 32)} == {7}
    assert (await heard(body)).seconds == pytest.approx(1.5, abs=0.1)
    assert wide.content_type == "audio/mpeg"
    assert (await heard(await wide.read())).seconds == pytest.approx(1.5, abs=0.1)


async def test_a_voice_ends_after_three_days_and_is_still_played_by_its_terminal(
    open_provider: Any, open_relay: Any, tmp_path: Path
) -> None:
    ahead = 0.0
    async with (
        open_provider() as provider,
        open_relay(provider, tmp_path, clock=lambda: time.time() + ahead) as relay,
    ):
        await relay.terminal.post("/api/follow", number="banli")
        _, shown = await relay.terminal.speak(recorded(), "nonce-0001")
        await provider.until(2)
        ahead = 3 * 86400.0
        token, id = await relay.token(), provider.received[-1].media_id
        _, told = await relay.terminal.get(f"/cgi-bin/media/get?access_token={token}&media_id={id}")

        assert told["errcode"] == 40007
        async with relay.terminal.client.get(relay.url + shown["voice"]["address"]) as response:
            assert response.status == 200


async def test_a_recording_that_is_posted_twice_is_one_message(relay: Any) -> None:
    first = await relay.terminal.speak(recorded(), "nonce-0001")
    again = await relay.terminal.speak(recorded(), "nonce-0001")
    await relay.terminal.say("说完了", "nonce-0002")
    await relay.provider.until(3)

    assert first[1]["id"] == again[1]["id"]
    assert [message.type for message in relay.provider.received[1:]].count("voice") == 1


@pytest.mark.parametrize(
    ("upload", "status", "words"),
    [
        (wav.written(tone(0.1)), 400, "说话时间太短"),
        (wav.written(tone(61)), 400, "语音不能超过 60 秒"),
        (wav.written(bytes(2 * RATE)), 400, "没有听到声音，请检查麦克风"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), 415, "这个文件不是语音"),
        (b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", 415, "这个文件不是语音"),
        (recorded()[:60], 400, "这段语音已损坏，放不出来"),
        (b"", 415, "这个文件不是语音"),
        (bytes(10 * 1024 * 1024 + 1), 413, "文件太大"),
    ],
    ids=["short", "long", "silent", "picture", "playlist", "cut", "empty", "big"],
)
async def test_what_is_no_voice_is_refused_in_words(
    relay: Any, upload: bytes, status: int, words: str
) -> None:
    assert await relay.terminal.speak(upload, "nonce-0001") == (status, {"error": words})


async def test_a_voice_needs_a_name_and_an_account_that_is_followed(relay: Any) -> None:
    nameless = await relay.terminal.speak(recorded(), "short")
    await relay.terminal.post("/api/unfollow", account="demo")
    unfollowed = await relay.terminal.speak(recorded(), "nonce-0001")

    assert (nameless[0], unfollowed) == (400, (409, {"error": "请先关注这个公众号"}))


async def test_a_page_of_another_site_cannot_speak(relay: Any) -> None:
    address = f"{relay.url}/api/voice?account=demo&nonce=nonce-0001"
    async with relay.terminal.client.post(address, data=recorded()) as response:
        assert response.status == 403


async def test_a_terminal_plays_its_voice_whole_or_in_parts(relay: Any) -> None:
    _, shown = await relay.terminal.speak(recorded(), "nonce-0001")
    address, client = relay.url + shown["voice"]["address"], relay.terminal.client
    async with client.get(address) as response:
        whole = await response.read()
        assert (response.status, response.content_type) == (200, "audio/mpeg")
    async with client.get(address, headers={"Range": "bytes=0-1"}) as response:
        assert (response.status, await response.read()) == (206, whole[:2])
        assert response.headers["Content-Range"] == f"bytes 0-1/{len(whole)}"
    async with client.get(address, headers={"Range": "bytes=-3"}) as response:
        assert await response.read() == whole[-3:]
    for wrong in (f"bytes={len(whole)}-", "bytes=x"):
        async with client.get(address, headers={"Range": wrong}) as response:
            assert response.status == 416

    assert (await heard(whole)).seconds == pytest.approx(1.5, abs=0.1)


async def test_a_voice_of_another_terminal_is_not_played(relay: Any) -> None:
    _, shown = await relay.terminal.speak(recorded(), "nonce-0001")
    said = await relay.terminal.say("一句话", "nonce-0002")
    assert (await relay.terminal.get(f"/voice/{said['id']}"))[0] == 404

    await relay.terminal.post("/api/sign-up", name="赵六", password="secret")
    assert (await relay.terminal.get(shown["voice"]["address"]))[0] == 404


async def upload(relay: Any, file: bytes, kind: str = "voice") -> Any:
    form = aiohttp.FormData()
    form.add_field("media", io.BytesIO(file), filename="a.amr", content_type="audio/amr")
    address = f"{relay.url}/cgi-bin/media/upload?access_token={await relay.token()}&type={kind}"
    async with relay.terminal.client.post(address, data=form) as response:
        return await response.json()


async def test_a_provider_answers_with_a_voice_that_the_page_can_play(relay: Any) -> None:
    id = (await upload(relay, encoding.amr(tone(2.0))))["media_id"]
    inner = f"<Voice><MediaId>{id}</MediaId></Voice>"
    relay.provider.answers.append(lambda message: relay.provider.reply(message, "voice", inner))
    asked = await relay.terminal.say("说给我听", "nonce-0001")

    shown = await relay.terminal.until(lambda message: message["direction"] == "down")
    assert (shown["kind"], shown["answers"]) == ("voice", asked["id"])
    assert shown["voice"]["seconds"] == pytest.approx(2.0, abs=0.1)
    async with relay.terminal.client.get(relay.url + shown["voice"]["address"]) as response:
        assert response.content_type == "audio/mpeg"
        assert (await heard(await response.read())).seconds == pytest.approx(2.0, abs=0.2)


async def test_a_late_voice_is_shown_and_a_picture_is_none(relay: Any) -> None:
    id = (await upload(relay, encoding.mp3(tone(2.0))))["media_id"]
    address = f"{relay.url}/cgi-bin/message/custom/send?access_token={await relay.token()}"
    body = {"touser": relay.provider.requests[0][0]["openid"], "msgtype": "voice"}
    body["voice"] = {"media_id": id}
    async with relay.terminal.client.post(address, json=body) as response:
        assert (await response.json())["errcode"] == 0
    body |= {"msgtype": "image", "image": {"media_id": id}}
    async with relay.terminal.client.post(address, json=body) as response:
        assert (await response.json())["errcode"] == 40007

    shown = await relay.terminal.until(lambda message: message["kind"] == "voice")
    assert shown["voice"]["seconds"] == pytest.approx(2.0, abs=0.2)


async def test_a_voice_is_no_image_answer(relay: Any) -> None:
    id = (await upload(relay, encoding.mp3(tone(1.0))))["media_id"]
    inner = f"<Image><MediaId>{id}</MediaId></Image>"
    relay.provider.answers.append(lambda message: relay.provider.reply(message, "image", inner))
    await relay.terminal.say("图呢", "nonce-0001")

    await relay.terminal.hears(OUT_OF_ORDER)


@pytest.mark.parametrize(
    ("file", "kind", "code"),
    [
        (wav.written(tone(1.0)), "voice", 40005),
        (b"#!AMR\n", "voice", 40005),
        (encoding.mp3(tone(61)), "voice", 45007),
        (bytes(2 * 1024 * 1024 + 1), "voice", 40010),
        (encoding.mp3(tone(1.0)), "video", 40005),
        (encoding.mp3(tone(1.0)), "film", 40004),
        (encoding.mp3(tone(1.0)), "image", 40005),
    ],
    ids=["wav", "nothing", "long", "big", "video", "film", "image"],
)
async def test_an_upload_that_is_no_voice_is_refused_with_its_code(
    relay: Any, file: bytes, kind: str, code: int
) -> None:
    assert (await upload(relay, file, kind))["errcode"] == code


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (TooSlow(limit=5.0), 500, "现在太忙，请再发一次"),
        (Busy(waiting=32), 503, "现在语音太多，请稍后再发"),
        (NotWorking("no decoding process came up"), 500, "语音暂时发不了，请打字"),
    ],
)
def test_what_is_not_the_recordings_fault_is_not_said_of_it(
    error: SpeechError, status: int, words: str
) -> None:
    refused = refusal(error)
    assert (refused.status, str(refused)) == (status, words)
