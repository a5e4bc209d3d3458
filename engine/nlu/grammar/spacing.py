"""Texts whose words a recogniser has set apart with spaces: 我 要 充 一百 块."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.nlu.grammar.names import is_word, surname_of
from engine.nlu.parse import Entity

_HAN = r"[\u4e00-\u9fff]"
#: Two gaps or more, and words of at most four characters everywhere.
_SPACED = re.compile(rf"\s*{_HAN}{{1,4}}(?:\s+{_HAN}{{1,4}}){{2,}}\s*")
#: Digits said in groups of three and four are meant as groups.
_GROUPED = re.compile(r"[零一二三四五六七八九幺两\s]*")
_LONGEST = 2000


def closed_up(text: str) -> str:
    """The text without the spaces between its words, or as it is when they mean something."""
    if len(text) > _LONGEST or not _SPACED.fullmatch(text) or _GROUPED.fullmatch(text):
        return text
    words = text.split()
    if all(surname_of(word) and not is_word(word) and len(word) > 1 for word in words):
        # 张三 李四 王五: names, which nobody sets apart from each other otherwise.
        return text
    return "".join(words) if sum(map(len, words)) <= 2.5 * len(words) else text


def spread(entities: list[Entity], text: str) -> list[Entity]:
    """Entities of ``closed_up(text)`` with their places in ``text``."""
    places = [place for place, char in enumerate(text) if not char.isspace()]
    spans = [(places[entity.start], places[entity.end - 1] + 1) for entity in entities]
    return [
        replace(entity, text=text[start:end], start=start, end=end)
        for entity, (start, end) in zip(entities, spans, strict=True)
    ]
