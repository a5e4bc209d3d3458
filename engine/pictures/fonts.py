"""The one typeface of all pictures: Noto Sans CJK, in its simplified Chinese form."""

from __future__ import annotations

from functools import cache

from noto_cjk_sans_otc import FONT_PATH
from PIL import ImageFont

#: The simplified Chinese face in the collection.
_SIMPLIFIED = 2


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The face at a height of `size` pixels."""
    return ImageFont.truetype(
        str(FONT_PATH), size, index=_SIMPLIFIED, layout_engine=ImageFont.Layout.BASIC
    )
