from __future__ import annotations

from typing import Any

from engine.pictures import describe
from engine.pictures.words import spoken_date

CABIN: dict[str, Any] = {
    "flight_no": "CA1234",
    "date": "2026-11-24",
    "origin_city": "北京",
    "destination_city": "上海",
    "columns": "ABC DEF",
    "rows": [
        {"number": 4, "exit": False, "seats": dict.fromkeys("ABCDEF", "paid")},
        {"number": 5, "exit": False, "seats": dict.fromkeys("ABCDEF", "free")},
        {"number": 6, "exit": False, "seats": dict.fromkeys("ABCDEF", "free")},
        {"number": 7, "exit": False, "seats": dict.fromkeys("ABCDEF", "taken")},
        {"number": 8, "exit": True, "seats": dict.fromkeys("ABCDEF", "blocked")},
        {"number": 9, "exit": False, "seats": {"A": "free", "C": "yours", "E": "free"}},
    ],
}


def test_the_seat_map_says_what_is_free_by_kind_in_ranges() -> None:
    assert describe("seat_map", CABIN).splitlines() == [
        "CA1234 11月24日 周二 座位图",
        "北京到上海",
        "靠窗可选：A座 5-6、9排；F座 5-6排",
        "靠过道可选：C座 5-6排；D座 5-6排",
        "中间可选：B座 5-6排；E座 5-6、9排",
        "付费座位：A座 4排；B座 4排；C座 4排；D座 4排；E座 4排；F座 4排",
        "您的座位：C座 9排",
        "紧急出口：第8排，请到柜台办理",
    ]


def test_a_full_cabin_says_so() -> None:
    full = CABIN | {"rows": [{"number": 5, "seats": {"A": "taken"}}]}
    assert describe("seat_map", full).splitlines()[-1] == "没有可选的座位"


def test_a_wide_cabin_names_both_aisles() -> None:
    wide = CABIN | {
        "columns": "ABC DEFG HJK",
        "rows": [{"number": 11, "seats": dict.fromkeys("ABCDEFGHJK", "free")}],
    }
    said = describe("seat_map", wide)
    assert "靠窗可选：A座 11排；K座 11排" in said
    assert "靠过道可选：C座 11排；D座 11排；G座 11排；H座 11排" in said
    assert "中间可选：B座 11排；E座 11排；F座 11排；J座 11排" in said


def test_the_boarding_pass_is_one_thing_a_line() -> None:
    card = {
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
        "code": "M1",
    }
    assert describe("boarding_pass", card).splitlines() == [
        "登机牌 CA1234 11月24日 周二",
        "北京 PEK 到 上海 SHA",
        "旅客：张三",
        "座位：12A（经济舱）",
        "登机口：C28，登机时间：08:00，起飞时间：08:30",
        "登机序号：028，订单号：JN6R8T",
    ]


def test_a_date_is_said_with_its_weekday() -> None:
    assert spoken_date("2026-11-29") == "11月29日 周日"


def test_a_receipt_without_a_sum_says_what_was_ordered() -> None:
    model = {"title": "寄存凭证", "items": {"网点": "东口"}, "code": "B7"}
    assert describe("receipt", model).splitlines() == ["寄存凭证", "网点：东口", "单号：B7"]


def test_a_receipt_says_numbers_by_their_digits_and_leaves_out_what_is_not_known() -> None:
    items = {"件数": 2, "备注": None, "重量": 1.5}
    model = {"title": "寄存凭证", "amount": 180, "items": items, "code": 7788}
    lines = ["寄存凭证 180 元", "件数：2", "重量：1.5", "单号：7788"]
    assert describe("receipt", model).splitlines() == lines
