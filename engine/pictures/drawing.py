"""Draw a picture of a kind, or say it in words."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from PIL import Image

from engine.pictures import boarding_pass, seat_map
from engine.pictures.errors import BadModel
from engine.pictures.models import SeatMap, read
from engine.pictures.words import boarding_pass_in_words, seat_map_in_words


def draw(kind: str, model: Mapping[str, Any]) -> bytes:
    """The picture as PNG, 720 pixels wide, with its model as JSON in the text chunk `banli`.

    Equal models give the same bytes; the last ones drawn are kept. Raises UnknownKind or BadModel.
    """
    return _drawn(kind, json.dumps(model, ensure_ascii=False, sort_keys=True))


def describe(kind: str, model: Mapping[str, Any]) -> str:
    """The picture in words, in lines. Raises UnknownKind or BadModel."""
    shown = read(kind, model)
    if isinstance(shown, SeatMap):
        return seat_map_in_words(shown)
    return boarding_pass_in_words(shown)


def model_of(png: bytes) -> dict[str, Any]:
    """The model that a picture was drawn from. Raises BadModel for a PNG that carries none."""
    with Image.open(io.BytesIO(png)) as image:
        text = getattr(image, "text", {}).get("banli")
    if text is None:
        raise BadModel("this PNG has no text chunk named banli")
    model: dict[str, Any] = json.loads(text)
    return model


@lru_cache(maxsize=128)
def _drawn(kind: str, model: str) -> bytes:
    shown = read(kind, json.loads(model))
    canvas = seat_map.paint(shown) if isinstance(shown, SeatMap) else boarding_pass.paint(shown)
    return canvas.png(model)
