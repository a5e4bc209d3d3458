"""One turn, one transaction: repeats, clashes, what is kept of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
import structlog

from engine.business.provider import Refused, Unavailable
from engine.meters import Meters
from engine.store import Store, conversation, schema, sessions
from engine.traces import turn_id
from engine.turn import Turned, Turns
from tests.canteen import (
    HERE,
    SCRIPT,
    Canteen,
    Listener,
    count,
    message,
    orders,
    ready,
    session_of,
    turns_of,
    words,
)


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either


@pytest.fixture
def canteen() -> Canteen:
    """What may go wrong in the canteen."""
    return Canteen()


@pytest.fixture
def listener() -> Listener:
    """Who understands."""
    return Listener()


@pytest.fixture
async def turns(store: Store, tmp_path: Path, canteen: Canteen, listener: Listener) -> Turns:
    """Turns whose effect is done in the turn's own transaction."""
    script = SCRIPT.replace("CALL", HERE)
    return await turns_of(store, tmp_path / "s", canteen, script=script, listener=listener)


async def test_deliveries_at_once_share_one_turn(
    turns: Turns, store: Store, listener: Listener
) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好")) for _ in range(5)))
    assert answers == [answers[0]] * 5
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_delivery_after_the_answer_gets_the_same_answer(
    turns: Turns, store: Store, listener: Listener
) -> None:
    await ready(turns)
    first = await turns.take(message("好"))
    assert "订好了，2 份" in words(first)
    assert await turns.take(message("好")) == first
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_delivery_to_another_worker_gets_the_same_answer(
    turns: Turns, store: Store, tmp_path: Path, canteen: Canteen
) -> None:
    other = await turns_of(store, tmp_path / "s", canteen, script=SCRIPT.replace("CALL", HERE))
    await ready(turns)
    answers = await asyncio.gather(turns.take(message("好")), other.take(message("好")))
    assert answers[0] == answers[1]
    assert "订好了" in words(answers[0])
    assert len(await orders(store)) == 1


async def test_two_yeses_at_once_act_once_and_both_are_answered(turns: Turns, store: Store) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好", key)) for key in ("k1", "k2")))
    said = sorted(words(answer) for answer in answers)
    assert "不会重复办理" in said[0]
    assert "订好了" in said[1]
    assert len(await orders(store)) == 1


async def test_forty_yeses_at_once_act_once_and_all_are_answered(
    turns: Turns, store: Store
) -> None:
    await ready(turns)
    answers = await asyncio.gather(*(turns.take(message("好", f"k{n}")) for n in range(40)))
    said = [words(answer) for answer in answers]
    assert sum("订好了" in one for one in said) == 1
    assert all(said)
    assert len(await orders(store)) == 1


async def test_two_yeses_one_after_the_other_act_once(turns: Turns, store: Store) -> None:
    await ready(turns)
    await turns.take(message("好", "k1"))
    assert "不会重复办理" in words(await turns.take(message("好", "k2")))
    assert len(await orders(store)) == 1


async def test_many_messages_at_once_are_all_answered_and_kept_in_some_order(
    turns: Turns, store: Store
) -> None:
    said = ["我要订餐", "2", "3", "算了"]
    answers = await asyncio.gather(*(turns.take(message(one)) for one in said))
    assert all(answers)
    assert await count(store, schema.inbox) == len(said)
    async with store.reading() as connection:
        assert (await sessions.load(connection, account="a", openid="o")).version == len(said)


async def test_a_choice_that_comes_without_its_words_gets_those_that_it_was_shown_with(
    store: Store, tmp_path: Path
) -> None:
    seen: list[Turned] = []
    script = SCRIPT.replace("CALL", HERE)
    turns = await turns_of(store, tmp_path, Canteen(), script=script, watch=seen.append)
    await ready(turns)
    shown = [button for reply in seen[-1].replies for button in reply.buttons]

    await turns.take(message("", "m-1", payload=shown[0].payload))
    await turns.take(message("", "m-2", payload="portions=9"))

    assert shown[0].label
    assert [each.inbound.text for each in seen[-2:]] == [shown[0].label, ""]


