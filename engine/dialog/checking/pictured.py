"""Is a picture given what it shows, where its model is written out in a script?"""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from engine.dialog.scripts.near import did_you_mean
from engine.dialog.scripts.parts import PictureOf
from engine.dialog.scripts.yaml_lines import Place
from engine.dialog.wording import words
from engine.pictures.models import KINDS, keys


def faults(place: Place, picture: PictureOf) -> Iterator[tuple[Place, str]]:
    """What a model that is written out lacks, and what nobody knows of it."""
    try:
        told = words.keys_in(picture.model)
    except jinja2.TemplateSyntaxError:
        return
    if picture.kind not in KINDS or told is None:
        return
    required, known = keys(picture.kind)
    for name in sorted(required - told):
        yield (*place, "model"), f"a `{picture.kind}` shows `{name}`, which the model lacks"
    for name in sorted(told - known):
        yield (*place, "model"), f"a `{picture.kind}` has no `{name}`{did_you_mean(name, known)}"
