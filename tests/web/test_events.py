from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.acting import Backends
from engine.business.http import signature
from engine.business.provider import Business
from engine.dialog.scripts import loading
from engine.store import Store, follows
from engine.store.schema import notices
from tests.web.fakes import NOW, account, no_network
from tests.web.shop import SECRET, secret_of, shop


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


SCRIPT = """\
intent: parcel
title: 寄件
example: 我要寄件
answer: {follow: {moved: '"SF1"'}, say: 好。}
notices:
  moved:
    say: "{{ number }}到了{{ place }}。"
    event: {secret: payments, about: number}
"""


@pytest.fixture
async def told(serve: Any, store: Store, tmp_path: Path) -> AsyncIterator[Any]:
    """Tells an event to a provider with a script that declares it, and says what is left of it."""
    (tmp_path / "parcel.yaml").write_text(SCRIPT, encoding="utf-8")
    scripts = loading.load(tmp_path)
    async with store.writing() as connection:
        for name in ("plain", "elsewhere"):
            await follows.follow(
                connection, account=name, openid="o", notice="moved", about="SF1", now=NOW
            )
    backends = Backends(Business("none"), no_network, secret_of)
    async with serve(account("plain"), backends=backends, scripts={"plain": scripts}) as platform:

        async def tell(
            facts: Any, *, secret: str = SECRET, key: str = "K1"
        ) -> tuple[int, list[Any]]:
            body, stamp = json.dumps(facts).encode(), str(int(NOW.timestamp()))
            headers = {
                "Banli-Timestamp": stamp,
                "Banli-Signature": signature(secret, timestamp=stamp, key=key, body=body),
            } | ({"Idempotency-Key": key} if key else {})
            url = f"{platform.url}/events/moved"
            async with platform.client.post(url, data=body, headers=headers) as response:
                async with store.reading() as connection:
                    rows = await connection.execute(select(notices))
                return response.status, [(r.account, r.key, r.facts) for r in rows]

        yield tell


async def test_an_event_of_a_script_is_left_once_for_who_follows_it(told: Any) -> None:
    facts = {"number": "SF1", "place": "广州"}
    once = (200, [("plain", "moved/K1", facts)])
    assert await told(facts) == once
    assert await told(facts) == once
    assert await told({**facts, "number": "SF2"}, key="K2") == once


@pytest.mark.parametrize(
    ("facts", "signed", "status"),
    [
        ({"number": "SF1", "place": "广州"}, {"secret": "wrong"}, 403),
        ({"number": "SF1", "place": "广州"}, {"key": ""}, 400),
        ({"number": "SF1"}, {}, 400),
        ({"number": ["SF1"], "place": "广州"}, {}, 400),
        (["SF1"], {}, 400),
    ],
)
async def test_an_event_of_a_script_that_is_not_right_leaves_nothing(
    told: Any, facts: Any, signed: dict[str, str], status: int
) -> None:
    assert await told(facts, **signed) == (status, [])