async def test_a_caller_who_gives_up_does_not_end_the_turn(
    turns: Turns, store: Store, canteen: Canteen, listener: Listener
) -> None:
    begun, released = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await released.wait()

    canteen.after = slow
    await ready(turns)
    caller = asyncio.create_task(turns.take(message("好")))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    repeat = asyncio.create_task(turns.take(message("好")))
    released.set()
    assert "订好了" in words(await repeat)
    assert listener.heard.count("好") == 1
    assert len(await orders(store)) == 1


async def test_a_refused_effect_leaves_nothing_behind_but_its_answer(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(Refused("sold_out"))
    await ready(turns)
    assert words(await turns.take(message("好", "k1"))) == "卖完了。\n要几份？"
    assert await orders(store) == []
    assert await count(store, schema.ledger) == 0
    await turns.take(message("3"))
    assert "订好了，3 份" in words(await turns.take(message("好", "k2")))


async def test_a_backend_without_an_answer_leaves_nothing_and_is_asked_again_with_the_same_key(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(Unavailable("down"))
    await ready(turns)
    assert "没有回应" in words(await turns.take(message("好", "k1")))
    assert await orders(store) == []
    key = (await session_of(store)).tasks[-1].key
    assert "订好了" in words(await turns.take(message("好", "k2")))
    assert await orders(store) == [(key, "2")]


async def test_a_turn_that_fails_leaves_nothing_and_may_be_delivered_again(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    canteen.before.append(ZeroDivisionError())
    await ready(turns)
    with pytest.raises(ZeroDivisionError):
        await turns.take(message("好"))
    assert await orders(store) == []
    assert await count(store, schema.inbox) == 2
    assert "订好了" in words(await turns.take(message("好")))


async def test_a_customer_who_leaves_is_forgotten(
    turns: Turns, store: Store, canteen: Canteen
) -> None:
    await ready(turns)
    await turns.take(message("好"))
    assert await turns.take(message("", "bye", event="unsubscribe")) == ()
    for table in schema.metadata.sorted_tables:
        assert await count(store, table) == 0, table.name
    assert canteen.forgotten == ["o"]
    assert "要几份" in words(await turns.take(message("我要订餐", "again")))


async def test_other_customers_are_not_forgotten(turns: Turns, store: Store) -> None:
    other = msgspec.structs.replace(message("我要订餐"), openid="p", key="other")
    await turns.take(other)
    await turns.take(message("", "bye", event="unsubscribe"))
    assert await count(store, schema.sessions) == 1
    assert await count(store, schema.inbox) == 1


async def test_a_picture_is_kept_under_an_id_of_its_own(
    store: Store, tmp_path: Path, canteen: Canteen
) -> None:
    script = SCRIPT.replace("CALL", HERE).replace(
        "PICTURE", "picture: {kind: seat_map, model: result, words: result.order_no}"
    )
    seen: list[Turned] = []
    turns = await turns_of(store, tmp_path / "s", canteen, script=script, watch=seen.append)
    await ready(turns)
    picture = (await turns.take(message("好")))[0].picture
    assert picture is not None
    assert (picture.kind, picture.alt) == ("seat_map", "A1")
    assert len(picture.id) > 20
    assert await count(store, schema.pictures) == 1
    assert [turned.decision.trace.rule for turned in seen][-1] == "confirmation"


async def test_a_turn_is_kept_with_how_it_went(store: Store, tmp_path: Path) -> None:
    meters = Meters()
    turns = await turns_of(
        store, tmp_path / "s", Canteen(), script=SCRIPT.replace("CALL", HERE), meters=meters
    )
    await ready(turns)
    await turns.take(message("好", key="yes"))
    async with store.reading() as connection:
        first, answer = await conversation.of_turn(connection, turn_id("yes"))
    assert (first.text, answer.author) == ("好", "engine")
    assert first.trace is not None
    assert first.trace["done"] == "order"
    assert first.trace["before"] == first.trace["slots"] == {"portions": "2"}
    assert set(first.trace["ms"]) == {"load", "understand", "decide"}
    assert b'banli_effects_total{effect="order"} 1.0' in meters.exposition()


async def test_every_log_line_of_a_turn_names_it(store: Store, tmp_path: Path) -> None:
    turns = await turns_of(store, tmp_path / "s", Canteen(), script=SCRIPT.replace("CALL", HERE))
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        await turns.take(message("我要订餐", key="first"))
    assert [line["turn"] for line in logged] == [turn_id("first")]
