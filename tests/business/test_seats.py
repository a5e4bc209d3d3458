from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business.demo.cabin import PREFERENCES, Seat, cabin, nearest, seat_number, suiting
from engine.business.demo.world import Layout
from engine.business.provider import Refused
from engine.store import Store

LAYOUT = Layout(columns="ABC DEF", rows=(3, 30), exit=(10, 11), paid={"60": (3, 4)})
WISHES = st.lists(
    st.sampled_from([*PREFERENCES, *(f"not:{name}" for name in PREFERENCES), "any"]), max_size=4
)


@pytest.fixture
def store(either: Store) -> Store:
    """The company is in each kind of database in turn."""
    return either


async def find(company: Any, wish: str) -> list[str]:
    segment = await company.segment(flight_no="CA1234")
    found = await company.ask("airline.find_seats", segments=[segment], wishes=[wish])
    return [row["seat"] for row in found]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("12A", ["12A"]),
        ("012a", ["12A"]),
        ("window", ["5F"]),
        ("aisle", ["5C"]),
        ("window+aisle", ["5F"]),
        ("rear+window", ["30A"]),
        ("not:window+not:aisle", ["5E"]),
        ("10A", ["10A"]),
        ("exit+aisle", ["11C"]),
    ],
)
async def test_a_wish_finds_the_best_free_seat(
    company: Any, wish: str, expected: list[str]
) -> None:
    assert await find(company, wish) == expected


