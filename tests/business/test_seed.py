from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from engine.business.demo import business, rows, seed, tables
from engine.business.demo.world import load
from engine.store import Store

NOW = datetime(2026, 11, 23, 10, 0)


def test_equal_times_lay_equal_rows() -> None:
    assert list(rows.flights(load(), NOW)) == list(rows.flights(load(), NOW))
    assert list(rows.segments(load().tickets, NOW)) == list(rows.segments(load().tickets, NOW))


def test_a_time_with_a_zone_is_the_same_moment() -> None:
    midnight = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    first = next(rows.flights(load(), midnight))
    assert first["date"] == "2026-11-23"


async def test_preparing_again_the_same_day_changes_nothing(store: Store) -> None:
    before = await _prepared(store, NOW)
    assert await _prepared(store, NOW + timedelta(hours=3)) == before
    assert before["flights"] > 500


async def test_after_weeks_everyone_still_has_a_flight_to_come(town: Any, store: Store) -> None:
    later = NOW + timedelta(days=20)
    await _prepared(store, later)
    async with town.visit() as zhang:
        zhang.now = later
        found = await zhang.ask("airline.bookings")
        assert [(row["flight_no"], row["date"]) for row in found] == [
            ("CA1234", "2026-12-14"),
            ("MU5301", "2026-12-15"),
        ]
        [ming] = await zhang.ask("airline.bookings", order_no="HX5K2M")
        assert (ming["date"], ming["status"]) == ("2026-12-14", "open")
        [row] = await zhang.ask("airline.flights", flight_no="CA1234", date="2026-12-27")
        assert row["status"] == "scheduled"


async def test_a_server_that_runs_every_day_gives_no_flight_twice(town: Any, store: Store) -> None:
    for days in range(1, 8):
        await _prepared(store, NOW + timedelta(days=days))
    async with town.visit() as zhang:
        zhang.now = NOW + timedelta(days=7)
        found = await zhang.ask("airline.bookings")
    assert sorted(row["flight_no"] for row in found) == ["CA1234", "MU5301"]


async def test_a_test_may_bring_a_world_of_its_own(store: Store) -> None:
    async with store.writing() as connection:
        await seed.create(connection)
        await seed.seed(connection, now=NOW, world={"daily_limit": "100", "tickets": []})
        limit = await connection.scalar(select(tables.limits.c.amount))
        assert limit == 10_000
        assert await connection.scalar(select(func.count()).select_from(tables.segments)) == 0


def test_a_wrong_world_names_the_key() -> None:
    with pytest.raises(msgspec.ValidationError, match="flights"):
        load({"flights": [{"flight_no": "CA1"}]})


def test_every_id_number_of_the_demo_has_its_check_digit() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    people = [*load().members, *(each for ticket in load().tickets for each in ticket.passengers)]
    for person in people:
        total = sum(int(c) * w for c, w in zip(person.id_number, weights, strict=False))
        assert person.id_number[17] == "10X98765432"[total % 11], person.name


def test_every_flight_goes_between_known_places_on_a_known_plane() -> None:
    world = load()
    assert len(world.flights) >= 30
    for schedule in world.flights:
        assert set(schedule.route) <= set(world.airports)
        assert schedule.aircraft in world.aircraft


def test_the_demo_prepares_itself_where_it_is_asked_to() -> None:
    assert business.preparations == [seed.prepare]


async def _prepared(store: Store, now: datetime) -> dict[str, int]:
    async with store.writing() as connection:
        for prepare in business.preparations:
            await prepare(connection, now)
        counted = {
            "flights": select(func.count()).select_from(tables.flights),
            "segments": select(func.count()).select_from(tables.segments),
        }
        return {name: int(await connection.scalar(query) or 0) for name, query in counted.items()}
