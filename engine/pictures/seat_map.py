"""The picture of a cabin: a phone's width, one seat a tile, the nose at the top."""

from __future__ import annotations

from collections.abc import Iterator

from engine.pictures.canvas import Canvas
from engine.pictures.models import Row, SeatMap
from engine.pictures.words import spoken_date

WIDTH = 720

_PAPER, _CABIN, _INK, _MUTED = "#ffffff", "#f1f4f8", "#17233a", "#6b7890"
_FREE, _TAKEN, _PAID, _EXIT, _YOURS = "#1b8f5f", "#d3d9e2", "#f3b544", "#f6d5cf", "#1d5fd1"
_WARNING = "#b5392a"

#: Fill and letter of each tile; a seat that nobody may choose here has no letter.
_TILES = {
    "free": (_FREE, _PAPER),
    "paid": (_PAID, _INK),
    "yours": (_YOURS, _PAPER),
    "taken": (_TAKEN, ""),
    "blocked": (_TAKEN, ""),
    "exit": (_EXIT, ""),
}
_LEGEND = (
    ("free", "可选"),
    ("taken", "已占"),
    ("paid", "付费"),
    ("exit", "紧急出口"),
    ("yours", "您的座位"),
)

_HEAD, _FOOT, _PITCH, _TILE_HEIGHT = 232, 44, 46, 38
_SIDE, _WIDEST = 68, 84


def paint(cabin: SeatMap) -> Canvas:
    """The canvas of a cabin; as high as its rows need."""
    height = _HEAD + _PITCH * len(cabin.rows) + _FOOT
    canvas = Canvas(WIDTH, height, paper=_PAPER)
    _heading(canvas, cabin)
    _legend(canvas)
    places = dict(_columns(cabin.columns))
    canvas.block((_SIDE - 18, 168, WIDTH - _SIDE + 18, height - 18), _CABIN, on=_PAPER, radius=36)
    for letter, x in places.items():
        if letter.isalpha():
            canvas.text((x, 202), letter, 24, _MUTED, on=_CABIN, anchor="mm", bold=True)
    for index, row in enumerate(cabin.rows):
        _row(canvas, row, places, _HEAD + _PITCH * index + _PITCH // 2, _tile_width(cabin.columns))
    return canvas


def _heading(canvas: Canvas, cabin: SeatMap) -> None:
    route = f"{cabin.origin_city} – {cabin.destination_city}"
    canvas.text((_SIDE - 18, 46), cabin.flight_no, 42, _INK, on=_PAPER, bold=True)
    right = WIDTH - _SIDE + 18
    canvas.text((right, 34), route, 28, _INK, on=_PAPER, anchor="rm", bold=True)
    canvas.text((right, 70), spoken_date(cabin.date), 22, _MUTED, on=_PAPER, anchor="rm")


def _legend(canvas: Canvas) -> None:
    x = _SIDE - 18
    for kind, words in _LEGEND:
        canvas.block((x, 112, x + 26, 138), _TILES[kind][0], on=_PAPER, radius=7)
        canvas.text((x + 36, 125), words, 22, _INK, on=_PAPER)
        x += 36 + 22 * len(words) + 32


def _row(canvas: Canvas, row: Row, places: dict[str, int], y: int, width: int) -> None:
    for place, x in places.items():
        if place in row.seats:
            kind = "exit" if row.exit and row.seats[place] == "blocked" else row.seats[place]
            _seat(canvas, (x, y), kind, place, width)
        elif not place.isalpha():
            canvas.text((x, y), str(row.number), 22, _MUTED, on=_CABIN, anchor="mm")
    if row.exit:
        for x in (_SIDE - 43, WIDTH - _SIDE + 43):
            canvas.text((x, y), "出口", 16, _WARNING, on=_PAPER, anchor="mm", bold=True)


def _seat(canvas: Canvas, middle: tuple[int, int], kind: str, letter: str, width: int) -> None:
    fill, ink = _TILES[kind]
    left, top = middle[0] - width // 2, middle[1] - _TILE_HEIGHT // 2
    canvas.block((left, top, left + width, top + _TILE_HEIGHT), fill, on=_CABIN, radius=9)
    if ink:
        canvas.text(middle, letter, 22, ink, on=fill, anchor="mm", bold=True)


def _columns(columns: str) -> Iterator[tuple[str, int]]:
    """Each letter, and each aisle by its number, with the middle of its column in pixels."""
    pitch = _column_pitch(columns)
    first = (WIDTH - pitch * (len(columns) - 1)) / 2
    for index, letter in enumerate(columns):
        yield letter if letter != " " else str(index), round(first + pitch * index)


def _column_pitch(columns: str) -> float:
    return min(_WIDEST, (WIDTH - 2 * _SIDE) / len(columns))


def _tile_width(columns: str) -> int:
    return int(_column_pitch(columns)) - 8
