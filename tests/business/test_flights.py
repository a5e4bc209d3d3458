from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine.business.demo.flights import flight_status
from engine.business.provider import Refused


async def test_a_number_without_a_date_is_its_next_departure(company: Any) -> None:
    [row] = await company.ask("airline.flights", flight_no="ca1234")
    assert row == {
        "flight_no": "CA1234",
        "date": "2026-11-24",
        "airline": "国航",
        "origin": "PEK",
        "destination": "SHA",
        "origin_city": "北京",
        "destination_city": "上海",
        "origin_airport": "首都",
        "destination_airport": "虹桥",
        "scheduled_departure": "2026-11-24T08:30",
        "departure": "2026-11-24T08:30",
        "arrival": "2026-11-24T10:45",
        "delay": 0,
        "status": "on_time",
        "gate": "C28",
        "terminal": "T3",
    }


async def test_a_route_without_a_date_is_what_still_leaves_today(company: Any) -> None:
    rows = await company.ask("airline.flights", origin="上海", destination="广州")
    assert [row["flight_no"] for row in rows] == ["HO1857", "MU5301", "CZ3518", "CZ3596"]
    company.now = datetime(2026, 11, 23, 22, 0)
    rows = await company.ask("airline.flights", origin="上海", destination="CAN")
    assert [row["date"] for row in rows] == ["2026-11-24"] * 5


async def test_a_route_on_a_day_has_every_flight_of_that_day(company: Any) -> None:
    rows = await company.ask("airline.flights", origin="SHA", destination="CAN", date="2026-11-23")
    assert [row["flight_no"] for row in rows] == ["MU5301", "CZ3518"]


async def test_nothing_asked_and_a_route_that_nobody_flies_are_no_rows(company: Any) -> None:
    assert await company.ask("airline.flights") == []
    assert await company.ask("airline.flights", origin="济南", destination="三亚") == []


async def test_a_delayed_flight_says_both_times(company: Any) -> None:
    [row] = await company.ask("airline.flights", flight_no="9C8823", date="2026-11-23")
    assert (row["status"], row["delay"]) == ("delayed", 50)
    assert row["scheduled_departure"] == "2026-11-23T13:05"
    assert row["departure"] == "2026-11-23T13:55"


async def test_a_cancelled_flight_says_so(company: Any) -> None:
    [row] = await company.ask("airline.flights", flight_no="GS7842")
    assert row["status"] == "cancelled"


async def test_an_unknown_number_is_refused(company: Any) -> None:
    with pytest.raises(Refused) as refusal:
        await company.ask("airline.flights", flight_no="CA9999")
    assert (refusal.value.reason, refusal.value.facts) == (
        "unknown_flight",
        {"flight_no": "CA9999"},
    )


async def test_a_day_without_the_flight_names_days_with_it(company: Any) -> None:
    with pytest.raises(Refused) as refusal:
        await company.ask("airline.flights", flight_no="JD5163", date="2026-11-24")
    assert refusal.value.reason == "no_flight_that_day"
    assert refusal.value.facts["days"] == ["2026-11-23", "2026-11-25", "2026-11-27"]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-11-23T08:29", "scheduled"),
        ("2026-11-23T08:30", "on_time"),
        ("2026-11-24T07:59", "on_time"),
        ("2026-11-24T08:00", "boarding"),
        ("2026-11-24T08:19", "boarding"),
        ("2026-11-24T08:20", "on_time"),
        ("2026-11-24T08:30", "departed"),
        ("2026-11-24T10:45", "arrived"),
    ],
)
def test_the_status_follows_the_clock(clock: str, expected: str) -> None:
    row = {
        "departure": "2026-11-24T08:30",
        "arrival": "2026-11-24T10:45",
        "cancelled": False,
        "delay": 0,
    }
    assert flight_status(row, datetime.fromisoformat(clock)) == expected
