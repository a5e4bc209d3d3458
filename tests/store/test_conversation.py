"""What was said, found again by customer and by turn."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.store import Store, conversation
from engine.store.conversation import Line

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


async def said(store: Store, *texts: str, turn: str = "") -> None:
    first, *others = texts
    lines = [
        Line(author="customer", text=first, at=NOW, turn=turn, trace={"rule": first}),
        *(Line(author="engine", text=text, at=NOW, turn=turn) for text in others),
    ]
    async with store.writing() as connection:
        await conversation.add(connection, lines, account="demo", openid="o")


async def words_of(address: str) -> list[str]:
    async with await Store.open(address) as store, store.reading() as connection:
        lines = await conversation.of(connection, account="demo", openid="o")
    return [line.text for line in lines]


async def test_a_turn_is_found_by_its_name(store: Store) -> None:
    await said(store, "充五十", "好的", turn="a1")
    await said(store, "谢谢", turn="a2")
    async with store.reading() as connection:
        lines = await conversation.of_turn(connection, "a1")
        assert await conversation.of_turn(connection, "a3") == []
    assert [(line.text, line.trace) for line in lines] == [
        ("充五十", {"rule": "充五十"}),
        ("好的", None),
    ]


async def test_the_last_turns_are_listed_once_each(store: Store) -> None:
    for number in range(4):
        await said(store, f"问{number}", f"答{number}", turn=str(number))
    async with store.reading() as connection:
        lines = await conversation.last_turns(connection, most=3)
    assert [line.text for line in lines] == ["问1", "问2", "问3"]
