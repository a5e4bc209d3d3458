"""A picture of how long turns took: the part of them that was answered within a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFont

#: Pixels of the square between the axes, and around it.
_SIDE, _MARGIN = 480, 64
_INK, _PALE = "#222222", "#dedede"
_COLOURS = ("#2463af", "#be3028")


def times(percentiles: Mapping[str, Sequence[float]], file: Path) -> None:
    """Draw a line for each server; ``percentiles`` are the 1st to the 99th, in milliseconds.

    Raises `OSError`.
    """
    longest = max(max(each) for each in percentiles.values()) or 1.0
    picture = Image.new("RGB", (_SIDE + 2 * _MARGIN, _SIDE + 2 * _MARGIN), "white")
    draw, face = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT_PATH), 14)
    end = _MARGIN + _SIDE
    for fifth in range(6):
        at, share = _SIDE * fifth // 5, fifth / 5
        draw.line((_MARGIN, end - at, end, end - at), _PALE)
        draw.text((_MARGIN - 8, end - at), f"{share:.0%}", _INK, face, anchor="rm")
        draw.text((_MARGIN + at, end + 8), f"{longest * share:.4g}", _INK, face, anchor="mt")
    draw.text((end, end + 28), "ms", _INK, face, anchor="rt")
    for number, (name, cuts) in enumerate(percentiles.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [
            (_MARGIN + _SIDE * cut / longest, end - _SIDE * part / 100)
            for part, cut in enumerate(cuts, 1)
        ]
        draw.line([(_MARGIN, end), *points], colour, 2)
        draw.text((end - 8, end - 48 + 20 * number), name, colour, face, anchor="rb")
    picture.save(file, "PNG")
