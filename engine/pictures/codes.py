"""Codes that a machine reads."""

from __future__ import annotations

import segno
from PIL import Image


def qr(text: str, *, within: int) -> Image.Image:
    """The mask of a QR code in whole pixels a module; the card around it is its quiet zone."""
    modules = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    side = len(modules)
    small = Image.frombytes("L", (side, side), b"".join(modules)).point([0, 255] + [0] * 254)
    scale = within // side
    return small.resize((side * scale, side * scale), Image.Resampling.NEAREST)
