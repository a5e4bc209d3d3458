"""A voice message as the dialog knows it: what was heard and how surely, or why nothing was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dialog.state.session import Gap
from engine.dialog.wording.filters import mask
from engine.nlu.grammar.digits import find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity
from engine.speech.heard import Heard

#: What a phone writes above its keyboard: 138 1234 5678. Other numbers follow the same habit.
_FIRST, _GROUP = 3, 4
#: The birth date in the middle of an identity number.
_ID_GROUPS = (6, 14)
#: A run of digits this long is a number that somebody compares digit by digit.
_LONG = 7
#: Longer than this is read by nobody above an answer.
_MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Voice:
    """What came of listening to one message: ``heard``, or the ``trouble`` with its ``facts``.

    ``agreeing`` is the chance of all other texts that it may have been and that mean the same.
    Troubles are named as `phrases.yaml` has them: ``silent``, ``too_long``, ``not_fetched`` …
    """

    heard: Heard | None = None
    trouble: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    agreeing: float = 0.0

    @property
    def text(self) -> str:
        """What was heard."""
        return self.heard.text if self.heard else ""

    @property
    def confidence(self) -> float:
        """The chance that all of it is right."""
        return self.heard.confidence if self.heard else 0.0

    @property
    def meaning(self) -> float:
        """The chance that its meaning is right, be it in other words."""
        return min(1.0, self.confidence + self.agreeing)

    def confidence_at(self, start: int, end: int) -> float:
        """The chance that the characters ``[start:end]`` are right: that of their worst word."""
        if self.heard is None:
            return 0.0
        words, at = self.heard.words, 0
        if "".join(word.text for word in words) != self.heard.text:
            return self.heard.confidence
        worst = 1.0
        for word in words:
            begin, at = at, at + len(word.text)
            if begin < end and start < at:
                worst = min(worst, word.confidence)
        return max(worst, self.heard.confidence)


def grouped(digits: str) -> str:
    """A number in the groups in which it is read aloud.

    >>> grouped("13812345678"), grouped("110101199003070000")
    ('138 1234 5678', '110101 19900307 0000')
    """
    if len(digits) <= _GROUP:
        return digits
    if len(digits) == 18:
        first, second = _ID_GROUPS
        return f"{digits[:first]} {digits[first:second]} {digits[second:]}"
    head, tail = digits[:_FIRST], digits[_FIRST:]
    groups = [tail[at : at + _GROUP] for at in range(0, len(tail), _GROUP)]
    return " ".join([head, *groups])


def blanked(digits: str, gap: Gap) -> str:
    """A number with marks in the place of what was not heard, in its groups.

    >>> blanked("13812345678", Gap("phone", 0, 7, 11))
    '138 1234 ????'
    """
    return grouped(f"{digits[: gap.begin]}{'?' * (gap.end - gap.begin)}{digits[gap.end :]}")


def written(entity: Entity) -> str:
    """A value as it is read back: numbers in groups, money with its unit."""
    value = entity.value or ""
    if entity.type == "money":
        return f"{value} 元"
    return grouped(value) if len(value) >= _LONG else value


def shown(text: str, entities: Iterable[Entity]) -> str:
    """What was heard, for the customer to see; long numbers are in digits, to be compared.

    An identity number that is right is masked: its check digit has compared it already.
    """
    hidden = [e for e in entities if e.type == "id_number" and e.value]
    spans = [(each.start, each.end, mask(each.value)) for each in hidden]
    for run in find_runs(fold(text)):
        is_free = all(run.end <= start or end <= run.start for start, end, _ in spans)
        if is_free and len(run.digits) >= _LONG:
            spans.append((run.start, run.end, f" {grouped(run.digits)} "))
    for start, end, digits in sorted(spans, reverse=True):
        text = f"{text[:start]}{digits}{text[end:]}"
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
