from __future__ import annotations

from typing import Any

import pytest

from engine.store import Store
from tests.web.shop import shop


def paid(order_no: str, amount: str = "20", transaction: str = "T1") -> dict[str, str]:
    return {"order_no": order_no, "transaction": transaction, "amount": amount}


async def test_a_payment_told_twice_pays_once(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        facts = paid(there.order["order_no"])
        first = await there.tell("payments.settle", facts)
        assert first == (200, {"ok": {"order_no": there.order["order_no"], "status": "paid"}})
        assert await there.tell("payments.settle", facts) == first
        again = await there.tell("payments.settle", paid(facts["order_no"], transaction="T2"))
        assert again[1]["refused"]["reason"] == "already_paid"


@pytest.mark.parametrize(
    ("signing", "status"), [({"secret": "wrong"}, 403), ({"late": 301}, 403), ({"late": 299}, 200)]
)
async def test_who_cannot_sign_or_comes_late_is_not_heard(
    serve: Any, store: Store, signing: dict[str, Any], status: int
) -> None:
    async with shop(serve, store) as there:
        facts = paid(there.order["order_no"])
        assert (await there.tell("payments.settle", facts, **signing))[0] == status
        assert await there.standing() == ("paid" if status == 200 else "open")


@pytest.mark.parametrize(
    ("event", "body", "status"),
    [
        ("payments.settle", b"no json", 400),
        ("payments.settle", b"[]", 400),
        ("payments.settle", b'{"order_no": "1"}', 400),
        ("payments.settle", b'{"order_no": "1", "transaction": "T", "amount": "1", "x": 1}', 400),
        ("payments.steal", b"{}", 404),
        ("bills.revise", b"{}", 403),
    ],
)
async def test_what_no_event_takes_is_told(
    serve: Any, store: Store, event: str, body: bytes, status: int
) -> None:
    async with shop(serve, store) as there:
        assert (await there.tell(event, body))[0] == status


@pytest.mark.parametrize("amount", ["19", "20.001", "", "a lot", None, 20.5, ["20"]])
async def test_another_amount_pays_nothing(serve: Any, store: Store, amount: Any) -> None:
    async with shop(serve, store) as there:
        facts = {**paid(there.order["order_no"]), "amount": amount}
        status, answer = await there.tell("payments.settle", facts)
        assert (status, answer["refused"]["reason"]) == (200, "amount")
        assert await there.standing() == "open"


async def test_an_order_that_nobody_made_is_refused(serve: Any, store: Store) -> None:
    async with shop(serve, store) as there:
        _, answer = await there.tell("payments.settle", paid("20261123000000000"))
        assert answer == {"refused": {"reason": "unknown_order", "order_no": "20261123000000000"}}
