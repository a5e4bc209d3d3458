"""Pictures of how a model did in cross-validation: its confusions, and its honesty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFont

from engine.nlu.classifier import Classifier
from engine.nlu.training import report
from engine.nlu.training.metrics import Array, Scored

CONFUSIONS, CALIBRATION = "confusions.png", "calibration.png"

#: Sides of a cell of the confusions, and of the square of the calibration, in pixels.
CELL, SIDE, MARGIN = 22, 400, 60
BINS = 10
INK, PALE, BLUE, RED = (34, 34, 34), (222, 222, 222), (36, 99, 175), (190, 48, 40)

Colour = tuple[int, int, int]


def save(scored: Scored, model: Classifier, folder: Path) -> list[Path]:
    """Write both pictures into a folder, which is made if need be. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    inside = scored.inside
    right = inside.guess == inside.truth
    pictures = {
        CONFUSIONS: confusions(inside, model.intents),
        CALIBRATION: calibration(report.confidences(inside, model), right),
    }
    for name, picture in pictures.items():
        picture.save(folder / name)
    return [folder / name for name in pictures]


def confusions(scored: Scored, intents: Sequence[str]) -> Image.Image:
    """Rows are right intents, columns guesses; a cell is as dark as its share of the row."""
    count = len(intents)
    counts = np.zeros((count, count), int)
    np.add.at(counts, (scored.truth, scored.guess), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    face = _face(12)
    wide = int(max(face.getlength(intent) for intent in intents)) + 16
    picture = Image.new("RGB", (wide + count * CELL + 8, wide + count * CELL + 8), "white")
    draw = ImageDraw.Draw(picture)
    for row, intent in enumerate(intents):
        draw.text((wide - 8, wide + row * CELL + CELL // 2), intent, INK, face, anchor="rm")
        for column in range(count):
            x, y = wide + column * CELL, wide + row * CELL
            fill = _tint(shares[row, column], BLUE if row == column else RED)
            draw.rectangle((x, y, x + CELL, y + CELL), fill, PALE)
    picture.paste(_upright(intents, wide, face), (wide, 0))
    return picture


def calibration(confidence: Array, right: Array) -> Image.Image:
    """Confidence across, accuracy upwards, a point for each tenth; honest ones are on the line."""
    picture = Image.new("RGB", (SIDE + 2 * MARGIN, SIDE + 2 * MARGIN), "white")
    draw = ImageDraw.Draw(picture)
    end, face = MARGIN + SIDE, _face(14)
    draw.rectangle((MARGIN, MARGIN, end, end), outline=INK)
    draw.line((MARGIN, end, end, MARGIN), PALE, 2)
    for tenth in range(0, 11, 2):
        at = SIDE * tenth // 10
        draw.text((MARGIN + at, end + 8), f"{tenth / 10:.1f}", INK, face, anchor="mt")
        draw.text((MARGIN - 8, end - at), f"{tenth / 10:.1f}", INK, face, anchor="rm")
    for x, y, share in points(confidence, right):
        size = 3 + 12 * share**0.5
        left, top = MARGIN + SIDE * x, end - SIDE * y
        draw.ellipse((left - size, top - size, left + size, top + size), BLUE)
    return picture


def points(confidence: Array, right: Array) -> list[tuple[float, float, float]]:
    """(mean confidence, accuracy, share of all) of every tenth of confidence that occurs."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    groups = [place == number for number in range(BINS)]
    return [
        (float(confidence[group].mean()), float(right[group].mean()), float(group.mean()))
        for group in groups
        if group.any()
    ]


def _upright(intents: Sequence[str], tall: int, face: ImageFont.FreeTypeFont) -> Image.Image:
    lying = Image.new("RGB", (tall, len(intents) * CELL), "white")
    draw = ImageDraw.Draw(lying)
    for column, intent in enumerate(intents):
        draw.text((8, column * CELL + CELL // 2), intent, INK, face, anchor="lm")
    return lying.transpose(Image.Transpose.ROTATE_90)


def _tint(share: float, colour: Colour) -> Colour:
    red, green, blue = (round(255 - (255 - part) * share**0.5) for part in colour)
    return red, green, blue


def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_PATH), size)
