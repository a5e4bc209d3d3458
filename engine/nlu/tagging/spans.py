"""What the second stage sees of a span: its text, its surroundings, its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.nlu.tagging.channels import AFTER, BEFORE, Utterance, shape
from engine.nlu.tagging.values import Values

Span = tuple[int, int]


def features(
    utterance: Utterance,
    spans: Sequence[Span],
    values: Values,
    own: Counter[tuple[str, str]] | None = None,
) -> list[list[str]]:
    """Feature names of every span of an utterance, in order."""
    edges = _word_edges(utterance.words)
    found = []
    for index, (start, end) in enumerate(spans):
        names = _inner(utterance.text[start:end])
        names += _outer(utterance, start, end, edges)
        names += _neighbours(utterance.text, spans, index)
        names += [f"k:{kind}" for kind in values.kinds(utterance.text[start:end], own)]
        for entity in utterance.entities:
            if entity.start < end and start < entity.end:
                whole = "=" if (entity.start, entity.end) == (start, end) else "~"
                names.append(f"e{whole}{entity.type}")
        found.append(list(dict.fromkeys(names)))
    return found


def _inner(text: str) -> list[str]:
    shapes = "".join(map(shape, text))
    squeezed = "".join(
        character for at, character in enumerate(shapes) if shapes[at - 1 : at] != character
    )
    return [
        "*",
        f"t:{text}",
        f"s:{squeezed}",
        f"n:{min(len(text), 6)}",
        f"f:{text[0]}",
        f"F:{text[:2]}",
        f"l:{text[-1]}",
        f"L:{text[-2:]}",
        f"M:{text[-3:]}",
        *(f"c:{character}" for character in text),
        *(f"p:{text[at : at + 2]}" for at in range(len(text) - 1)),
    ]


def _outer(utterance: Utterance, start: int, end: int, edges: dict[int, Span]) -> list[str]:
    text, intent = utterance.text, utterance.intent
    left = (BEFORE * 4 + text[:start])[-4:]
    right = (text[end : end + 4] + AFTER * 4)[:4]
    before, after = edges.get(start - 1), edges.get(end)
    return [
        *(f"<{size}{left[-size:]}" for size in (1, 2, 3, 4)),
        *(f">{size}{right[:size]}" for size in (1, 2, 3, 4)),
        *(f"<c{character}" for character in left[:3]),
        *(f">c{character}" for character in right[1:]),
        f"<>{left[-1]}{right[0]}",
        f"<t{left[-1]}{text[start:end]}",
        f">t{text[start:end]}{right[0]}",
        f"<w{text[slice(*before)] if before else ''}",
        f">w{text[slice(*after)] if after else ''}",
        f"i:{intent}",
        f"it:{intent} {text[start:end]}",
        f"il:{intent} {text[end - 1]}",
        f"i<{intent} {left[-1]}",
        f"i>{intent} {right[0]}",
    ]


def _neighbours(text: str, spans: Sequence[Span], index: int) -> list[str]:
    start, end = spans[index]
    names = [f"#{min(index, 4)}", f"-{min(len(spans) - index, 4)}"]
    if index:
        before = spans[index - 1]
        names += [f"b{text[slice(*before)]}", f"bg{text[before[1] : start]}"]
    if index + 1 < len(spans):
        after = spans[index + 1]
        names += [f"a{text[slice(*after)]}", f"ag{text[end : after[0]]}"]
    return names


def _word_edges(words: Sequence[str]) -> dict[int, Span]:
    """The word at every position."""
    found, start = {}, 0
    for word in words:
        for at in range(start, start + len(word)):
            found[at] = (start, start + len(word))
        start += len(word)
    return found
