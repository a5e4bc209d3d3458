"""The page on which a seat is tapped."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sanic.exceptions import BadRequest, NotFound

from engine.message import Inbound, Kind, Reply
from engine.store import Store, pictures
from engine.web.seats import Cabin

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
NONCE = "n" * 32
MODEL = {
    "flight_no": "CA1234",
    "date": "2026-11-27",
    "origin_city": "北京",
    "destination_city": "上海",
    "columns": "AB C",
    "rows": [
        {"number": 7, "seats": {"A": "free", "B": "taken", "C": "paid"}},
        {"number": 8, "seats": {"A": "yours", "B": "free", "C": "blocked"}, "exit": True},
    ],
}


class Turns:
    def __init__(self) -> None:
        self.taken: list[Inbound] = []

    async def take(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.taken.append(inbound)
        return ()


async def kept(store: Store, kind: str = "seat_map", account: str = "demo") -> None:
    async with store.writing() as connection:
        await pictures.put(
            connection,
            id="map1",
            account=account,
            openid="o1",
            kind=kind,
            model=MODEL,
            now=NOW,
        )


async def test_a_tap_says_the_seat_for_the_customer() -> None:
    turns = Turns()
    async with await Store.open("sqlite://") as store:
        await kept(store)
        cabin = Cabin(store, {"demo": turns}, clock=lambda: NOW)
        await cabin.tap(await cabin.find("map1"), "8B", nonce=NONCE)

    said = Inbound(
        account="demo", openid="o1", key=f"tap demo {NONCE}", at=NOW, kind=Kind.TAP, text="8B"
    )
    assert turns.taken == [said]
    assert said.kind.is_pushed
    assert not said.kind.is_own


@pytest.mark.parametrize(
    ("seat", "nonce"),
    [("7B", NONCE), ("7C", NONCE), ("8A", NONCE), ("9A", NONCE), ("", NONCE), ("8B", "short")],
)
async def test_only_a_seat_that_was_free_can_be_tapped(seat: str, nonce: str) -> None:
    async with await Store.open("sqlite://") as store:
        await kept(store)
        cabin = Cabin(store, {"demo": Turns()}, clock=lambda: NOW)
        with pytest.raises(BadRequest):
            await cabin.tap(await cabin.find("map1"), seat, nonce=nonce)


@pytest.mark.parametrize(("kind", "account"), [("receipt", "demo"), ("seat_map", "other")])
async def test_what_is_no_seat_map_of_ours_has_no_page(kind: str, account: str) -> None:
    async with await Store.open("sqlite://") as store:
        await kept(store, kind, account)
        with pytest.raises(NotFound):
            await Cabin(store, {"demo": Turns()}, clock=lambda: NOW).find("map1")


def test_the_page_offers_what_is_free_and_nothing_else() -> None:
    from engine.pictures.models import read
    from engine.web.plain import PlainPage

    shown: Any = PlainPage("seats").show(
        id="map1", model=read("seat_map", MODEL), told="8B", nonce="n"
    )
    page = shown.body.decode()
    assert re.findall(r'name="seat" value="(\w+)"', page) == ["7A", "8B"]
    assert "已选 <strong>8B</strong>" in page
    assert "style-src 'sha256-" in shown.headers["Content-Security-Policy"]
