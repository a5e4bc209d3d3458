"""What is kept of a conversation shows no whole number of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.recording import hidden, hidden_answer
from engine.store import Store, conversation
from engine.store.conversation import MOST, Line

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("给13812345678充一百", "给138****5678充一百"),
        ("一三八一二三四五六七八", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("证件11010119900307002X", "证件110101*******7002X"),
        ("票号9991234567890", "票号999123***7890"),
        ("1" * 300, "111111" + "*" * 290 + "1111"),
        ("2026-12-01走", "2026-12-01走"),
        ("充一百二", "充一百二"),
    ],
)
def test_numbers_of_customers_are_masked(said: str, kept: str) -> None:
    assert hidden(said) == kept


def test_numbers_that_are_read_back_are_masked_and_dates_stay() -> None:
    told = "手机号 138 1234 5678，证件号 110101 19900307 002X，2026-11-24 08:30 起飞，对吗？"
    kept = "手机号 138****5678，证件号 110101********002X，2026-11-24 08:30 起飞，对吗？"
    assert hidden_answer(told) == kept


async def test_what_is_too_much_is_deleted(store: Store) -> None:
    async with store.writing() as connection:
        lines = [Line(author="customer", text=str(n), at=NOW) for n in range(MOST + 2)]
        await conversation.add(connection, lines, account="demo", openid="b")
        await conversation.tidy(connection)
        kept = await conversation.of(connection, account="demo", openid="b", most=MOST + 9)
    assert [line.text for line in kept] == [str(n) for n in range(2, MOST + 2)]
