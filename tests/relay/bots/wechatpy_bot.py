"""A bot as wechatpy's users write it, on a bare WSGI app."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qsl

from here import PNG, SETTINGS, serve, turn_to_relay
from wechatpy import WeChatClient, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import ImageReply, TextReply
from wechatpy.utils import check_signature

client = WeChatClient(SETTINGS["appid"], SETTINGS["secret"])
crypto = SETTINGS["aes_key"] and WeChatCrypto(
    SETTINGS["token"], SETTINGS["aes_key"], SETTINGS["appid"]
)


def answer(message: Any) -> str:
    if message.type == "event":
        told = {"subscribe": "欢迎", "click": f"点了 {getattr(message, 'key', '')}"}
        text = told.get(message.event)
        return TextReply(content=text, message=message).render() if text else "success"
    if message.type == "voice":
        start = client.media.download(message.media_id).content[:5].decode()
        return TextReply(content=f"声音 {start}", message=message).render()
    if message.content == "图":
        uploaded = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
        return ImageReply(media_id=uploaded["media_id"], message=message).render()
    if message.content == "晚点":
        client.message.send_text(message.source, "晚到的话")
        return "success"
    return TextReply(content=f"你说：{message.content}", message=message).render()


def handled(query: dict[str, str], body: bytes) -> str:
    timestamp, nonce = query["timestamp"], query["nonce"]
    check_signature(SETTINGS["token"], query["signature"], timestamp, nonce)
    if "echostr" in query:
        return query["echostr"]
    if not crypto:
        return answer(parse_message(body))
    clear = crypto.decrypt_message(body, query["msg_signature"], timestamp, nonce)
    reply = answer(parse_message(clear))
    return reply if reply == "success" else crypto.encrypt_message(reply, nonce, timestamp)


def app(environ: Any, start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    told = handled(dict(parse_qsl(environ["QUERY_STRING"])), body).encode()
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [told]


turn_to_relay()
serve(app)
