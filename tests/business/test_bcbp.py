from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business.demo.bcbp import Leg, encode

LEG = Leg(
    latin="ZHANG/SAN",
    order_no="JN6R8T",
    origin="PEK",
    destination="SHA",
    flight_no="CA1234",
    on=date(2026, 11, 24),
    cabin="economy",
    seat="12A",
    sequence=28,
)
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: Where the mandatory items lie, by the table of the resolution.
FIELDS = {
    "name": slice(2, 22),
    "pnr": slice(23, 30),
    "from": slice(30, 33),
    "to": slice(33, 36),
    "carrier": slice(36, 39),
    "flight": slice(39, 44),
    "day": slice(44, 47),
    "compartment": slice(47, 48),
    "seat": slice(48, 52),
    "sequence": slice(52, 57),
}


def test_the_code_has_every_item_in_its_place() -> None:
    code = encode(LEG)
    assert {name: code[place] for name, place in FIELDS.items()} == {
        "name": "ZHANG/SAN           ",
        "pnr": "JN6R8T ",
        "from": "PEK",
        "to": "SHA",
        "carrier": "CA ",
        "flight": "1234 ",
        "day": "328",
        "compartment": "Y",
        "seat": "012A",
        "sequence": "0028 ",
    }
    assert (code[:2], code[22], code[57:]) == ("M1", "E", "100")


@given(
    latin=st.text(UPPER, min_size=1, max_size=20),
    number=st.integers(min_value=1, max_value=9999),
    on=st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    row=st.integers(min_value=1, max_value=99),
    sequence=st.integers(min_value=1, max_value=9999),
)
def test_the_code_is_always_sixty_characters_that_read_back(
    latin: str, number: int, on: date, row: int, sequence: int
) -> None:
    leg = Leg(latin, "JN6R8T", "PEK", "SHA", f"CA{number}", on, "business", f"{row}K", sequence)
    code = encode(leg)
    assert len(code) == 60
    assert code[FIELDS["name"]].rstrip() == latin
    assert int(code[FIELDS["flight"]]) == number
    assert int(code[FIELDS["day"]]) == on.timetuple().tm_yday
    assert code[FIELDS["seat"]] == f"0{row:02}K"
    assert int(code[FIELDS["sequence"]]) == sequence


def test_a_long_name_loses_its_end() -> None:
    leg = Leg("OUYANG/ZHENGHUAXIAOLONG", "JN6R8T", *_rest())
    assert encode(leg)[FIELDS["name"]] == "OUYANG/ZHENGHUAXIAOL"


@pytest.mark.parametrize("latin", ["张三", "ÅBERG/LARS"])
def test_a_name_that_is_not_ascii_is_refused(latin: str) -> None:
    with pytest.raises(ValueError, match="boarding pass"):
        encode(Leg(latin, "JN6R8T", *_rest()))


def _rest() -> tuple[str, str, str, date, str, str, int]:
    return LEG.origin, LEG.destination, LEG.flight_no, LEG.on, LEG.cabin, LEG.seat, LEG.sequence
