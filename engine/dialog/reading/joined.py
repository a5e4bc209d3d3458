"""Whether two things that are named stand together, as both are meant: 「话费账单和宽带费」."""

from __future__ import annotations

import re

#: What may stand between them; a no or another clause parts them.
_AND = re.compile(
    r"[的费款账单那这两一笔个项]{0,4}[，, ]?"
    r"(?:和|跟|与|及|以及|、|还有|加上?|连同)[^，,。；;不别没]{0,4}"
)


def are_joined(text: str, end: int, start: int) -> bool:
    """Whether an and stands between what ends and what starts there, and little else."""
    return _AND.fullmatch(text, end, start) is not None
