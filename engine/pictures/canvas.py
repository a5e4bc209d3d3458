"""Drawing with a small palette and smooth edges.

Every pixel is an index. For each pair of colours that meet, the palette holds a short ramp from the
one below to the one above, so that a soft edge is a step on the ramp: text and round corners stay
smooth while the file stays as small, and as quick to write, as one with flat colours.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from engine.pictures.fonts import font

#: Steps of a ramp: 21 pairs of colours fill the 256 places of a palette.
_STEPS = 12

#: How much finer shapes are drawn before they are reduced to smooth edges.
_FINE = 4

Corners = tuple[bool, bool, bool, bool]


class Canvas:
    """A picture being drawn. Colours are `#rrggbb`; `on` is the flat colour under a shape."""

    def __init__(self, width: int, height: int, *, paper: str) -> None:
        self._ramps: dict[tuple[str, str], int] = {}
        self._image = Image.new("L", (width, height), self._ramp(paper, paper))

    def block(
        self,
        box: tuple[int, int, int, int],
        color: str,
        *,
        on: str,
        radius: int = 0,
        corners: Corners = (True, True, True, True),
    ) -> None:
        """A filled rectangle (left, top, right, bottom); `corners` go clockwise from top left."""
        left, top, right, bottom = box
        self.stamp(
            (left, top), rounded((right - left, bottom - top), radius, corners), color, on=on
        )

    def text(
        self,
        place: tuple[float, float],
        words: str,
        size: int,
        color: str,
        *,
        on: str,
        anchor: str = "lm",
        bold: bool = False,
    ) -> None:
        """One line of words at an anchor as Pillow names them, on a place that is all `on`."""
        mask, (x, y) = lettering(" ".join(words.split()), size, anchor, bold)
        self.stamp((round(place[0]) + x, round(place[1]) + y), mask, color, on=on)

    def stamp(self, place: tuple[int, int], mask: Image.Image, color: str, *, on: str) -> None:
        """Lay a colour on a flat one, as thick as the mask says."""
        self._image.paste(_indexed(mask, self._ramp(on, color)), place)

    def png(self, text: str) -> bytes:
        """The picture as PNG, with a text chunk `banli`."""
        self._image.putpalette(self._palette())
        notes = PngInfo()
        notes.add_itxt("banli", text)
        file = io.BytesIO()
        self._image.save(file, "PNG", pnginfo=notes, compress_level=6)
        return file.getvalue()

    def _ramp(self, under: str, over: str) -> int:
        if (under, over) not in self._ramps and (len(self._ramps) + 1) * _STEPS > 256:
            raise ValueError("a picture has more pairs of colours than its palette holds")
        return self._ramps.setdefault((under, over), len(self._ramps) * _STEPS)

    def _palette(self) -> list[int]:
        palette: list[int] = []
        for under, over in self._ramps:
            low, high = _rgb(under), _rgb(over)
            for step in range(_STEPS):
                share = step / (_STEPS - 1)
                palette += [round(a + (b - a) * share) for a, b in zip(low, high, strict=True)]
        return palette


@lru_cache(maxsize=256)
def rounded(size: tuple[int, int], radius: int, corners: Corners) -> Image.Image:
    """The mask of a rectangle with round corners."""
    mask = Image.new("L", size, 255)
    if radius:
        disc = Image.new("L", (2 * radius * _FINE, 2 * radius * _FINE), 0)
        ImageDraw.Draw(disc).ellipse((0, 0, disc.width - 1, disc.height - 1), fill=255)
        disc = disc.reduce(_FINE)
        right, bottom = size[0] - radius, size[1] - radius
        places = ((0, 0), (right, 0), (right, bottom), (0, bottom))
        halves = ((0, 0), (radius, 0), (radius, radius), (0, radius))
        for wanted, place, (x, y) in zip(corners, places, halves, strict=True):
            if wanted:
                mask.paste(disc.crop((x, y, x + radius, y + radius)), place)
    return mask


@lru_cache(maxsize=64)
def polygon(size: tuple[int, int], points: tuple[tuple[float, float], ...]) -> Image.Image:
    """The mask of a polygon; its points are in pixels of `size`."""
    fine = Image.new("L", (size[0] * _FINE, size[1] * _FINE), 0)
    ImageDraw.Draw(fine).polygon([(x * _FINE, y * _FINE) for x, y in points], fill=255)
    return fine.reduce(_FINE)


@lru_cache(maxsize=512)
def lettering(
    words: str, size: int, anchor: str, bold: bool
) -> tuple[Image.Image, tuple[int, int]]:
    """The mask of a line of words, and where its corner lies from the anchor."""
    face: ImageFont.FreeTypeFont = font(size)
    stroke = size / 40 if bold else 0.0
    left, top, right, bottom = face.getbbox(words, anchor=anchor, stroke_width=stroke)
    corner = (int(left) - 1, int(top) - 1)
    mask = Image.new("L", (int(right - left) + 3, int(bottom - top) + 3), 0)
    ImageDraw.Draw(mask).text(
        (-corner[0], -corner[1]), words, fill=255, font=face, anchor=anchor, stroke_width=stroke
    )
    return mask, corner


def _indexed(mask: Image.Image, base: int) -> Image.Image:
    return mask.point([base + round(share * (_STEPS - 1) / 255) for share in range(256)])


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
