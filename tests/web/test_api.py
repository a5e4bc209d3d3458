"""Other programs at `/v1/messages`: one answer a message, whatever is sent again or sent wrong."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import text
from structlog.testing import capture_logs

from engine import late
from engine.acting import Backends
from engine.business.http import Answer as HttpAnswer
from engine.business.provider import Business
from engine.channels.api import messages
from engine.channels.api.openapi import PROBLEM
from engine.limits import Limits, Rate
from engine.message import Button, Kind, Picture, Reply
from engine.settings import ApiAccount
from engine.store import Store, asked, held
from engine.store.forget import forget
from tests.web.fakes import KEY, NOW, Platform, ScriptedTurns, programs

HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
async def shop(serve: Any) -> AsyncIterator[Platform]:
    async with serve(programs=programs()) as platform:
        yield platform


async def send(
    shop: Platform, message: Any, *, headers: dict[str, str] = HEADERS
) -> tuple[int, Any]:
    async with shop.client.post(
        f"{shop.url}/v1/messages", json=message, headers=headers
    ) as response:
        return response.status, await response.json(content_type=None)


async def look(shop: Platform, id: str) -> tuple[int, Any]:
    async with shop.client.get(f"{shop.url}/v1/messages/{id}", headers=HEADERS) as response:
        return response.status, await response.json(content_type=None)


def said(text: str, *, id: str = "m1", customer: str = "c1") -> dict[str, str]:
    return {"id": id, "customer": customer, "text": text}


async def test_a_message_is_answered_in_parts(shop: Platform, turns: ScriptedTurns) -> None:
    turns.script["选座"] = (
        Reply(
            text="请选座位",
            heard="听到：选座",
            picture=Picture("seat_map", {}, "12A 空", "P1"),
            buttons=(Button("靠窗", "seat=12A"),),
        ),
        Reply(text="看这里", link="https://example.org/x", transfer=True),
    )
    status, answer = await send(shop, said("选座"))
    assert status == 200
    assert answer == {
        "id": "m1",
        "status": "answered",
        "handed_over": True,
        "parts": [
            {"type": "heard", "text": "听到：选座"},
            {"type": "text", "text": "请选座位"},
            {"type": "picture", "url": "https://example.com/media/P1.png", "alt": "12A 空"},
            {"type": "link", "url": "https://example.com/seats/P1"},
            {"type": "choices", "choices": [{"label": "靠窗", "choice": "seat=12A"}]},
            {"type": "text", "text": "看这里"},
            {"type": "link", "url": "https://example.org/x"},
        ],
    }


async def test_choices_places_and_recordings_reach_the_engine(
    shop: Platform, turns: ScriptedTurns
) -> None:
    who = {"customer": "c1"}
    await send(shop, {"id": "1", **who, "choice": "/topup"})
    place = {"latitude": 31.2, "longitude": 121.5, "label": "上海"}
    await send(shop, {"id": "2", **who, "location": place})
    await send(shop, {"id": "4", **who, "image": base64.b64encode(b"png").decode()})
    voice = base64.b64encode(bytes(100_000)).decode()
    _, answer = await send(shop, {"id": "3", **who, "voice": voice})
    assert answer["parts"] == [{"type": "text", "text": "100000 bytes"}]
    taken = [(each.kind, each.payload, each.text) for each in turns.taken]
    assert taken == [
        (Kind.TEXT, "/topup", ""),
        (Kind.LOCATION, "", "上海"),
        (Kind.IMAGE, "", ""),
        (Kind.VOICE, "", ""),
    ]


async def test_a_recording_may_come_as_a_file(shop: Platform, turns: ScriptedTurns) -> None:
    async def post(size: int, name: str = "voice") -> tuple[int, Any]:
        form = FormData({"id": "f1", "customer": "c1"})
        form.add_field(name, bytes(size), filename="a.amr")
        url = f"{shop.url}/v1/messages"
        async with shop.client.post(url, data=form, headers=HEADERS) as response:
            return response.status, await response.json(content_type=None)

    first = await post(1000)
    assert first[0] == 200
    assert await post(1000) == first
    assert (await post(1001))[0] == 422
    assert (await post(1000, "text"))[0] == 400
    as_base64 = {"id": "f1", "customer": "c1", "voice": base64.b64encode(bytes(1000)).decode()}
    assert await send(shop, as_base64) == first
    assert [each.kind for each in turns.taken] == [Kind.VOICE]


async def test_a_turn_that_fails_is_a_problem_and_may_be_sent_again(
    shop: Platform, turns: ScriptedTurns
) -> None:
    with capture_logs() as logged:
        status, problem = await send(shop, said("bug"))
    assert (status, problem["status"], problem["title"]) == (500, 500, "Failed")
    assert [line["event"] for line in logged] == ["turn failed", "request refused"]
    assert (await send(shop, said("bug")))[0] == 500
    assert len(turns.taken) == 2


async def test_a_database_that_fails_is_a_problem_too(shop: Platform, store: Store) -> None:
    async with store.writing() as connection:
        await connection.execute(text("ALTER TABLE api_messages RENAME TO gone"))
    async with shop.client.post(
        f"{shop.url}/v1/messages", json=said("你好"), headers=HEADERS
    ) as response:
        assert (response.status, response.content_type) == (500, PROBLEM)


async def test_sent_again_it_joins_the_work_and_gets_the_same_answer(
    shop: Platform, turns: ScriptedTurns
) -> None:
    turns.open.clear()
    both = [asyncio.create_task(send(shop, said("你好"))) for _ in range(2)]
    await turns.begun["你好"].wait()
    turns.open.set()
    first, second = await asyncio.gather(*both)
    assert first == second == await send(shop, said("你好"))
    assert len(turns.taken) == 1


async def test_what_a_lost_process_had_in_work_is_done_when_it_is_sent_again(
    shop: Platform, store: Store, turns: ScriptedTurns
) -> None:
    message = messages.read(json.dumps(said("你好")).encode())
    who = {"account": "shop", "openid": "c1"}
    await asked.ask(store, id="m1", digest=message.digest, now=NOW, **who)
    assert (await look(shop, "m1"))[0] == 202
    assert (await send(shop, said("你好")))[0] == 200
    assert len(turns.taken) == 1


async def test_who_is_forgotten_leaves_no_message(shop: Platform, store: Store) -> None:
    await send(shop, said("你好"))
    async with store.writing() as connection:
        await forget(connection, account="shop", openid="c1")
    assert (await look(shop, "m1"))[0] == 404


async def test_an_id_is_good_for_one_message_only(shop: Platform, turns: ScriptedTurns) -> None:
    await send(shop, said("你好"))
    status, problem = await send(shop, said("再见"))
    assert (status, problem["status"]) == (422, 422)
    assert len(turns.taken) == 1


async def test_what_takes_long_is_looked_for_later(serve: Any, turns: ScriptedTurns) -> None:
    turns.open.clear()
    async with serve(programs=programs(), budget=0.05) as shop:
        assert (await send(shop, said("你好")))[0] == 202
        assert (await look(shop, "m1"))[0] == 202
        turns.open.set()
        # The work ends on its own; sending it again waits for it.
        while (await send(shop, said("你好")))[0] == 202:
            pass
        status, answer = await look(shop, "m1")
        assert (status, answer["parts"]) == (200, [{"type": "text", "text": "说了你好"}])
        assert (await look(shop, "m2"))[0] == 404


async def test_what_waited_for_the_customer_comes_with_the_next_answer_once(
    shop: Platform, store: Store, turns: ScriptedTurns
) -> None:
    async with store.writing() as connection:
        who = {"account": "shop", "openid": "c1"}
        await late.put(connection, [Reply(text="航班改了")], **who, due=held.HELD)
    told = [part["text"] for part in (await send(shop, said("你好")))[1]["parts"]]
    assert told == ["航班改了", "说了你好"]
    again = (await send(shop, said("你好")))[1]["parts"]
    assert [part["text"] for part in again] == told
    later = (await send(shop, said("在吗", id="m2")))[1]["parts"]
    assert [part["text"] for part in later] == ["说了在吗"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {KEY}"}],
    ids=["none", "wrong", "basic"],
)
async def test_who_has_no_key_is_not_heard(
    shop: Platform, turns: ScriptedTurns, headers: dict[str, str]
) -> None:
    assert (await send(shop, said("你好"), headers=headers))[0] == 401
    assert turns.taken == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"no json", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"id": "1", "customer": "c"}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "text": "a", "choice": "b"}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "text": "a", "voice": null}', "application/json", 400),
        (b'{"id": "1\\n", "customer": "c", "text": "a"}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "voice": "?"}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "text": "a", "more": 1}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "text": "\xff"}', "application/json", 400),
        (b'{"id": "1", "customer": "c", "text": "a"}', "text/plain", 415),
        (b"no form", "multipart/form-data; boundary=x", 400),
        (b"no form", "multipart/form-data", 400),
        (bytes(4 * 1024 * 1024), "application/json", 413),
    ],
    ids=[
        *(
            "words",
            "list",
            "deep",
            "nothing",
            "both",
            "null",
            "line-end",
            "base64",
            "more",
            "utf-8",
        ),
        *("plain", "form", "boundless", "large"),
    ],
)
async def test_what_is_wrong_with_a_message_is_told_as_a_problem(
    shop: Platform, turns: ScriptedTurns, body: bytes, kind: str, status: int
) -> None:
    headers = {**HEADERS, "Content-Type": kind}
    async with shop.client.post(
        f"{shop.url}/v1/messages", data=io.BytesIO(body), headers=headers
    ) as response:
        problem = await response.json(content_type=None)
        assert response.content_type == PROBLEM
        assert (response.status, problem["status"]) == (status, status)
    assert turns.taken == []


async def test_who_writes_too_fast_is_told(serve: Any, turns: ScriptedTurns) -> None:
    bound = Limits(customer=Rate(2, 1), account=Rate(100, 1), clock=lambda: 1.0)
    async with serve(programs=programs(), limits=bound) as shop:
        statuses = [(await send(shop, said("你好", id=f"m{n}")))[0] for n in range(4)]
    assert statuses == [200, 200, 429, 429]


async def test_the_document_says_which_messages_there_are(shop: Platform) -> None:
    async with shop.client.get(f"{shop.url}/v1/openapi.json") as response:
        document = await response.json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {"/v1/messages", "/v1/messages/{id}"}
    assert len(document["components"]["schemas"]["Message"]["oneOf"]) == 5


async def test_what_takes_long_is_told_to_the_webhook_once(
    serve: Any, store: Store, turns: ScriptedTurns
) -> None:
    posted = asyncio.Queue[tuple[str, bytes]]()

    async def post(
        url: str, *, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> HttpAnswer:
        await posted.put((url, body))
        return HttpAnswer(204, b"")

    (shop_account,) = programs()
    told = {"webhook": "https://shop.example/hook", "webhook_secret": "s"}
    account = ApiAccount.model_validate({**shop_account.model_dump(), **told})
    turns.open.clear()
    backends = Backends(Business("none"), post)
    async with serve(programs=(account,), budget=0.05, backends=backends) as shop:
        assert [(await send(shop, said("你好")))[0] for _ in range(2)] == [202, 202]
        turns.open.set()
        url, body = await posted.get()
        assert url == "https://shop.example/hook"
        pushed = json.loads(body)
        assert (pushed["customer"], pushed["answers"]) == ("c1", "m1")
        assert pushed["parts"] == [{"type": "text", "text": "说了你好"}]
        assert (await look(shop, "m1"))[0] == 200
    assert posted.empty()
