"""What becomes of replies in the outbox, with a platform that answers as scripted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import late
from engine.channels.wechat.compose import Composer
from engine.channels.wechat.errors import ApiError, ApiRefused, ApiUnreachable
from engine.channels.wechat.sender import LEASE, Line, Sender
from engine.channels.wechat.standing import Standing
from engine.channels.wechat.verdicts import ATTEMPTS, RETRY_FIRST, RETRY_MOST
from engine.message import Reply
from engine.store import Store, held, outbox
from engine.store.schema import outbox as table

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


class ScriptedApi:
    """Takes messages; raises the next scripted error, where None is success."""

    def __init__(self, *outcomes: ApiError | None) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []

    async def call(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        raise AssertionError(f"nothing is called but {path}")

    async def send(self, message: Mapping[str, Any]) -> None:
        error = self.outcomes.pop(0) if self.outcomes else None
        if error is not None:
            raise error
        self.sent.append(message["text"]["content"])


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def sender(store: Store, api: ScriptedApi, clock: Clock | None = None) -> Sender:
    composer = Composer("https://example.com")
    lines = {
        name: Line(composer, Standing(name, may_write=name == "airline"), api)
        for name in ("airline", "unverified")
    }
    return Sender(store, lines, clock=clock or Clock(), pause=0)


async def owe(store: Store, *texts: str, account: str = "airline") -> None:
    replies = [Reply(text=text) for text in texts]
    async with store.writing() as connection:
        await late.put(connection, replies, account=account, openid="o1", due=NOW)


async def due(store: Store, at: datetime) -> tuple[Reply, ...]:
    """What could be claimed at a time; leaves it leased."""
    async with store.writing() as connection:
        second = timedelta(seconds=1)
        return late.replies(
            await outbox.claim(connection, now=at, accounts=["airline"], lease=second)
        )


async def test_what_is_due_is_sent_in_order_and_gone(store: Store) -> None:
    api = ScriptedApi()
    await owe(store, "一", "二")
    await owe(store, "三")
    assert await sender(store, api).sweep() == 2
    assert api.sent == ["一", "二", "三"]
    assert await due(store, NOW + 2 * LEASE) == ()


async def test_a_single_reply_of_the_engine_is_read_too(store: Store) -> None:
    api = ScriptedApi()
    async with store.writing() as connection:
        await outbox.put(
            connection, account="airline", openid="o1", reply=b'{"text":"\xe4\xb8\x80"}', due=NOW
        )
    await sender(store, api).sweep()
    assert api.sent == ["一"]


@pytest.mark.parametrize(
    "error", [ApiUnreachable("timeout"), ApiRefused(-1, "busy"), ApiRefused(45011, "too often")]
)
async def test_a_passing_trouble_is_tried_again_later(store: Store, error: ApiError) -> None:
    await owe(store, "一")
    await sender(store, ScriptedApi(error)).sweep()
    assert await due(store, NOW + RETRY_FIRST - timedelta(seconds=1)) == ()
    assert await due(store, NOW + RETRY_FIRST) == (Reply(text="一"),)


async def due_at(store: Store) -> datetime | None:
    async with store.reading() as connection:
        at: datetime | None = await connection.scalar(select(table.c.due))
        return at


async def test_the_wait_doubles_up_to_a_limit_and_then_the_reply_is_given_up(store: Store) -> None:
    clock, waits = Clock(), []
    sending = sender(store, ScriptedApi(*[ApiUnreachable("timeout")] * ATTEMPTS), clock)
    await owe(store, "一")
    await sending.sweep()
    while at := await due_at(store):
        waits.append(at - clock.now)
        clock.now = at
        await sending.sweep()
    assert waits[:3] == [RETRY_FIRST, 2 * RETRY_FIRST, 4 * RETRY_FIRST]
    assert max(waits) == RETRY_MOST
    assert len(waits) == ATTEMPTS - 1


@pytest.mark.parametrize("code", [40033, 47001, 99999])
async def test_what_will_never_be_taken_is_kept_for_people_and_not_repeated(
    store: Store, code: int
) -> None:
    await owe(store, "一")
    await sender(store, ScriptedApi(ApiRefused(code, "no"))).sweep()
    assert await due(store, NOW + timedelta(days=300)) == ()
    async with store.reading() as connection:
        assert await held.of(connection, account="airline", openid="o1") == []


async def test_what_has_arrived_is_not_sent_again_with_the_rest(store: Store) -> None:
    api = ScriptedApi(None, ApiUnreachable("timeout"))
    clock = Clock()
    sending = sender(store, api, clock)
    await owe(store, "一", "二", "三")
    await sending.sweep()
    assert api.sent == ["一"]
    clock.now += RETRY_FIRST
    await sending.sweep()
    assert api.sent == ["一", "二", "三"]


async def test_a_reply_that_is_none_does_not_stop_the_others(store: Store) -> None:
    api = ScriptedApi()
    async with store.writing() as connection:
        await outbox.put(connection, account="airline", openid="o1", reply=b"\xff", due=NOW)
    await owe(store, "一")
    await sender(store, api).sweep()
    assert api.sent == ["一"]


async def test_replies_of_an_account_that_cannot_write_wait_for_the_next_message(
    store: Store,
) -> None:
    await owe(store, "一", account="unverified")
    await sender(store, ScriptedApi()).sweep()
    async with store.reading() as connection:
        rows = await held.of(connection, account="unverified", openid="o1")
    assert late.replies(rows) == (Reply(text="一"),)
