from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.pictures import BadModel, PictureError, UnknownKind, describe, draw, model_of

CABIN: dict[str, Any] = {
    "flight_no": "CA1234",
    "date": "2026-11-24",
    "origin_city": "北京",
    "destination_city": "上海",
    "cabin": "economy",
    "columns": "AB CD",
    "rows": [
        {"number": 5, "exit": False, "seats": dict.fromkeys("ABCD", "free")},
        {
            "number": 6,
            "exit": False,
            "seats": {"A": "free", "B": "taken", "C": "paid", "D": "yours"},
        },
        {"number": 7, "exit": True, "seats": dict.fromkeys("ABCD", "blocked")},
        {"number": 8, "exit": False, "seats": {"A": "blocked", "D": "free"}},
    ],
}
CARD: dict[str, Any] = {
    "name": "张三",
    "flight_no": "CA1234",
    "date": "2026-11-24",
    "origin": "PEK",
    "origin_city": "北京",
    "destination": "SHA",
    "destination_city": "上海",
    "departure": "08:30",
    "boarding": "08:00",
    "gate": "C28",
    "seat": "12A",
    "sequence": "028",
    "cabin": "economy",
    "order_no": "JN6R8T",
    "code": "M1ZHANG/SAN           EJN6R8T PEKSHACA 1234 328Y012A0028 100",
}
FREE, TAKEN, PAID = (0x1B, 0x8F, 0x5F), (0xD3, 0xD9, 0xE2), (0xF3, 0xB5, 0x44)
EXIT, YOURS, CABIN_FLOOR = (0xF6, 0xD5, 0xCF), (0x1D, 0x5F, 0xD1), (0xF1, 0xF4, 0xF8)


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_a_seat_has_the_colour_of_its_state_where_it_is_in_the_cabin() -> None:
    # Five columns of 84 pixels around the middle, and rows of 46 under a head of 232: looked at
    # beside the letter of a seat, which is in its middle.
    picture = pixels(draw("seat_map", CABIN))
    x = {"A": 192 - 24, "B": 276 - 24, "C": 444 - 24, "D": 528 - 24}
    y = {5: 255, 6: 301, 7: 347, 8: 393}
    seen = {(row, letter): picture.getpixel((x[letter], y[row])) for row in y for letter in x}
    assert seen == {
        **{(5, letter): FREE for letter in "ABCD"},
        (6, "A"): FREE,
        (6, "B"): TAKEN,
        (6, "C"): PAID,
        (6, "D"): YOURS,
        **{(7, letter): EXIT for letter in "ABCD"},
        (8, "A"): TAKEN,
        (8, "B"): CABIN_FLOOR,
        (8, "C"): CABIN_FLOOR,
        (8, "D"): FREE,
    }


def test_a_picture_is_as_wide_as_a_phone_and_as_high_as_it_must_be() -> None:
    assert pixels(draw("boarding_pass", CARD)).size == (720, 1150)
    assert pixels(draw("seat_map", CABIN)).size == (720, 232 + 4 * 46 + 44)
    thirty = CABIN | {"rows": [{"number": n, "seats": {"A": "free"}} for n in range(1, 31)]}
    assert pixels(draw("seat_map", thirty)).height <= 1700


def test_the_code_on_the_pass_is_read_by_a_scanner() -> None:
    [found] = zxingcpp.read_barcodes(pixels(draw("boarding_pass", CARD)))
    assert found.text == CARD["code"]
    assert found.format == zxingcpp.BarcodeFormat.QRCode


def test_the_code_is_read_from_a_picture_made_small_by_a_chat() -> None:
    small = pixels(draw("boarding_pass", CARD)).resize((360, 575))
    assert [found.text for found in zxingcpp.read_barcodes(small)] == [CARD["code"]]


@pytest.mark.parametrize(("kind", "model"), [("seat_map", CABIN), ("boarding_pass", CARD)])
def test_a_picture_carries_its_model(kind: str, model: dict[str, Any]) -> None:
    assert model_of(draw(kind, model)) == model


@pytest.mark.parametrize(("kind", "model"), [("seat_map", CABIN), ("boarding_pass", CARD)])
def test_equal_models_are_equal_pictures_and_small_files(kind: str, model: dict[str, Any]) -> None:
    png = draw(kind, model)
    assert draw(kind, dict(reversed(model.items()))) == png
    assert len(png) < 60_000


def test_what_differs_in_the_model_differs_in_the_picture() -> None:
    other = pixels(draw("boarding_pass", CARD | {"gate": "C29"}))
    assert other.tobytes() != pixels(draw("boarding_pass", CARD)).tobytes()


@pytest.mark.parametrize("name", ["喆堃赟㛃䶮镕", "古丽巴哈尔·买买提江", "OUYANG XIAOLONG"])
def test_every_character_of_a_name_has_a_form_of_its_own(name: str) -> None:
    missing = _shape("\U000f0000")
    assert missing not in {_shape(character) for character in name if character != " "}


def test_a_name_that_is_long_stays_left_of_the_cabin() -> None:
    long = pixels(draw("boarding_pass", CARD | {"name": "阿卜杜热西提" * 4}))
    usual = pixels(draw("boarding_pass", CARD))
    beside = (474, 340, 688, 430)
    assert long.crop(beside).tobytes() == usual.crop(beside).tobytes()


@settings(max_examples=20, deadline=None)
@given(
    columns=st.sampled_from(["ABC DEF", "AC DF", "ABC DEFG HJK", "A B"]),
    states=st.lists(
        st.sampled_from(["free", "taken", "paid", "blocked", "yours"]), min_size=1, max_size=9
    ),
    exits=st.booleans(),
)
def test_any_cabin_is_drawn_and_said(columns: str, states: list[str], exits: bool) -> None:
    letters = columns.replace(" ", "")
    rows = [
        {"number": number, "exit": exits, "seats": dict.fromkeys(letters, state)}
        for number, state in enumerate(states, 1)
    ]
    cabin = CABIN | {"columns": columns, "rows": rows}
    assert model_of(draw("seat_map", cabin)) == cabin
    assert ("靠窗可选" in describe("seat_map", cabin)) == ("free" in states)


@settings(max_examples=20, deadline=None)
@given(name=st.text(min_size=1, max_size=12), code=st.text("ABC/ 0123", min_size=1, max_size=60))
@example(name="张\n三", code="M1")
@example(name=" \t ", code="M1")
def test_any_name_is_drawn_and_any_code_is_read(name: str, code: str) -> None:
    png = draw("boarding_pass", CARD | {"name": name, "code": code})
    assert [found.text for found in zxingcpp.read_barcodes(pixels(png))] == [code]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownKind, match="seat_map"):
        draw("seatmap", CABIN)
    with pytest.raises(PictureError):
        describe("seatmap", CABIN)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ({key: CARD[key] for key in CARD if key != "gate"}, "gate"),
        (CARD | {"sequence": [28]}, "sequence"),
    ],
)
def test_a_model_that_lacks_something_is_refused(model: dict[str, Any], says: str) -> None:
    with pytest.raises(BadModel, match=says):
        draw("boarding_pass", model)


def test_a_picture_from_elsewhere_has_no_model() -> None:
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    with pytest.raises(BadModel, match="banli"):
        model_of(file.getvalue())


def _shape(character: str) -> bytes:
    from engine.pictures.canvas import lettering

    mask, _ = lettering(character, 36, "lm", False)
    return bytes(f"{mask.size}", "ascii") + mask.tobytes()
