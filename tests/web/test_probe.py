"""A provider probed in each of the three modes, with wechatpy as the platform's cryptography."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner, to_text

from engine.channels.wechat.xml import cdata
from tests.web.fakes import AES_KEY, APPID, NOW, TOKEN, Platform, ScriptedTurns

MODES = ("plain", "compat", "safe")
STAMP, NONCE = str(int(NOW.timestamp())), "735849201"


def signed(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(TOKEN, STAMP, NONCE, *parts)
    return str(signer.signature)


class Probe:
    """One mode of the platform."""

    def __init__(self, platform: Platform, mode: str) -> None:
        self.platform = platform
        self.mode = mode
        self.crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)

    async def push(self, inner: str) -> tuple[int, str]:
        """Send a message, sealed where the mode wants it; the answer is opened."""
        return await self.send(*self.sealed(self.message(inner)))

    def message(self, inner: str, *, msg_id: int = 0) -> str:
        number = msg_id or next(self.platform.numbers)
        common = f"<ToUserName>gh_{self.mode}</ToUserName><FromUserName>o1</FromUserName>"
        stamp = f"<CreateTime>{STAMP}</CreateTime><MsgId>{number}</MsgId>"
        return f"<xml>{common}{stamp}{inner}</xml>"

    def sealed(self, xml: str) -> tuple[str, dict[str, str]]:
        query = {"signature": signed(), "timestamp": STAMP, "nonce": NONCE, "openid": "o1"}
        if self.mode == "plain":
            return xml, query
        outer = self.crypto.encrypt_message(xml, NONCE, STAMP)
        encrypted = outer.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        query |= {"encrypt_type": "aes", "msg_signature": signed(encrypted)}
        clear = xml[5:-6] if self.mode == "compat" else f"<ToUserName>gh_{self.mode}</ToUserName>"
        return f"<xml>{clear}<Encrypt>{cdata(encrypted)}</Encrypt></xml>", query

    async def send(self, body: str, query: Mapping[str, str]) -> tuple[int, str]:
        status, answer = await self.platform.push(body, to=self.mode, query=query)
        return status, self.opened(answer) if status == 200 else answer

    def opened(self, answer: str) -> str:
        if self.mode == "plain" or answer == "success":
            return answer
        outer = xmltodict.parse(answer)["xml"]
        return to_text(
            self.crypto.decrypt_message(
                answer, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
            )
        )


@pytest.fixture(params=MODES)
def probe(platform: Platform, request: pytest.FixtureRequest) -> Probe:
    return Probe(platform, request.param)


def text(words: str) -> str:
    return f"<MsgType>text</MsgType><Content>{cdata(words)}</Content>"


async def test_the_address_is_verified(probe: Probe) -> None:
    query = {"signature": signed(), "timestamp": STAMP, "nonce": NONCE, "echostr": "8273641"}
    address = f"{probe.platform.url}/wechat/{probe.mode}"
    async with probe.platform.client.get(address, params=query) as response:
        assert (response.status, await response.text()) == (200, "8273641")
    async with probe.platform.client.get(address, params=query | {"nonce": "1"}) as response:
        assert response.status == 403
        assert "8273641" not in await response.text()


async def test_messages_of_every_length_come_through_the_padding(probe: Probe) -> None:
    for length in range(1, 34):
        status, answer = await probe.push(text("长" * length))
        assert status == 200
        assert parse_message(answer).content == "说了" + "长" * length


@pytest.mark.parametrize("words", ["a]]>b", "<![CDATA[x]]>", "&amp;<b>", "]]]]>>", "😀\t\n末"])
async def test_any_words_come_back_as_they_were(probe: Probe, words: str) -> None:
    _, answer = await probe.push(text(words))
    assert parse_message(answer).content == f"说了{words}"


@pytest.mark.parametrize(
    "inner",
    [
        "<MsgType>hologram</MsgType>",
        "<MsgType>event</MsgType><Event>teleport</Event>",
        "<MsgType>event</MsgType><Event>VIEW</Event><EventKey>http://x</EventKey><MenuId>1</MenuId>",
        "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>9</MsgID>"
        "<Status>failed:user block</Status>",
        "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>"
        "<List><TemplateId>t</TemplateId></List><List/></SubscribeMsgPopupEvent>",
        "<MsgType>event</MsgType><Event>pic_weixin</Event><EventKey>k</EventKey><SendPicsInfo>"
        "<Count>1</Count><PicList><item><PicMd5Sum>5a</PicMd5Sum></item></PicList></SendPicsInfo>",
    ],
)  # fmt: skip
async def test_what_wants_no_answer_is_acknowledged(
    probe: Probe, turns: ScriptedTurns, inner: str
) -> None:
    assert await probe.push(inner) == (200, "success")
    assert turns.taken == []


async def test_three_requests_at_once_are_one_turn_and_one_answer(
    probe: Probe, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    xml = probe.message(text("充一百"), msg_id=2**63 - 1)
    # The platform seals each try anew.
    tries = [asyncio.create_task(probe.send(*probe.sealed(xml))) for _ in range(3)]
    await turns.begun["充一百"].wait()
    turns.open.set()
    (first, *others) = [await each for each in tries]
    assert first[0] == 200
    assert others == [first, first]
    assert len({inbound.key for inbound in turns.taken}) == 1


@pytest.mark.parametrize("field", ["signature", "msg_signature", "timestamp", "nonce"])
async def test_a_changed_query_is_refused(probe: Probe, turns: ScriptedTurns, field: str) -> None:
    body, query = probe.sealed(probe.message(text("充一百")))
    is_encrypted = probe.mode != "plain"
    # With a ciphertext the other signature counts: it covers the message.
    counts = field in {"timestamp", "nonce"} or (field == "msg_signature") == is_encrypted
    status, _ = await probe.send(body, query | {field: "0"})
    assert status == (403 if counts else 200)
    assert len(turns.taken) == (0 if counts else 1)


@pytest.mark.parametrize("damage", ["", "AAAA", "*", "A" * 43 + "=", "密"])
async def test_a_ciphertext_that_is_none_is_refused(
    platform: Platform, turns: ScriptedTurns, damage: str
) -> None:
    for mode in MODES:
        query = {"timestamp": STAMP, "nonce": NONCE, "encrypt_type": "aes"}
        query["msg_signature"] = signed(damage)
        body = f"<xml><ToUserName>gh_{mode}</ToUserName><Encrypt>{damage}</Encrypt></xml>"
        assert (await platform.push(body, to=mode, query=query))[0] == 400
    assert turns.taken == []


@pytest.mark.parametrize(("size", "status"), [(2048, 200), (20_000, 200), (64 * 1024, 413)])
async def test_a_message_may_be_large_but_not_huge(probe: Probe, size: int, status: int) -> None:
    assert (await probe.push(text("a" * size)))[0] == status
