from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from engine.business.demo import tables
from engine.business.demo.rows import segment_id
from engine.business.provider import Refused
from engine.store import Store

GUANGZHOU, BEIJING = "HU7801/2026-11-24", "3U8633/2026-11-24"


@pytest.fixture
def store(either: Store) -> Store:
    """The company is in each kind of database in turn."""
    return either


async def test_check_in_gives_a_seat_and_a_boarding_pass(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    done = await company.do("airline.check_in", key="k1", segments=[segment], seats=["012a"])
    assert done | {"boarding_passes": None} == {
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
        "order_no": "JN6R8T",
        "boarding_passes": None,
        "people": [{"name": "张三", "seat": "12A", "sequence": done["sequence"]}],
    }
    [card] = done["boarding_passes"]
    assert card["seat"] == "12A"
    assert card["departure"] == "08:30"
    assert card["code"].startswith("M1ZHANG/SAN")
    [booking] = await company.ask("airline.bookings", flight_no="CA1234")
    assert (booking["status"], booking["seat"]) == ("checked_in", "12A")


async def test_the_seat_map_shows_the_seat_as_yours_and_to_others_as_taken(town: Any) -> None:
    async with town.visit() as zhang:
        segment = await zhang.segment(flight_no="CA1234")
        await zhang.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
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
        await one.do("airline.check_in", key="k1", segments=[family["赵敏"]], seats=["12A"])
    async with town.visit("oOther") as other:
        with pytest.raises(Refused) as refusal:
            await other.do("airline.check_in", key="k2", segments=[family["赵小雨"]], seats=["12A"])
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
    first = await company.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
    assert (
        await company.do("airline.check_in", key="k1", segments=[segment], seats=["12A"]) == first
    )
    with pytest.raises(Refused) as refusal:
        await company.do("airline.check_in", key="k2", segments=[segment], seats=["12B"])
    assert (refusal.value.reason, refusal.value.facts) == (
        "already_checked_in",
        {"name": "张三", "seat": "12A"},
    )


async def test_boarding_numbers_count_up_and_a_refusal_uses_none(company: Any) -> None:
    numbers = []
    for row in await company.ask("airline.bookings", order_no="KQ7T3P"):
        with pytest.raises(Refused):
            await company.do("airline.check_in", key="no", segments=[row["segment"]], seats=["99Z"])
        key = row["segment"]
        done = await company.do(
            "airline.check_in", key=key, segments=[row["segment"]], seats=["any"]
        )
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
        await company.do("airline.check_in", key="k1", segments=[segment], seats=["any"])
    assert (refusal.value.reason, refusal.value.facts) == (reason, facts)


async def test_a_delay_leaves_the_desk_open_longer(company: Any) -> None:
    segment = await company.segment(order_no="ZA6U3R")
    company.now = datetime(2026, 11, 24, 13, 9)
    done = await company.do("airline.check_in", key="k1", segments=[segment], seats=["any"])
    assert done["boarding"] == "13:25"


async def test_a_segment_that_is_none_is_refused(company: Any) -> None:
    with pytest.raises(Refused, match="unknown_segment"):
        await company.do("airline.check_in", key="k1", segments=["0" * 16], seats=["12A"])


async def party(company: Any, journey: str, who: list[str] | None = None, **rest: Any) -> list[str]:
    rows = await company.ask("airline.travellers", journey=journey, who=who, **rest)
    return [row["segment"] for row in rows]


async def test_a_party_gets_a_seat_and_a_boarding_pass_each(company: Any) -> None:
    company.openid = "oDemo-zhoujianguo"
    family = await party(company, GUANGZHOU)
    done = await company.do(
        "airline.check_in", key="k1", segments=family, seats=["together"] * len(family)
    )
    assert (done["name"], done["seat"]) == ("周建国、林晓梅、周小宝", "16A、16B、16C")
    assert [card["seat"] for card in done["boarding_passes"]] == ["16A", "16B", "16C"]


async def test_a_party_is_checked_in_together_or_not_at_all(town: Any) -> None:
    async with town.visit("oDemo-zhoujianguo") as company:
        family = await party(company, GUANGZHOU)
    with pytest.raises(Refused, match="same_seat"):
        async with town.visit("oDemo-zhoujianguo") as company:
            await company.do(
                "airline.check_in", key="k1", segments=family, seats=["16A", "16B", "16A"]
            )
    async with town.visit("oDemo-zhoujianguo") as company:
        assert await party(company, GUANGZHOU) == family


async def test_a_changed_seat_is_free_for_others_and_the_pass_keeps_its_number(town: Any) -> None:
    async with town.visit() as zhang:
        segment = await zhang.segment(flight_no="CA1234")
        first = await zhang.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
        done = await zhang.do("airline.change_seats", key="k2", segments=[segment], seats=["12F"])
        assert (done["seat"], done["sequence"]) == ("12F", first["sequence"])
        assert await _state(zhang, segment, "12A") == "free"
        assert await _state(zhang, segment, "12F") == "yours"


async def test_two_of_a_party_may_change_places(company: Any) -> None:
    company.openid = "oDemo-zhoujianguo"
    pair = await party(company, GUANGZHOU, ["周建国", "林晓梅"])
    await company.do("airline.check_in", key="k1", segments=pair, seats=["16A", "16B"])
    with pytest.raises(Refused, match="seat_taken"):
        await company.do("airline.change_seats", key="k2", segments=pair[:1], seats=["16B"])


async def test_a_cancelled_check_in_gives_the_seat_back_and_may_be_done_again(
    company: Any,
) -> None:
    segment = await company.segment(flight_no="CA1234")
    await company.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
    done = await company.do("airline.cancel_check_in", key="k2", segments=[segment])
    assert (done["name"], done["seat"]) == ("张三", "12A")
    [booking] = await company.ask("airline.bookings", flight_no="CA1234")
    assert (booking["status"], booking["seat"]) == ("open", None)
    again = await company.do("airline.check_in", key="k3", segments=[segment], seats=["12A"])
    assert again["seat"] == "12A"


@pytest.mark.parametrize("effect", ["airline.change_seats", "airline.cancel_check_in"])
@pytest.mark.parametrize(
    ("at", "reason"), [("2026-11-24T07:45", "closed"), ("2026-11-24T08:30", "departed")]
)
async def test_seats_stay_as_they_are_once_check_in_has_closed(
    company: Any, effect: str, at: str, reason: str
) -> None:
    segment = await company.segment(flight_no="CA1234")
    await company.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
    company.now = datetime.fromisoformat(at)
    seats = {"seats": ["12F"]} if effect == "airline.change_seats" else {}
    with pytest.raises(Refused, match=reason):
        await company.do(effect, key="k2", segments=[segment], **seats)


async def test_what_was_never_checked_in_can_be_neither_changed_nor_undone(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    with pytest.raises(Refused, match="not_checked_in"):
        await company.do("airline.cancel_check_in", key="k1", segments=[segment])
    with pytest.raises(Refused, match="not_checked_in"):
        await company.do("airline.change_seats", key="k1", segments=[segment], seats=["12F"])


async def test_an_infant_travels_on_the_lap_of_one_adult(company: Any) -> None:
    couple = await party(company, BEIJING, order_no="LB7C3D")
    [journey] = await company.ask("airline.journeys", order_no="LB7C3D")
    baby = {"infant": journey["infant"], "guardian": couple[1]}
    with pytest.raises(Refused, match="exit_with_infant"):
        await company.do(
            "airline.check_in", key="k1", segments=couple, seats=["12A", "exit"], **baby
        )
    with pytest.raises(Refused, match="infant_alone"):
        await company.do("airline.check_in", key="k1", segments=couple[:1], seats=["12A"], **baby)


async def test_an_infant_is_checked_in_with_its_guardian_and_leaves_with_it(town: Any) -> None:
    async with town.visit() as company:
        couple = await party(company, BEIJING, order_no="LB7C3D")
        [journey] = await company.ask("airline.journeys", order_no="LB7C3D")
        baby = {"infant": journey["infant"], "guardian": couple[1]}
        seats = ["12A", "12C"]
        await company.do("airline.check_in", key="k1", segments=couple, seats=seats, **baby)
        [journey] = await company.ask("airline.journeys", order_no="LB7C3D")
        assert (journey["status"], journey["infants"]) == ("checked_in", [])
        await company.do("airline.cancel_check_in", key="k2", segments=couple[1:])
        [journey] = await company.ask("airline.journeys", order_no="LB7C3D")
        assert journey["infants"] == ["何念念"]


async def test_the_boarding_passes_come_again(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    journey = "CA1234/2026-11-24"
    assert await company.ask("airline.boarding_passes", journey=journey) == []
    done = await company.do("airline.check_in", key="k1", segments=[segment], seats=["12A"])
    assert await company.ask("airline.boarding_passes", journey=journey) == [done]


async def _state(company: Any, segment: str, seat: str) -> str:
    [model] = await company.ask("airline.seat_map", segment=segment)
    rows = {row["number"]: row["seats"] for row in model["rows"]}
    return str(rows[int(seat[:-1])][seat[-1]])


async def test_of_two_journeys_there_and_back_each_says_which_it_is(company: Any) -> None:
    company.openid = "oDemo-lisi"
    assert [row["leg"] for row in await company.ask("airline.journeys")] == [
        "去程",
        "回程、返程、回来",
    ]
    [alone] = await company.ask("airline.journeys", flight_no="CA1885")
    assert alone["leg"] == ""
