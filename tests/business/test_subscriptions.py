"""What customers want to be told of, and what happens at the company."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.business.demo import business
from engine.business.demo.tables import subscriptions
from engine.business.provider import Refused, Work
from engine.store import Store
from engine.store.schema import notices


@pytest.fixture
def store(either: Store) -> Store:
    """A private, empty, real database, of each kind in turn."""
    return either


FLIGHT = "CA1234/2026-11-24"
ZHANG = "13812345678"


async def happen(company: Any, name: str, **facts: str) -> list[tuple[str, dict[str, Any]]]:
    """Let something happen; the notices that wait now, and no others afterwards."""
    await business.events[name](Work(company.connection, company.now, "", ""), **facts)
    rows = list(await company.connection.execute(select(notices).order_by(notices.c.id)))
    await company.connection.execute(notices.delete())
    return [(row.name, row.facts) for row in rows]


async def follow(company: Any) -> None:
    await company.do("notices.follow_flight", key="f", flight=FLIGHT)
    await company.do("notices.follow_balance", key="b", below="20")


async def test_the_next_flight_of_a_number_can_be_followed(company: Any) -> None:
    (row,) = await company.ask("notices.flights_to_follow", flight_no="CA1234")
    assert (row["flight"], row["origin_city"]) == (FLIGHT, "北京")


async def test_a_members_own_flights_can_be_followed_and_a_stranger_has_none(company: Any) -> None:
    rows = await company.ask("notices.flights_to_follow", flight_no="mine")
    assert [row["flight_no"] for row in rows] == ["CA1234", "MU5301"]
    company.openid = "oStranger"
    assert await company.ask("notices.flights_to_follow", flight_no="mine") == []


async def test_what_is_followed_is_listed_until_it_is_stopped(company: Any) -> None:
    await follow(company)
    await follow(company)
    rows = await company.ask("notices.mine")
    assert [row["kind"] for row in rows] == ["flight", "balance"]
    assert await company.ask("notices.mine", flight_no="MU5301") == []
    listed = await company.ask("notices.to_stop")
    assert [row["all"] for row in listed] == ["", "", "yes"]
    stopped = await company.do("notices.stop", key="s", subscription=rows[0]["subscription"])
    assert stopped == {"stopped": "1"}
    assert [row["kind"] for row in await company.ask("notices.mine")] == ["balance"]


async def test_all_of_a_kind_or_all_are_stopped_at_once(company: Any) -> None:
    await follow(company)
    await company.do("notices.follow_flight", key="f2", flight="MU5301/2026-11-25")
    whole = (await company.ask("notices.to_stop", kind="flight"))[-1]
    stopped = await company.do("notices.stop", key="s", subscription=whole["subscription"])
    assert stopped == {"stopped": "2"}
    await follow(company)
    whole = (await company.ask("notices.to_stop"))[-1]
    await company.do("notices.stop", key="t", subscription=whole["subscription"])
    assert await company.ask("notices.mine") == []


async def test_a_flight_that_has_left_is_no_longer_listed(company: Any) -> None:
    await follow(company)
    company.now += timedelta(days=2)
    assert [row["kind"] for row in await company.ask("notices.mine")] == ["balance"]


async def test_only_a_member_follows_a_balance(company: Any) -> None:
    company.openid = "oStranger"
    with pytest.raises(Refused, match="not_a_member"):
        await company.do("notices.follow_balance", key="b", below="20")


async def test_unbinding_and_leaving_end_what_is_followed(company: Any) -> None:
    await follow(company)
    await company.do("members.unbind", key="u")
    kinds = select(subscriptions.c.kind)
    assert list(await company.connection.scalars(kinds)) == ["flight"]
    await company.leave()
    assert list(await company.connection.scalars(kinds)) == []


async def test_those_who_follow_a_flight_are_told_what_changed_and_only_that(company: Any) -> None:
    await follow(company)
    company.openid = "oOther"
    await company.do("notices.follow_flight", key="o", flight=FLIGHT)
    changed = await happen(company, "airline.flight_changed", flight_no="CA1234", delay="45")
    assert [name for name, _ in changed] == ["flight_delayed"] * 2
    assert changed[0][1]["delay"] == 45
    again = await happen(company, "airline.flight_changed", flight_no="CA1234", delay="45")
    assert again == []
    more = {"delay": "60", "gate": "C3", "cancelled": "yes"}
    told = await happen(company, "airline.flight_changed", flight_no="CA1234", **more)
    names = {name for name, _ in told}
    assert names == {"flight_delayed", "gate_changed", "flight_cancelled"}
    (row,) = await company.ask("airline.flights", flight_no="CA1234", date="2026-11-24")
    assert (row["delay"], row["gate"], row["status"]) == (60, "C3", "cancelled")
    back = await happen(company, "airline.flight_changed", flight_no="CA1234", cancelled="no")
    assert {name for name, _ in back} == {"flight_restored"}


async def test_a_flight_that_nobody_follows_changes_silently(company: Any) -> None:
    assert await happen(company, "airline.flight_changed", flight_no="MU5301", delay="5") == []


async def test_a_balance_is_told_when_it_crosses_the_limit(company: Any) -> None:
    await follow(company)

    async def falls_to(balance: str) -> list[str]:
        told = await happen(company, "telecom.balance_changed", phone=ZHANG, balance=balance)
        return [facts["balance"] for _, facts in told]

    assert [await falls_to(each) for each in ("25", "19.9", "12", "80", "3")] == [
        [],
        ["19.9"],
        [],
        [],
        ["3"],
    ]


async def test_what_the_company_does_not_know_cannot_happen(company: Any) -> None:
    with pytest.raises(Refused, match="unknown_number"):
        await happen(company, "telecom.balance_changed", phone="10086", balance="1")
    with pytest.raises(Refused, match="unknown_flight"):
        await happen(company, "airline.flight_changed", flight_no="CA9999", delay="5")
