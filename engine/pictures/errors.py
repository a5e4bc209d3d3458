"""What goes wrong with a picture."""

from __future__ import annotations


class PictureError(Exception):
    """Base of what the pictures room raises.

    PictureError
    ├── UnknownKind   no picture has this name
    └── BadModel      the model does not have what the picture shows
    """


class UnknownKind(PictureError):
    """No picture has this name."""


class BadModel(PictureError):
    """The model lacks something that the picture shows, or has it in another form."""
