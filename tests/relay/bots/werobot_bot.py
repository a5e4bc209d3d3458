"""A bot as WeRoBot's users write it, served by its own app."""

from __future__ import annotations

import io
from typing import Any

from here import PNG, SETTINGS, serve, turn_to_relay
from werobot import WeRoBot
from werobot.replies import ImageReply

robot = WeRoBot(
    SESSION_STORAGE=False,
    TOKEN=SETTINGS["token"],
    APP_ID=SETTINGS["appid"],
    APP_SECRET=SETTINGS["secret"],
    ENCODING_AES_KEY=SETTINGS["aes_key"],
)


@robot.subscribe
def welcome(message: Any) -> str:
    return "欢迎"


@robot.click
def clicked(message: Any) -> str:
    return f"点了 {message.key}"


@robot.filter("图")
def picture(message: Any) -> Any:
    file = io.BytesIO(PNG)
    file.name = "a.png"
    uploaded = robot.client.upload_media("image", file)
    return ImageReply(message=message, media_id=uploaded["media_id"])


@robot.text
def echo(message: Any) -> str | None:
    if message.content == "晚点":
        robot.client.send_text_message(message.source, "晚到的话")
        # Not SuccessReply: WeRoBot encrypts it, and the platform documents a clear `success` only.
        return None
    return f"你说：{message.content}"


@robot.voice
def voice(message: Any) -> str:
    return f"声音 {robot.client.download_media(message.media_id).content[:5].decode()}"


turn_to_relay()
serve(robot.wsgi)
