"""The picture of a boarding pass: a card with a tear-off part that carries the code."""

from __future__ import annotations

from engine.pictures.canvas import Canvas, polygon
from engine.pictures.codes import qr
from engine.pictures.models import BoardingPass
from engine.pictures.words import CABINS, spoken_date

WIDTH, HEIGHT = 720, 1150

_PAGE, _CARD, _INK, _MUTED, _LINE = "#e9eef5", "#ffffff", "#14213a", "#6d7a91", "#d5dce6"
_BRAND, _PALE, _ACCENT = "#123f8c", "#b9cdf0", "#1d5fd1"

_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 688, 32, 1118
_EDGE = 72
_TEAR = 692

#: A plane seen from above, flying to the right, in a box of 44 × 40.
_PLANE = (
    *((44, 20), (40, 17), (28, 16), (16, 0), (11, 0), (17, 16), (8, 16), (4, 11), (0, 11)),
    *((3, 20), (0, 29), (4, 29), (8, 24), (17, 24), (11, 40), (16, 40), (28, 24), (40, 23)),
)


def paint(card: BoardingPass) -> Canvas:
    """The canvas of a boarding pass."""
    canvas = Canvas(WIDTH, HEIGHT, paper=_PAGE)
    _sheet(canvas)
    _band(canvas, card)
    _route(canvas, card)
    _fields(canvas, card)
    _code(canvas, card)
    return canvas


def _sheet(canvas: Canvas) -> None:
    upper, lower = (True, True, False, False), (False, False, True, True)
    canvas.block((_LEFT, _TOP, _RIGHT, 140), _BRAND, on=_PAGE, radius=28, corners=upper)
    canvas.block((_LEFT, 140, _RIGHT, _BOTTOM), _CARD, on=_PAGE, radius=28, corners=lower)
    for x in (_LEFT, _RIGHT):
        canvas.block((x - 18, _TEAR - 18, x + 18, _TEAR + 18), _PAGE, on=_CARD, radius=18)
    canvas.block((0, _TEAR - 18, _LEFT, _TEAR + 18), _PAGE, on=_PAGE)
    canvas.block((_RIGHT, _TEAR - 18, WIDTH, _TEAR + 18), _PAGE, on=_PAGE)
    for x in range(_LEFT + 34, _RIGHT - 34, 18):
        canvas.block((x, _TEAR - 1, x + 9, _TEAR + 2), _LINE, on=_CARD)


def _band(canvas: Canvas, card: BoardingPass) -> None:
    canvas.text((_EDGE, 72), "登机牌", 34, _CARD, on=_BRAND, bold=True)
    canvas.text((_EDGE, 112), "BOARDING PASS", 18, _PALE, on=_BRAND)
    right = WIDTH - _EDGE
    canvas.text((right, 72), card.flight_no, 36, _CARD, on=_BRAND, anchor="rm", bold=True)
    canvas.text((right, 112), spoken_date(card.date), 20, _PALE, on=_BRAND, anchor="rm")


def _route(canvas: Canvas, card: BoardingPass) -> None:
    right = WIDTH - _EDGE
    canvas.text((_EDGE, 222), card.origin, 84, _INK, on=_CARD, bold=True)
    canvas.text((right, 222), card.destination, 84, _INK, on=_CARD, anchor="rm", bold=True)
    canvas.text((_EDGE, 296), card.origin_city, 28, _MUTED, on=_CARD)
    canvas.text((right, 296), card.destination_city, 28, _MUTED, on=_CARD, anchor="rm")
    middle = WIDTH // 2
    canvas.block((middle - 78, 221, middle - 36, 224), _LINE, on=_CARD)
    canvas.block((middle + 36, 221, middle + 78, 224), _LINE, on=_CARD)
    canvas.stamp((middle - 22, 202), polygon((44, 40), _PLANE), _ACCENT, on=_CARD)
    departure = f"{card.departure} 起飞"
    canvas.text((middle, 296), departure, 24, _MUTED, on=_CARD, anchor="mm")


def _fields(canvas: Canvas, card: BoardingPass) -> None:
    name_size = min(36, 396 // len(card.name or " "))
    _field(canvas, (0, 372), "旅客 Passenger", card.name, size=name_size)
    _field(canvas, (2, 372), "舱位 Class", CABINS.get(card.cabin, card.cabin), size=36)
    _field(canvas, (0, 476), "登机口 Gate", card.gate, size=48, color=_ACCENT)
    _field(canvas, (1, 476), "登机 Boarding", card.boarding, size=48, color=_ACCENT)
    _field(canvas, (2, 476), "座位 Seat", card.seat, size=48, color=_ACCENT)
    _field(canvas, (0, 588), "序号 Seq.", card.sequence, size=30)
    _field(canvas, (2, 588), "订单号 Order", card.order_no, size=30)


def _field(
    canvas: Canvas, place: tuple[int, int], label: str, value: str, *, size: int, color: str = _INK
) -> None:
    """A label and its value under it; `place` is a column of three, and pixels from the top."""
    x, y = _EDGE + 206 * place[0], place[1]
    canvas.text((x, y - 16), label, 19, _MUTED, on=_CARD)
    canvas.text((x, y + 12 + size // 2), value, size, color, on=_CARD, bold=True)


def _code(canvas: Canvas, card: BoardingPass) -> None:
    mask = qr(card.code, within=330)
    left = (WIDTH - mask.width) // 2
    canvas.stamp((left, 730), mask, _INK, on=_CARD)
    caption = f"{card.flight_no} · {card.seat} · {card.name}"
    canvas.text((WIDTH // 2, 1082), caption, 20, _MUTED, on=_CARD, anchor="mm")
