"""One access token for all processes of an account, renewed before its end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from engine.channels.wechat.api import Api
from engine.channels.wechat.errors import ApiRefused, ApiUnreachable
from engine.settings import Account
from engine.store import Store, tokens
from tests.channels.wechat.conftest import SEND, TOKEN, Clock, Platform, refusal
from tests.web.fakes import APPID

MINUTE = timedelta(minutes=1)
HELLO = {"touser": "o1", "msgtype": "text", "text": {"content": "你好"}}


def process(account: Account, client: aiohttp.ClientSession, store: Store, clock: Clock) -> Api:
    """Another process over the same store."""
    return Api(account, client, store, clock=clock)


async def test_many_calls_of_many_processes_at_once_fetch_one_token(
    platform: Platform,
    airline: Account,
    client: aiohttp.ClientSession,
    store: Store,
    clock: Clock,
) -> None:
    workers = [process(airline, client, store, clock) for _ in range(4)]
    await asyncio.gather(*(worker.send(HELLO) for worker in workers for _ in range(5)))
    assert len(platform.at(TOKEN)) == 1
    assert {call.token for call in platform.at(SEND)} == {"token1"}
    asked = platform.at(TOKEN)[0].content
    assert (asked["grant_type"], asked["appid"]) == ("client_credential", APPID)


async def test_a_process_that_starts_later_uses_the_kept_token(
    platform: Platform,
    api: Api,
    airline: Account,
    client: aiohttp.ClientSession,
    store: Store,
    clock: Clock,
) -> None:
    await api.send(HELLO)
    await process(airline, client, store, clock).send(HELLO)
    assert len(platform.at(TOKEN)) == 1


async def test_a_token_is_renewed_five_minutes_before_its_end_and_not_before(
    platform: Platform, api: Api, clock: Clock
) -> None:
    await api.send(HELLO)
    clock.pass_(seconds=6899)
    await api.send(HELLO)
    assert len(platform.at(TOKEN)) == 1
    platform.stable = ""
    clock.pass_(seconds=1)
    await api.send(HELLO)
    assert [call.token for call in platform.at(SEND)] == ["token1", "token1", "token2"]


async def test_while_one_process_renews_the_others_use_the_token_that_still_lives(
    platform: Platform, api: Api, store: Store, clock: Clock
) -> None:
    await api.send(HELLO)
    clock.pass_(seconds=6950)
    async with store.writing() as connection:
        assert await tokens.claim(connection, APPID, refused="", now=clock(), lease=MINUTE)
    await api.send(HELLO)
    assert [call.token for call in platform.at(SEND)] == ["token1", "token1"]


async def test_a_process_that_died_while_renewing_is_replaced_when_its_lease_is_over(
    platform: Platform, api: Api, store: Store, clock: Clock
) -> None:
    async with store.writing() as connection:
        await tokens.claim(connection, APPID, refused="", now=clock(), lease=MINUTE)
    clock.pass_(seconds=60)
    await api.send(HELLO)
    assert [call.token for call in platform.at(SEND)] == ["token1"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(
    platform: Platform, api: Api, code: int
) -> None:
    platform.answers[SEND] = [refusal(code)]
    await api.send(HELLO)
    # The platform hands out what it has just refused: then a new one has to be forced.
    assert [call.content["force_refresh"] for call in platform.at(TOKEN)] == [False, False, True]
    assert [call.token for call in platform.at(SEND)] == ["token1", "token2"]
    platform.answers[SEND] = [refusal(code), refusal(code)]
    with pytest.raises(ApiRefused, match=str(code)):
        await api.send(HELLO)
    assert len(platform.at(SEND)) == 4


async def test_a_token_refused_to_many_is_renewed_once(
    platform: Platform,
    airline: Account,
    client: aiohttp.ClientSession,
    store: Store,
    clock: Clock,
) -> None:
    workers = [process(airline, client, store, clock) for _ in range(3)]
    for worker in workers:
        await worker.send(HELLO)
    platform.dead.add("token1")
    platform.stable = ""
    await asyncio.gather(*(worker.send(HELLO) for worker in workers))
    assert len(platform.at(TOKEN)) == 2


async def test_what_cannot_be_fetched_is_said_and_asked_for_again_by_the_next_call(
    platform: Platform, api: Api
) -> None:
    platform.answers[TOKEN] = [refusal(40164), {"access_token": None}, web.Response(status=502)]
    with pytest.raises(ApiRefused, match="40164"):
        await api.send(HELLO)
    for _ in range(2):
        with pytest.raises(ApiUnreachable):
            await api.send(HELLO)
    await api.send(HELLO)
    assert len(platform.at(SEND)) == 1
