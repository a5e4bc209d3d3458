"""Comparing a picture with what a step expects: by meaning, and by what is drawn where asked."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from engine.message import Picture
from engine.pictures import draw
from engine.replay.expect import ExpectedImage
from engine.replay.words import fits, is_said

Difference = tuple[str, object, object]

_SEATS = {f"{state}_has": state for state in ("free", "taken", "paid", "blocked", "yours")}


def differences(expected: ExpectedImage, picture: Picture) -> Iterator[Difference]:
    """What differs, as (key of `expect`, what it says, what came)."""
    if expected.kind != picture.kind:
        yield "image.kind", expected.kind, picture.kind
        return
    for key, wanted in expected.model.items():
        came = _meaning(key, picture.model)
        if not (set(wanted) <= set(came) if key in _SEATS else fits(wanted, came)):
            yield f"image.model.{key}", wanted, came
    # A channel that shows the picture does not tell it in words as well.
    for pattern in expected.alt if picture.alt else ():
        if not is_said(pattern, picture.alt):
            yield "image.alt", pattern, picture.alt
    if expected.size or expected.qr_has:
        yield from _drawn(expected, draw(picture.kind, picture.model))


def _meaning(key: str, model: Mapping[str, Any]) -> Any:
    """A key of the model, or what the short forms of a seat map stand for."""
    if key in _SEATS:
        return [
            f"{row['number']}{letter}"
            for row in model["rows"]
            for letter, state in row["seats"].items()
            if state == _SEATS[key]
        ]
    if key == "rows" and "columns" in model:
        return f"{model['rows'][0]['number']}..{model['rows'][-1]['number']}"
    return model.get(key, "")


def _drawn(expected: ExpectedImage, png: bytes) -> Iterator[Difference]:
    from PIL import Image

    image = Image.open(io.BytesIO(png))
    for wanted, pixels in zip(expected.size or (), image.size, strict=False):
        low, _, high = wanted.partition("..")
        if not int(low) <= pixels <= int(high or low):
            yield "image.size", expected.size, list(image.size)
    if expected.qr_has:
        code = _code(image)
        yield from (("image.qr_has", part, code) for part in expected.qr_has if part not in code)


def _code(image: Any) -> str:
    """The text of the code in a picture, read as a scanner at the gate reads it."""
    import zxingcpp

    return "".join(found.text for found in zxingcpp.read_barcodes(image))
