"""Meaning → picture, and the same meaning → words."""

from __future__ import annotations

from engine.pictures.drawing import describe, draw, model_of
from engine.pictures.errors import BadModel, PictureError, UnknownKind

__all__ = ["BadModel", "PictureError", "UnknownKind", "describe", "draw", "model_of"]
