"""A spoken turn: heard once, before the transaction, and kept with its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.message import Inbound, Kind, Reply
from engine.speech.errors import Silent
from engine.speech.expected import Expected
from engine.speech.heard import Heard
from engine.store import Store, schema
from engine.turn import Turned, Turns
from tests.canteen import (
    HERE,
    SCRIPT,
    Canteen,
    count,
    message,
    orders,
    session_of,
    turns_of,
    words,
)


@dataclass
class Ears:
    """Hears the bytes of an upload as they are written; waits while a test keeps it waiting."""

    sure: float = 1.0
    alternatives: list[tuple[str, float]] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, upload: bytes, expected: Expected = Expected()) -> Heard:  # noqa: B008
        self.expected.append(expected)
        self.begun.set()
        await self.open.wait()
        if not upload:
            raise Silent(seconds=1.0)
        return Heard(
            text=upload.decode(), confidence=self.sure, alternatives=tuple(self.alternatives)
        )


async def fetch(media_id: str) -> bytes:
    return media_id.removeprefix("voice of ").encode()


def voice(said: str, key: str = "") -> Inbound:
    sent = message("", key or said)
    return Inbound(
        account=sent.account,
        openid=sent.openid,
        key=sent.key,
        at=sent.at,
        kind=Kind.VOICE,
        media_id=f"voice of {said}",
    )


@pytest.fixture
def ears() -> Ears:
    listening = Ears()
    listening.open.set()
    return listening


@pytest.fixture
def seen() -> list[Turned]:
    return []


@pytest.fixture
async def turns(store: Store, tmp_path: Path, ears: Ears, seen: list[Turned]) -> Turns:
    script = SCRIPT.replace("CALL", HERE)
    return await turns_of(
        store, tmp_path / "s", Canteen(), script=script, ears=ears, watch=seen.append
    )


async def kept(store: Store, key: str) -> tuple[str | None, float | None]:
    columns = schema.inbox.c
    async with store.reading() as connection:
        query = select(columns.heard, columns.confidence).where(columns.key == key)
        return tuple((await connection.execute(query)).one())


async def say(turns: Turns, *spoken: str) -> tuple[Reply, ...]:
    replies: tuple[Reply, ...] = ()
    for each in spoken:
        replies = await turns.take(voice(each), fetch)
    return replies


async def test_a_spoken_order_goes_the_way_of_a_typed_one(
    turns: Turns, store: Store, ears: Ears
) -> None:
    asked = await say(turns, "我要订餐", "两份")
    assert words(asked) == "2 份，可以吗？"
    assert asked[0].heard == "听到：两份"
    assert [each.kinds for each in ears.expected] == [frozenset(), frozenset({"number"})]
    assert "订好了，2 份" in words(await say(turns, "好"))
    assert len(await orders(store)) == 1


async def test_what_was_heard_is_kept_with_the_answer(
    turns: Turns, store: Store, ears: Ears
) -> None:
    ears.sure = 0.75
    await say(turns, "我要订餐")
    assert await kept(store, "我要订餐") == ("我要订餐", 0.75)
    await turns.take(message("2"))
    assert await kept(store, "2") == (None, None)


async def test_a_number_is_kept_as_it_was_shown(turns: Turns, store: Store) -> None:
    await say(turns, "三二零幺零二二零幺五零六零幺零零八三")
    assert (await kept(store, "三二零幺零二二零幺五零六零幺零零八三"))[0] == "320102********0083"


async def test_deliveries_at_once_and_later_are_heard_once(turns: Turns, ears: Ears) -> None:
    ears.open.clear()
    both = [asyncio.create_task(turns.take(voice("我要订餐"), fetch)) for _ in range(2)]
    await ears.begun.wait()
    ears.open.set()
    first, second = await asyncio.gather(*both)
    third = await turns.take(voice("我要订餐"), fetch)
    assert first == second == third
    assert len(ears.expected) == 1


async def test_no_transaction_is_open_while_a_voice_is_heard(
    turns: Turns, store: Store, ears: Ears
) -> None:
    ears.open.clear()
    speaking = asyncio.create_task(turns.take(voice("2", "slow"), fetch))
    await ears.begun.wait()
    assert words(await turns.take(message("我要订餐"))) == "要几份？"
    ears.open.set()
    assert words(await speaking) == "2 份，可以吗？"
    assert len(ears.expected) == 1


async def test_a_clash_with_another_message_hears_nothing_twice(turns: Turns, ears: Ears) -> None:
    await say(turns, "我要订餐")
    answers = await asyncio.gather(
        turns.take(voice("两份"), fetch), turns.take(message("算了")), turns.take(message("3"))
    )
    assert all(answers)
    assert len(ears.expected) == 2


async def test_silence_leaves_the_conversation_where_it_is(turns: Turns, store: Store) -> None:
    await say(turns, "我要订餐")
    answer = words(await turns.take(voice("", "silence"), fetch))
    assert answer == "没有听到内容，请再说一遍，或者打字告诉我。\n要几份？"
    assert await kept(store, "silence") == ("", 0.0)
    assert "可以吗" in words(await say(turns, "2"))


async def test_a_doubtful_yes_orders_nothing(turns: Turns, store: Store, ears: Ears) -> None:
    await say(turns, "我要订餐", "2")
    ears.sure = 0.5
    assert "还没有办" in words(await say(turns, "好"))
    assert await orders(store) == []


async def test_a_yes_in_either_of_two_wordings_is_a_yes(
    turns: Turns, store: Store, ears: Ears
) -> None:
    await say(turns, "我要订餐", "2")
    ears.sure, ears.alternatives = 0.5, [("算了", 0.1), ("好", 0.4)]
    await say(turns, "好")
    assert len(await orders(store)) == 1


async def test_saying_it_again_does_not_show_the_older_voice(turns: Turns, store: Store) -> None:
    await say(turns, "我要订餐")
    assert [reply.heard for reply in (await session_of(store)).last] == [""]


async def test_who_looks_on_sees_how_it_was_heard(turns: Turns, seen: list[Turned]) -> None:
    await say(turns, "我要订餐")
    await turns.take(message("2"))
    assert [turned.voice and turned.voice.text for turned in seen] == ["我要订餐", None]


async def test_without_ears_a_voice_is_answered_and_a_text_is_understood(
    store: Store, tmp_path: Path
) -> None:
    deaf = await turns_of(store, tmp_path / "s", Canteen(), script=SCRIPT.replace("CALL", HERE))
    assert "打字告诉我" in words(await deaf.take(voice("我要订餐"), fetch))
    assert words(await deaf.take(message("我要订餐", "typed"))) == "要几份？"


async def test_what_was_heard_is_forgotten_with_the_customer(turns: Turns, store: Store) -> None:
    await say(turns, "我要订餐")
    await turns.take(message("", "bye", kind=Kind.EVENT, event="unsubscribe"))
    assert await count(store, schema.inbox) == 0
