"""A gateway at `/sms/NAME`: each message is taken once, and its answer leaves once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from engine.acting import Backends
from engine.business.http import Answer
from engine.business.provider import Business
from engine.channels.sms.account import SmsAccount
from engine.message import Reply
from tests.web.fakes import ScriptedTurns

SECRET = "of-the-gateway"


def number(**told: Any) -> SmsAccount:
    common = {"name": "phone", "channel": "sms", "secret": SECRET}
    send = {"url": "https://gateway.example/send", "headers": {"Authorization": "Key {secret}"}}
    return SmsAccount.model_validate({**common, "send": send, "send_secret": "out", **told})


class Gateway:
    """Takes what is sent, as the transport of a provider."""

    def __init__(self) -> None:
        self.sent = asyncio.Queue[tuple[dict[str, str], bytes]]()

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        await self.sent.put((dict(headers), body))
        return Answer(202, b"")

    @property
    def backends(self) -> Backends:
        return Backends(Business("none"), self)


def said(text: str = "你好", *, id: str = "g1", sender: str = "+86 13912345678") -> dict[str, str]:
    return {"id": id, "from": sender, "text": text}


async def post(platform: Any, *, name: str = "phone", secret: str = SECRET, **body: Any) -> int:
    headers = {"X-Secret": secret}
    url = f"{platform.url}/sms/{name}"
    async with platform.client.post(url, headers=headers, **body) as response:
        return int(response.status)


@pytest.mark.parametrize("how", ["json", "data"])
async def test_a_message_is_answered_through_the_gateway(serve: Any, how: str) -> None:
    gateway = Gateway()
    async with serve(phones=(number(),), backends=gateway.backends) as platform:
        assert await post(platform, **{how: said()}) == 204
        headers, body = await gateway.sent.get()
    told = json.loads(body)
    assert (told["to"], told["text"]) == ("+8613912345678", "说了你好")
    assert headers["Authorization"] == "Key out"


async def test_a_repeat_gets_nothing_twice(serve: Any, turns: ScriptedTurns) -> None:
    gateway = Gateway()
    turns.open.clear()
    async with serve(phones=(number(),), backends=gateway.backends) as platform:
        both = [asyncio.create_task(post(platform, json=said())) for _ in range(2)]
        await turns.begun["你好"].wait()
        turns.open.set()
        assert await asyncio.gather(*both) == [204, 204]
        assert await post(platform, json=said()) == 204
        assert await post(platform, json=said("再见", id="g2")) == 204
        texts = [json.loads((await gateway.sent.get())[1])["text"] for _ in range(2)]
    assert texts == ["说了你好", "说了再见"]
    assert gateway.sent.empty()


async def test_a_long_answer_leaves_as_several_messages_in_order(
    serve: Any, turns: ScriptedTurns
) -> None:
    gateway = Gateway()
    first, second = "一" * 60 + "。", "二" * 60
    turns.script["查"] = (Reply(text=first + second), Reply(text="完"))
    async with serve(phones=(number(),), backends=gateway.backends) as platform:
        await post(platform, json=said("查"))
        sent = [json.loads((await gateway.sent.get())[1]) for _ in range(3)]
    assert [each["text"] for each in sent] == [first, second, "完"]
    assert len({each["id"] for each in sent}) == 3


async def test_a_message_that_takes_long_is_sent_again_by_the_gateway(
    serve: Any, turns: ScriptedTurns
) -> None:
    gateway = Gateway()
    turns.open.clear()
    async with serve(phones=(number(),), backends=gateway.backends, budget=0.05) as platform:
        assert await post(platform, json=said()) == 503
        turns.open.set()
        await gateway.sent.get()
        assert await post(platform, json=said()) == 204
    assert gateway.sent.empty()


async def test_names_of_fields_and_the_form_of_a_call_are_the_accounts(serve: Any) -> None:
    gateway = Gateway()
    send = {
        "url": "https://gateway.example/send",
        "form": True,
        "body": {"mobile": "{to}", "content": "{text}", "key": "{secret}"},
    }
    names = {"id": "MessageSid", "sender": "From", "text": "Body"}
    account = number(fields=names, send=send)
    form = {"MessageSid": "g1", "From": "13912345678", "Body": "{secret}"}
    async with serve(phones=(account,), backends=gateway.backends) as platform:
        assert await post(platform, data=form) == 204
        _, body = await gateway.sent.get()
    # What a customer says is no template.
    assert body == b"mobile=13912345678&content=%E8%AF%B4%E4%BA%86%7Bsecret%7D&key=out"


async def test_a_signed_body_is_taken_and_a_changed_one_refused(serve: Any) -> None:
    gateway = Gateway()
    account = number(check="hmac")
    body = json.dumps(said()).encode()
    proof = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    url = {"headers": {"X-Secret": proof, "Content-Type": "application/json"}}
    async with serve(phones=(account,), backends=gateway.backends) as platform:
        statuses = []
        for data in (body, body.replace(b"g1", b"g2")):
            async with platform.client.post(
                f"{platform.url}/sms/phone", data=data, **url
            ) as response:
                statuses.append(response.status)
    assert statuses == [204, 401]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"json": said(), "name": "nobody"}, 404),
        ({"json": said(), "secret": "guessed-it"}, 401),
        ({"json": {"id": "g1"}}, 400),
        ({"json": [1]}, 400),
        ({"json": said(sender="Bank")}, 400),
        ({"json": said("")}, 400),
        ({"json": said("长" * 2001)}, 400),
        ({"json": {**said(), "text": True}}, 400),
        ({"data": b"\xff\xfe"}, 400),
    ],
    ids=["name", "secret", "missing", "list", "sender", "empty", "long", "bool", "bytes"],
)
async def test_what_is_wrong_is_refused_and_reaches_no_turn(
    serve: Any, turns: ScriptedTurns, request_: dict[str, Any], status: int
) -> None:
    async with serve(phones=(number(),)) as platform:
        assert await post(platform, **request_) == status
    assert turns.taken == []


async def test_a_turn_that_fails_is_to_be_sent_again(serve: Any, turns: ScriptedTurns) -> None:
    async with serve(phones=(number(),)) as platform:
        assert await post(platform, json=said("bug")) == 500
        assert await post(platform, json=said("bug")) == 500
    assert len(turns.taken) == 2


async def test_an_id_used_for_another_message_is_refused(serve: Any) -> None:
    async with serve(phones=(number(),)) as platform:
        assert await post(platform, json=said()) == 204
        assert await post(platform, json=said("另一条")) == 422
