"""Draw a picture of a kind, or say it in words."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from PIL import Image

from engine.pictures import boarding_pass, receipt, seat_map
from engine.pictures.canvas import Canvas
from engine.pictures.errors import BadModel
from engine.pictures.models import BoardingPass, Model, Receipt, SeatMap, read
from engine.pictures.words import boarding_pass_in_words, receipt_in_words, seat_map_in_words


def draw(kind: str, model: Mapping[str, Any]) -> bytes:
    """The picture as PNG, 720 pixels wide, with its model as JSON in the text chunk `banli`.

    Equal models give the same bytes; the last ones drawn are kept. Raises UnknownKind or BadModel.
    """
    return _drawn(kind, json.dumps(model, ensure_ascii=False, sort_keys=True))


def describe(kind: str, model: Mapping[str, Any]) -> str:
    """The picture in words, in lines. Raises UnknownKind or BadModel."""
    match read(kind, model):
        case SeatMap() as cabin:
            return seat_map_in_words(cabin)
        case BoardingPass() as card:
            return boarding_pass_in_words(card)
        case Receipt() as paid:
            return receipt_in_words(paid)


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
    return _painted(read(kind, json.loads(model))).png(model)


def _painted(model: Model) -> Canvas:
    match model:
        case SeatMap():
            return seat_map.paint(model)
        case BoardingPass():
            return boarding_pass.paint(model)
        case Receipt():
            return receipt.paint(model)
