from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from engine.business.demo import tables
from engine.business.demo.rows import segment_id
from engine.business.provider import Refused


async def test_check_in_gives_a_seat_and_a_boarding_pass(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    done = await company.do("airline.check_in", key="k1", segment=segment, seat="012a")
    assert done | {"boarding_pass": None} == {
        "segment": segment,
        "name": "张三",
        "flight_no": "CA1234",
        "date": "2026-11-24",
        "seat": "12A",
        "sequence": done["sequence"],
        "gate": "C28",
        "boarding": "08:00",
        "departure": "2026-11-24T08:30",
        "origin_city": "北京",
        "destination_city": "上海",
        "boarding_pass": None,
    }
    card = done["boarding_pass"]
    assert card["seat"] == "12A"
    assert card["departure"] == "08:30"
    assert card["code"].startswith("M1ZHANG/SAN")
    [booking] = await company.ask("airline.bookings", flight_no="CA1234")
    assert (booking["status"], booking["seat"]) == ("checked_in", "12A")


async def test_the_seat_map_shows_the_seat_as_yours_and_to_others_as_taken(town: Any) -> None:
    async with town.visit() as zhang:
        segment = await zhang.segment(flight_no="CA1234")
        await zhang.do("airline.check_in", key="k1", segment=segment, seat="12A")
        assert await _state(zhang, segment, "12A") == "yours"
        other = segment_id("9992300100110", "CA1234/2026-11-24")
        await zhang.connection.execute(
            insert(tables.segments).values(
                id=other, ticket_no="9992300100110", flight="CA1234/2026-11-24", cabin="economy"
            )
        )
        assert await _state(zhang, other, "12A") == "taken"


async def test_one_seat_goes_to_the_first_of_two_customers(town: Any) -> None:
    family: dict[str, str] = {}
    async with town.visit("oStranger") as zhao:
        for row in await zhao.ask("airline.bookings", order_no="KQ7T3P"):
            family[row["name"]] = row["segment"]
    async with town.visit("oOne") as one:
        await one.do("airline.check_in", key="k1", segment=family["赵敏"], seat="12A")
    async with town.visit("oOther") as other:
        with pytest.raises(Refused) as refusal:
            await other.do("airline.check_in", key="k2", segment=family["赵小雨"], seat="12A")
    assert refusal.value.reason == "seat_taken"
    assert refusal.value.facts["seat"] == "12A"
    assert len(refusal.value.facts["near"]) == 3


async def test_the_database_itself_refuses_to_sell_a_seat_twice(company: Any) -> None:
    sold = {"flight": "CA1234/2026-11-24", "seat": "12A"}
    mine = await company.segment(flight_no="CA1234")
    other = await company.segment(flight_no="MU5301")
    await company.connection.execute(insert(tables.seats).values(segment=mine, **sold))
    with pytest.raises(IntegrityError):
        await company.connection.execute(insert(tables.seats).values(segment=other, **sold))


async def test_the_same_key_gets_the_same_boarding_pass(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    first = await company.do("airline.check_in", key="k1", segment=segment, seat="12A")
    assert await company.do("airline.check_in", key="k1", segment=segment, seat="12A") == first
    with pytest.raises(Refused) as refusal:
        await company.do("airline.check_in", key="k2", segment=segment, seat="12B")
    assert (refusal.value.reason, refusal.value.facts) == ("already_checked_in", {"seat": "12A"})


async def test_boarding_numbers_count_up_and_a_refusal_uses_none(company: Any) -> None:
    numbers = []
    for row in await company.ask("airline.bookings", order_no="KQ7T3P"):
        with pytest.raises(Refused):
            await company.do("airline.check_in", key="no", segment=row["segment"], seat="99Z")
        key = row["segment"]
        done = await company.do("airline.check_in", key=key, segment=row["segment"], seat="any")
        numbers.append(int(done["sequence"]))
    assert numbers[1] == numbers[0] + 1


@pytest.mark.parametrize(
    ("order_no", "reason", "facts"),
    [
        ("WY2F7J", "closed", {"closes": "2026-11-23T09:45"}),
        ("XZ4S8L", "departed", {}),
        ("VC9D6G", "cancelled", {}),
        ("PL3W9X", "not_open", {"opens": "2026-11-23T14:10"}),
    ],
)
async def test_check_in_is_refused_outside_its_window(
    company: Any, order_no: str, reason: str, facts: dict[str, str]
) -> None:
    segment = await company.segment(order_no=order_no)
    with pytest.raises(Refused) as refusal:
        await company.do("airline.check_in", key="k1", segment=segment, seat="any")
    assert (refusal.value.reason, refusal.value.facts) == (reason, facts)


async def test_a_delay_leaves_the_desk_open_longer(company: Any) -> None:
    segment = await company.segment(order_no="ZA6U3R")
    company.now = datetime(2026, 11, 24, 13, 9)
    done = await company.do("airline.check_in", key="k1", segment=segment, seat="any")
    assert done["boarding"] == "13:25"


async def test_a_segment_that_is_none_is_refused(company: Any) -> None:
    with pytest.raises(Refused, match="unknown_segment"):
        await company.do("airline.check_in", key="k1", segment="0" * 16, seat="12A")


async def _state(company: Any, segment: str, seat: str) -> str:
    [model] = await company.ask("airline.seat_map", segment=segment)
    rows = {row["number"]: row["seats"] for row in model["rows"]}
    return str(rows[int(seat[:-1])][seat[-1]])
