from __future__ import annotations

import pytest

from engine.speech.spoken import spoken, ways


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("13812345678", "幺三八幺二三四五六七八"),
        ("100", "一百"),
        ("30.5元", "三十点五元"),
        ("¥30.5", "三十点五元"),
        ("12A", "十二A"),
        ("CA1234航班", "CA幺二三四航班"),
        ("3U8633", "三U八六三三"),
        ("HX5K2M", "HX五K二M"),
        ("11010119900307002X", "幺幺零幺零幺幺九九零零三零七零零二X"),
        ("2026-11-25 14:30", "二零二六年十一月二十五日 十四点三十"),
        ("2024年5月1日", "二零二四年五月一日"),
        ("2026年", "二零二六年"),
        ("8:05", "八点零五"),
        ("2:00", "两点"),
        ("20%", "百分之二十"),
        ("2个人", "两个人"),
        ("第2个", "第二个"),
        ("2号", "二号"),
        ("10086", "幺零零八六"),
        ("5G套餐", "五G套餐"),
        ("999-1234567890", "九九九 幺二三四五六七八九零"),
        ("ｃａ1831，值机", "CA幺八三幺 值机"),
        ("WiFi", "WiFi"),
        ("不是北京，是上海。", "不是北京 是上海"),
    ],
)
def test_what_is_written_is_said_as_people_say_it(written: str, said: str) -> None:
    assert spoken(written) == said


def test_a_flight_is_also_said_with_the_name_of_its_airline() -> None:
    said = ways("CA1234")
    assert {"CA幺二三四", "CA一二三四", "国航幺二三四", "国航一二三四"} <= set(said)


def test_a_seat_is_said_with_and_without_the_word_for_a_row() -> None:
    assert {"十二A", "幺二A", "一二A", "十二排A"} <= set(ways("12A"))


def test_half_past_has_three_names() -> None:
    assert ways("10:30") == ("十点三十", "十点三十分", "十点半")


def test_a_round_number_is_counted_and_another_is_spelled_first() -> None:
    assert ways("500")[0] == "五百"
    assert ways("1234")[0] == "幺二三四"
    assert "一千两百三十四" in ways("1234")


def test_money_has_its_everyday_form() -> None:
    assert "三十块五" in ways("30.5元")


def test_the_ways_of_many_numbers_stay_few() -> None:
    assert len(ways("从1到2到3到4到5到6到7到8到9到10到11到12到100到200")) <= 24
