from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business.demo.trips import status

KEYS = {
    *(
        "segment",
        "order_no",
        "flight_no",
        "airline",
        "date",
        "name",
        "origin",
        "destination",
        "origin_city",
    ),
    *("destination_city", "departure", "cabin", "seat", "status", "opens", "closes"),
}


async def test_a_member_sees_own_bookings_by_departure(company: Any) -> None:
    rows = await company.ask("airline.bookings")
    assert [(row["flight_no"], row["date"], row["status"]) for row in rows] == [
        ("CA1234", "2026-11-24", "open"),
        ("MU5301", "2026-11-25", "not_open"),
    ]
    assert all(set(row) == KEYS for row in rows)


async def test_two_bookings_of_one_day_are_told_apart_by_the_flight(company: Any) -> None:
    company.openid = "oDemo-lisi"
    assert len(await company.ask("airline.bookings", date="2026-11-24")) == 2
    assert len(await company.ask("airline.bookings", flight_no="ca1885")) == 1
    assert len(await company.ask("airline.bookings", origin="上海市", destination="PEK")) == 1


@pytest.mark.parametrize(
    "proof",
    [{"order_no": "hx5k2m"}, {"order_no": "999-1234567890"}, {"id_number": "510107199511230221"}],
)
async def test_a_stranger_proves_a_booking(company: Any, proof: dict[str, str]) -> None:
    company.openid = "oStranger"
    rows = await company.ask("airline.bookings", **proof)
    assert [row["name"] for row in rows] == ["王小明"]


async def test_a_stranger_without_proof_sees_nothing(company: Any) -> None:
    company.openid = "oStranger"
    assert await company.ask("airline.bookings", name="张三", flight_no="CA1234") == []


async def test_both_proofs_must_belong_to_the_same_passenger(company: Any) -> None:
    wrong = await company.ask("airline.bookings", order_no="HX5K2M", id_number="11010119900307002X")
    assert wrong == []


async def test_an_order_shows_all_its_passengers_and_a_name_one_of_them(company: Any) -> None:
    family = await company.ask("airline.bookings", order_no="KQ7T3P")
    assert [row["name"] for row in family] == ["赵敏", "赵小雨"]
    child = await company.ask("airline.bookings", order_no="KQ7T3P", name="赵小雨")
    assert [row["name"] for row in child] == ["赵小雨"]


async def test_a_refunded_ticket_is_no_booking(company: Any) -> None:
    assert await company.ask("airline.bookings", order_no="MD4H7C") == []


@pytest.mark.parametrize(
    ("order_no", "expected"),
    [("WY2F7J", "closed"), ("XZ4S8L", "departed"), ("VC9D6G", "cancelled"), ("ZA6U3R", "open")],
)
async def test_a_booking_says_why_it_cannot_be_checked_in(
    company: Any, order_no: str, expected: str
) -> None:
    rows = await company.ask("airline.bookings", order_no=order_no)
    assert [row["status"] for row in rows] == [expected]


async def test_a_flight_that_left_is_hidden_while_there_are_others(company: Any) -> None:
    company.now += timedelta(days=1)
    assert [row["flight_no"] for row in await company.ask("airline.bookings")] == ["MU5301"]
    on_the_day = await company.ask("airline.bookings", date="2026-11-24")
    assert [row["status"] for row in on_the_day] == ["departed"]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-11-22T08:29", "not_open"),
        ("2026-11-22T08:30", "open"),
        ("2026-11-24T07:44", "open"),
        ("2026-11-24T07:45", "closed"),
        ("2026-11-24T08:29", "closed"),
        ("2026-11-24T08:30", "departed"),
    ],
)
def test_check_in_opens_and_closes_to_the_minute(clock: str, expected: str) -> None:
    assert status(_trip(), datetime.fromisoformat(clock)) == expected


@given(minutes=st.integers(min_value=0, max_value=24 * 60 - 1))
def test_tomorrows_morning_flight_is_open_at_any_minute_of_today(minutes: int) -> None:
    assert status(_trip(), datetime(2026, 11, 23) + timedelta(minutes=minutes)) == "open"


def _trip() -> dict[str, Any]:
    leaves = "2026-11-24T08:30"
    flight = {"scheduled": leaves, "departure": leaves, "cancelled": False}
    return {**flight, "seat": None, "guardian": None}
