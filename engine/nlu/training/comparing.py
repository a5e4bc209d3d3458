"""What a new model does otherwise than the one that it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from engine.nlu import dataset
from engine.nlu.interpreter import Interpreter

#: How many phrases of each kind are shown.
SHOWN = 20


def figures(before: dict[str, float], now: dict[str, float]) -> Iterator[str]:
    """Cross-validated figures of two cards, side by side."""
    yield "against the model before (cross-validated):"
    for name, value in now.items():
        if name in before:
            yield f"  {name:<24} {before[name]:.4f} → {value:.4f}  {value - before[name]:+.4f}"


def phrases(
    before: Interpreter, after: Interpreter, files: Sequence[Path], *, now: datetime
) -> Iterator[str]:
    """Held-out phrases whose intent is right with one of the models only."""
    examples = dataset.read(files)
    better: list[str] = []
    worse: list[str] = []
    right = [0, 0]
    for example in examples:
        was = before.parse(example.text, now=now).intent.name
        comes = after.parse(example.text, now=now).intent.name
        right[0] += was == example.intent
        right[1] += comes == example.intent
        if (was == example.intent) != (comes == example.intent):
            line = f"  {example.text}  {example.intent}: {was} → {comes}"
            (better if comes == example.intent else worse).append(line)
    yield f"against the model before: right {right[0]} → {right[1]} of {len(examples)}"
    for title, lines in (("now right", better), ("now wrong", worse)):
        yield f"{title}: {len(lines)}"
        yield from lines[:SHOWN]
        if len(lines) > SHOWN:
            yield f"  … and {len(lines) - SHOWN} more"
