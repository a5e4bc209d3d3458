"""The picture of a receipt: what was ordered or paid, and the order's number as a code."""

from __future__ import annotations

from engine.pictures.canvas import Canvas
from engine.pictures.codes import qr
from engine.pictures.models import Receipt

WIDTH = 720

_PAGE, _CARD, _INK, _MUTED, _LINE = "#e9f2ec", "#ffffff", "#14213a", "#6d7a91", "#d5dce6"
_BRAND, _PALE = "#0b6b3a", "#bfe3cd"

_LEFT, _RIGHT, _TOP = 32, 688, 32
_EDGE = 72
#: Where the items begin, how high one is, how high the part with the code is.
_ITEMS, _STEP, _CODE = 316, 62, 330
#: Where they begin where no sum is above them.
_ITEMS_ALONE = 206
#: Characters of a value that fit beside its label; the size shrinks for more.
_FIT = 15


def paint(receipt: Receipt) -> Canvas:
    """The canvas of a receipt, as high as its items need."""
    top = _ITEMS if receipt.amount else _ITEMS_ALONE
    tear = top + _STEP * len(receipt.items) + 10
    canvas = Canvas(WIDTH, tear + _CODE + 32, paper=_PAGE)
    _sheet(canvas, bottom=tear + _CODE)
    canvas.text((_EDGE, 86), receipt.title, 34, _CARD, on=_BRAND, bold=True)
    canvas.text((WIDTH - _EDGE, 86), "RECEIPT", 18, _PALE, on=_BRAND, anchor="rm")
    if receipt.amount:
        amount = f"¥ {receipt.amount}"
        canvas.text((WIDTH // 2, 224), amount, 72, _INK, on=_CARD, anchor="mm", bold=True)
    for number, (label, value) in enumerate(receipt.items.items()):
        _item(canvas, top + _STEP * number, label, value)
    for x in range(_LEFT + 34, _RIGHT - 34, 18):
        canvas.block((x, tear, x + 9, tear + 3), _LINE, on=_CARD)
    _code(canvas, tear, receipt.code)
    return canvas


def _sheet(canvas: Canvas, *, bottom: int) -> None:
    upper, lower = (True, True, False, False), (False, False, True, True)
    canvas.block((_LEFT, _TOP, _RIGHT, 140), _BRAND, on=_PAGE, radius=28, corners=upper)
    canvas.block((_LEFT, 140, _RIGHT, bottom), _CARD, on=_PAGE, radius=28, corners=lower)


def _item(canvas: Canvas, y: int, label: str, value: str) -> None:
    size = min(28, 28 * _FIT // max(_width(value), 1))
    canvas.text((_EDGE, y), label, 24, _MUTED, on=_CARD)
    canvas.text((WIDTH - _EDGE, y), value, size, _INK, on=_CARD, anchor="rm", bold=True)


def _code(canvas: Canvas, tear: int, code: str) -> None:
    mask = qr(code, within=230)
    canvas.stamp(((WIDTH - mask.width) // 2, tear + 34), mask, _INK, on=_CARD)
    canvas.text((WIDTH // 2, tear + 292), code, 20, _MUTED, on=_CARD, anchor="mm")


def _width(value: str) -> int:
    """How wide a value is in full-width characters, rounded up."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in value) // 2 + 1
