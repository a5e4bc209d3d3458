from __future__ import annotations

from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto

from engine.relay.accounts import register
from engine.relay.answer import Question, parse
from engine.relay.content import Article, Content
from engine.relay.errors import BadAnswer

TOKEN, AES_KEY, APPID = "relaytoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx0123"
ENVELOPE = {"ToUserName": "oCustomer", "FromUserName": "gh_1", "CreateTime": "1700000000"}
ARTICLE = "<item><Title>题</Title><PicUrl>http://p/1.png</PicUrl><Url>http://u</Url></item>"


def question(mode: str = "plain", articles: int = 1) -> Question:
    keys = dict(name="demo", id="gh_1", appid=APPID, secret="s", token=TOKEN, aes_key=AES_KEY)
    listing = {"url": "http://provider.test/", "title": "演示", "number": "banli"}
    return Question(register("test", keys | {"mode": mode}, listing), "oCustomer", articles)


def answer(kind: str, inner: str, **changes: str) -> str:
    fields = {**ENVELOPE, "MsgType": kind, **changes}
    told = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<xml>{told}{inner}</xml>"


TEXT = answer("text", "<Content>好</Content>")


def encrypted(token: str = TOKEN, appid: str = APPID) -> str:
    return WeChatCrypto(token, AES_KEY, appid).encrypt_message(TEXT, "n0nce", "1700000000")


@pytest.mark.parametrize("body", [b"", b"success", b" success\n"])
def test_silence_is_no_answer(body: bytes) -> None:
    assert parse(body, question("safe")) is None


@pytest.mark.parametrize("mode", ["compat", "safe"])
def test_an_encrypted_answer_is_opened(mode: str) -> None:
    assert parse(encrypted().encode(), question(mode)) == Content("text", text="好")


@pytest.mark.parametrize("mode", ["plain", "compat"])
def test_a_clear_answer_is_taken_outside_of_safe_mode(mode: str) -> None:
    assert parse(TEXT.encode(), question(mode)) == Content("text", text="好")


def test_surplus_articles_are_dropped() -> None:
    body = answer("news", f"<ArticleCount>2</ArticleCount><Articles>{ARTICLE * 2}</Articles>")
    article = Article(title="题", picture="http://p/1.png", url="http://u")

    assert parse(body.encode(), question()) == Content("news", articles=(article,))
    shown = parse(body.encode(), question(articles=8))
    assert shown == Content("news", articles=(article, article))


def test_an_image_is_shown_by_its_medium() -> None:
    body = answer("image", "<Image><MediaId>m1</MediaId></Image>")
    assert parse(body.encode(), question()) == Content("image", media="m1")


@pytest.mark.parametrize("kind", ["transfer_customer_service", "transfer_biz_ai_ivr"])
def test_handing_over_shows_nothing(kind: str) -> None:
    assert parse(answer(kind, "").encode(), question()) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"ok": true}', "not XML"),
        ("<!DOCTYPE xml [<!ENTITY a 'b'>]><xml>&a;</xml>", "not XML"),
        ("<html/>", "root element is <html>"),
        (answer("text", ""), "<Content> is missing"),
        (answer("text", "<Content> </Content>"), "<Content> is empty"),
        (answer("text", "<Content>好</Content>", ToUserName="gh_1"), "ToUserName"),
        (answer("text", "<Content>好</Content>", FromUserName="oCustomer"), "FromUserName"),
        (answer("text", "<Content>好</Content>", CreateTime="1700000000000"), "CreateTime"),
        (answer("text", "<Content>好</Content>", CreateTime="now"), "CreateTime"),
        (answer("news", "<ArticleCount>2</ArticleCount><Articles/>"), "ArticleCount"),
        (answer("sticker", ""), "MsgType is 'sticker'"),
        (encrypted(), "in plain mode"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(body: str, reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        parse(body.encode(), question())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (TEXT, "clear"),
        (encrypted(token="othertoken"), "MsgSignature"),
        (encrypted(appid="wxOther"), "another AppID"),
        (encrypted().replace("<Encrypt>", "<Cipher>").replace("</Encrypt>", "</Cipher>"), "clear"),
    ],
)
def test_safe_mode_takes_only_what_is_sealed_for_it(body: Any, reason: str) -> None:
    with pytest.raises(BadAnswer, match=reason):
        parse(body.encode(), question("safe"))
