"""The checker finds what is wrong: whatever is changed behind its back is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.faults.checker import Before, faults
from tests.faults.platform_side import Message

_TABLES = """
CREATE TABLE inbox (openid, key);
CREATE TABLE conversation (openid, author);
CREATE TABLE ledger (openid, name);
CREATE TABLE demo_subscriber (phone, balance);
CREATE TABLE demo_order (openid, order_no, phone, amount, kind);
CREATE TABLE demo_bill (bill_no, paid);
CREATE TABLE demo_payment (order_no, openid, owed, amount, status);
CREATE TABLE outbox (openid);
CREATE TABLE notices (openid);
CREATE TABLE demo_seat (flight, seat, segment);
CREATE TABLE demo_segment (id, ticket_no, sequence);
CREATE TABLE demo_flight (id, held);
CREATE TABLE demo_passenger (ticket_no, id_number);
CREATE TABLE demo_member (id, id_number);
CREATE TABLE demo_binding (openid, member);
INSERT INTO inbox VALUES ('a', 'faults a 1 1'), ('a', 'faults a 1 2');
INSERT INTO conversation VALUES ('a', 'customer'), ('a', 'customer'), ('a', 'engine');
INSERT INTO ledger VALUES ('a', 'telecom.top_up');
INSERT INTO demo_subscriber VALUES ('138', 150);
INSERT INTO demo_order VALUES ('a', '20260101000000001', '138', 50, 'top_up');
INSERT INTO demo_order VALUES ('a', '20260101000000002', '138', 7, 'bill');
INSERT INTO demo_bill VALUES ('1', 7);
INSERT INTO demo_payment VALUES ('20260101000000002', 'a', '{}', 7, 'paid');
INSERT INTO demo_flight VALUES ('CA1', '9F');
INSERT INTO demo_member VALUES (1, 'i'), (2, 'j');
INSERT INTO demo_binding VALUES ('a', 1), ('b', 2);
INSERT INTO demo_passenger VALUES ('t', 'i'), ('u', 'j');
INSERT INTO demo_segment VALUES ('s', 't', 1), ('r', 'u', 2);
INSERT INTO demo_seat VALUES ('CA1', '1A', 's');
"""
_WAS = Before({"138": 100}, {"1": 0}, frozenset())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.executescript(_TABLES)
    connection.close()
    return tmp_path / "x.db"


def log() -> list[Message]:
    paid = Message("a", 1, "确认", 1, ["充好了。订单号 20260101000000001。"])
    told = "收到付款：缴了 0.07 元。缴费单号 20260101000000002。座位 1A，序号 1"
    return [paid, Message("a", 2, "确认", 2, [told] * 2)]


async def found(file: Path, said: list[Message]) -> list[str]:
    return await faults(f"sqlite:///{file}", said, _WAS)


async def test_what_is_right_has_no_fault(file: Path) -> None:
    assert await found(file, log()) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("DELETE FROM inbox WHERE key = 'faults a 1 1'", "lost"),
        ("INSERT INTO conversation VALUES ('a', 'customer')", "doubled"),
        ("INSERT INTO ledger VALUES ('a', 'telecom.top_up')", "wrong"),
        ("DELETE FROM ledger", "wrong"),
        ("DELETE FROM demo_order WHERE kind = 'top_up'", "doubled or lost"),
        ("INSERT INTO demo_order VALUES ('a', '3', '138', 0, 'top_up')", "doubled or lost"),
        ("UPDATE demo_subscriber SET balance = 200", "wrong"),
        ("UPDATE demo_bill SET paid = 14", "wrong"),
        ("DELETE FROM demo_order WHERE kind = 'bill'", "wrong"),
        ("UPDATE demo_payment SET status = 'open'", "wrong"),
        ("INSERT INTO demo_seat VALUES ('CA1', '1A', 'r')", "doubled"),
        ("INSERT INTO demo_seat VALUES ('CA1', '1B', 'r')", "lost"),
        ("UPDATE demo_seat SET seat = '9F'", "wrong"),
        ("UPDATE demo_seat SET seat = '1B'", "wrong"),
        ("DELETE FROM demo_seat", "wrong"),
    ],
)
async def test_what_was_changed_is_told(file: Path, change: str, what: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(change)
    connection.close()
    told = await found(file, log())
    assert any(line.startswith(f"{what}:") for line in told), told


@pytest.mark.parametrize("times", [0, 2])
async def test_a_receipt_that_was_not_told_once_is_told(file: Path, times: int) -> None:
    paid, seated = log()
    receipt, seat = seated.answers[0].split("。座位")
    seated.answers = [f"座位{seat}"] * 2
    paid.answers = [f"{paid.answers[0]}{receipt if times else ''}"]
    told = [Message("a", 2, "确认", 2, [f"{receipt}。座位{seat}"])] if times else [seated]
    assert await found(file, [paid, *told]) != []


@pytest.mark.parametrize(
    "answers", [[], ["系统暂时出了点问题，请稍后再试。"], ["座位 1A，序号 1", "座位 1B，序号 2"]]
)
async def test_a_customer_without_one_good_answer_is_told(file: Path, answers: list[str]) -> None:
    paid, seated = log()
    seated.answers = answers
    assert await found(file, [paid, seated]) != []