@pytest.mark.parametrize(
    ("wish", "reason", "fact"),
    [
        ("12C", "seat_taken", {"seat": "12C"}),
        ("3B", "paid_seat", {"seat": "3B", "price": "60"}),
        ("99A", "no_such_seat", {"seat": "99A"}),
        ("12G", "no_such_seat", {"seat": "12G"}),
        ("1A", "no_such_seat", {"seat": "1A"}),
        ("sunny", "no_match", {"wish": "sunny"}),
    ],
)
async def test_a_wish_that_cannot_be_met_is_refused_with_seats_nearby(
    company: Any, wish: str, reason: str, fact: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        await find(company, wish)
    near = refusal.value.facts.pop("near")
    assert refusal.value.facts.pop("value") == wish
    assert (refusal.value.reason, refusal.value.facts) == (reason, fact)
    assert len(near) == 3
    assert [(await find(company, seat)) for seat in near] == [[seat] for seat in near]


async def family(company: Any, *wishes: str) -> list[str]:
    """The seats of a couple and their child on a wide aircraft."""
    company.openid = "oDemo-zhoujianguo"
    rows = await company.ask("airline.travellers", journey="HU7801/2026-11-24")
    segments = [row["segment"] for row in rows]
    found = await company.ask("airline.find_seats", segments=segments, wishes=list(wishes))
    return [row["seat"] for row in found]


@pytest.mark.parametrize(
    ("wishes", "seats"),
    [
        (["together"] * 3, ["16A", "16B", "16C"]),
        (["together+window"] * 3, ["16A", "16B", "16C"]),
        (["16A", "together", "together"], ["16A", "16B", "16C"]),
        (["aisle+together", "together", "window+together"], ["16C", "16B", "16A"]),
        (["any"] * 3, ["16A", "16B", "16C"]),
        (["window"] * 3, ["14K", "16A", "16K"]),
        (["16A", "", ""], ["16A"]),
        (["", "16B", ""], ["16B"]),
    ],
)
async def test_a_party_sits_as_it_wishes(company: Any, wishes: list[str], seats: list[str]) -> None:
    assert await family(company, *wishes) == seats


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        (["16A", "16A", ""], "same_seat"),
        (["", "", "exit"], "exit_too_young"),
        (["", "", "24D"], "exit_too_young"),
        (["row:16", "", ""], "which_seat"),
        (["together+front+row:40"] * 3, "not_together"),
        (["window+together", "window+together", "aisle+together"], "not_together"),
    ],
)
async def test_a_party_hears_why_it_cannot_sit_so(
    company: Any, wishes: list[str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        await family(company, *wishes)


async def test_who_is_on_the_flight_is_meant_by_name_sound_kinship_and_number(
    company: Any,
) -> None:
    company.openid = "oDemo-zhoujianguo"

    async def meant(*who: str) -> list[str]:
        rows = await company.ask("airline.travellers", journey="HU7801/2026-11-24", who=list(who))
        return [row["name"] for row in rows]

    assert await meant("周小宝", "林晓梅") == ["周小宝", "林晓梅"]
    assert await meant("林小妹") == ["林晓梅"]
    assert await meant("self", "wife") == ["周建国", "林晓梅"]
    assert await meant("child") == ["周小宝"]
    assert await meant("3") == await meant("all") == ["周建国", "林晓梅", "周小宝"]
    assert await meant("not:周小宝") == ["周建国", "林晓梅"]
    for who, reason in (("李四", "nobody_called"), ("2", "not_so_many"), ("husband", "which_one")):
        with pytest.raises(Refused, match=reason):
            await meant(who)


async def test_the_seat_map_has_the_columns_and_rows_of_the_cabin(company: Any) -> None:
    segment = await company.segment(flight_no="CA1234")
    [model] = await company.ask("airline.seat_map", segment=segment)
    assert model["columns"] == "ABC DEF"
    assert [row["number"] for row in model["rows"]] == list(range(3, 31))
    assert [row["number"] for row in model["rows"] if row["exit"]] == [10, 11]
    assert model["rows"][9]["seats"]["A"] == "free"
    assert model["rows"][9]["seats"]["C"] == "taken"


async def test_business_class_has_its_own_seats(company: Any) -> None:
    company.openid = "oDemo-chenjing"
    segment = await company.segment()
    [model] = await company.ask("airline.seat_map", segment=segment)
    assert (model["cabin"], model["columns"], len(model["rows"])) == ("business", "AC DG HK", 6)


@given(WISHES)
def test_every_seat_found_has_all_that_was_wished(words: list[str]) -> None:
    for seat in suiting(_free(), "+".join(words)):
        for word in words:
            if word != "any":
                wanted = not word.startswith("not:")
                assert seat.is_(word.removeprefix("not:")) == wanted


@given(WISHES)
def test_no_seat_that_fits_is_left_out(words: list[str]) -> None:
    found = suiting(_free(), "+".join(words))
    left = [seat for seat in _free() if seat not in found]
    assert all(suiting([seat], "+".join(words)) == [] for seat in left)


def test_the_front_is_a_third_and_so_is_the_rear() -> None:
    assert max(seat.row for seat in suiting(_free(), "front")) == 12
    assert min(seat.row for seat in suiting(_free(), "rear")) == 21


def test_a_wide_cabin_has_two_windows_and_four_aisle_seats_a_row() -> None:
    wide = cabin(Layout(columns="ABC DEFG HJK", rows=(11, 11)), taken=frozenset())
    assert [seat.letter for seat in wide.seats if seat.window] == ["A", "K"]
    assert [seat.letter for seat in wide.seats if seat.aisle] == ["C", "D", "G", "H"]


def test_the_nearest_to_a_window_are_the_next_windows() -> None:
    wanted = next(seat for seat in _free() if seat.number == "20A")
    others = [seat for seat in _free() if seat != wanted]
    assert [seat.number for seat in nearest(others, wanted)[:3]] == ["20F", "19A", "21A"]


@given(st.integers(min_value=1, max_value=99), st.sampled_from("ABCDEFGHJK"))
def test_a_seat_number_is_read_with_or_without_zeros(row: int, letter: str) -> None:
    assert seat_number(f"{row:03}{letter.lower()}") == f"{row}{letter}"


@given(st.text(max_size=6))
def test_what_is_read_as_a_seat_number_reads_the_same_again(text: str) -> None:
    number = seat_number(text)
    assert number is None or seat_number(number) == number


def _free() -> list[Seat]:
    return cabin(LAYOUT, taken=frozenset({"12A"})).free()


async def check_in(company: Any, *seats: str) -> None:
    """Seats for the first of the family; the others have none yet."""
    rows = await company.ask("airline.travellers", journey="HU7801/2026-11-24")
    segments = [row["segment"] for row in rows][: len(seats)]
    await company.do("airline.check_in", key="k", segments=segments, seats=list(seats))


async def beside(company: Any) -> dict[str, Any]:
    """The seat of the child that wishes to sit beside those who have one."""
    rows = await company.ask("airline.travellers", journey="HU7801/2026-11-24", who=["周小宝"])
    found = await company.ask(
        "airline.find_seats", segments=[rows[0]["segment"]], wishes=["together"]
    )
    return dict(found[0])


@pytest.mark.parametrize(
    ("taken", "seat", "whom"),
    [
        (["23A"], "23B", "周建国 23A"),
        (["23A", "23B"], "23C", "林晓梅 23B"),
        (["21E", "27A"], "27B", "林晓梅 27A"),
    ],
)
async def test_one_sits_beside_those_of_the_order_who_sit_already(
    company: Any, taken: list[str], seat: str, whom: str
) -> None:
    company.openid = "oDemo-zhoujianguo"
    await check_in(company, *taken)
    found = await beside(company)
    assert (found["seat"], found["beside"]) == (seat, whom)


@pytest.mark.parametrize(("taken", "is_alone"), [([], True), (["30C", "30E"], False)])
async def test_one_cannot_sit_beside_nobody_or_where_all_is_taken(
    company: Any, taken: list[str], is_alone: bool
) -> None:
    company.openid = "oDemo-zhoujianguo"
    if taken:
        await check_in(company, *taken)
    with pytest.raises(Refused) as refusal:
        await beside(company)
    assert (refusal.value.reason, refusal.value.facts["alone"]) == ("not_together", is_alone)


def test_a_stranger_in_between_parts_two_seats() -> None:
    there = cabin(LAYOUT, taken=frozenset())
    a, b, c, d = (seat for seat in there.seats if seat.number in ("12A", "12B", "12C", "12D"))
    assert a.is_next_to(b)
    assert not a.is_next_to(c)
    assert c.is_next_to(d)
    assert not c.is_next_to(d, over_aisle=False)
