"""Pictures in words, for those who cannot see them: screen readers, SMS, voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from engine.pictures.models import BoardingPass, Receipt, SeatMap

CABINS = {"economy": "经济舱", "business": "公务舱", "first": "头等舱"}

_WEEKDAYS = "一二三四五六日"


def spoken_date(iso: str) -> str:
    """`11月24日 周二`."""
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def seat_map_in_words(cabin: SeatMap) -> str:
    """The free seats by kind and letter, rows in ranges; then the paid ones and the exits."""
    window, aisle = _kinds(cabin.columns)
    lines = [
        f"{cabin.flight_no} {spoken_date(cabin.date)} 座位图",
        f"{cabin.origin_city}到{cabin.destination_city}",
        _line("靠窗可选", cabin, "free", lambda letter: letter in window),
        _line("靠过道可选", cabin, "free", lambda letter: letter in aisle),
        _line("中间可选", cabin, "free", lambda letter: letter not in window | aisle),
        _line("付费座位", cabin, "paid", lambda _: True),
        _line("您的座位", cabin, "yours", lambda _: True),
    ]
    if not any("free" in row.seats.values() for row in cabin.rows):
        lines.append("没有可选的座位")
    exits = [row.number for row in cabin.rows if row.exit]
    if exits:
        lines.append(f"紧急出口：第{_ranges(exits)}排，请到柜台办理")
    return "\n".join(line for line in lines if line)


def boarding_pass_in_words(card: BoardingPass) -> str:
    """The pass in lines, one thing a line."""
    return "\n".join(
        [
            f"登机牌 {card.flight_no} {spoken_date(card.date)}",
            f"{card.origin_city} {card.origin} 到 {card.destination_city} {card.destination}",
            f"旅客：{card.name}",
            f"座位：{card.seat}（{CABINS.get(card.cabin, card.cabin)}）",
            f"登机口：{card.gate}，登机时间：{card.boarding}，起飞时间：{card.departure}",
            f"登机序号：{card.sequence}，订单号：{card.order_no}",
        ]
    )


def receipt_in_words(receipt: Receipt) -> str:
    """The receipt in lines, one thing a line."""
    lines = (f"{label}：{value}" for label, value in receipt.items.items())
    head = f"{receipt.title} {receipt.amount} 元" if receipt.amount else receipt.title
    return "\n".join([head, *lines, f"单号：{receipt.code}"])


def _kinds(columns: str) -> tuple[set[str], set[str]]:
    """The letters at a window and those at an aisle."""
    groups = columns.split()
    window = {groups[0][0], groups[-1][-1]}
    aisle = {group[-1] for group in groups[:-1]} | {group[0] for group in groups[1:]}
    return window, aisle


def _line(title: str, cabin: SeatMap, state: str, wanted: Callable[[str], bool]) -> str:
    parts = []
    for letter in cabin.columns.replace(" ", ""):
        rows = [row.number for row in cabin.rows if row.seats.get(letter) == state]
        if rows and wanted(letter):
            parts.append(f"{letter}座 {_ranges(rows)}排")
    return f"{title}：{'；'.join(parts)}" if parts else ""


def _ranges(numbers: Iterable[int]) -> str:
    """`5-9、12` of 5 6 7 8 9 12."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "、".join(f"{low}" if low == high else f"{low}-{high}" for low, high in spans)
