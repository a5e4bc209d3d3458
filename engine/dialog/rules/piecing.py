"""What an answer says of a number that waits: which part of it, or all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.dialog.reading.coverage import beside
from engine.dialog.rules.parts import placed
from engine.dialog.scripts.phrases import Phrases
from engine.dialog.state.session import Gap
from engine.nlu.grammar.digits import Run, find_runs
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity, Parse

_IS_NOT = re.compile(r"不(?:是|对是|叫)的?\s?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Digits for the places ``[begin:end]`` of a number, said at ``[start:stop]`` of a text."""

    begin: int
    end: int
    digits: str
    start: int
    stop: int

    def gap_in(self, number: Entity) -> Gap | None:
        """The part of the number that it is; None where it is the whole."""
        if len(self.digits) == len(number.value or ""):
            return None
        return Gap(number.type, number.start, self.begin, self.end)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said while a number waits, which may have a gap."""

    parse: Parse
    number: Entity
    gap: Gap | None
    phrases: Phrases

    @property
    def text(self) -> str:
        """What was said, in one way of writing."""
        return fold(self.parse.text)

    @property
    def value(self) -> str:
        """The number as it is by now."""
        return self.number.value or ""

    def piece(self) -> Piece | None:
        """The digits that it gives: of the whole number, a part by its name, or what is missing.

        None where they are of another length, or where it is about something else as well.
        """
        meant, instead = self._meant()
        if meant is None:
            return None
        places = [(0, len(self.value)), *self._named(self.text[: meant.start])]
        places += self._places_of(instead.digits) if instead else []
        places += [(self.gap.begin, self.gap.end)] if self.gap else []
        for begin, end in places:
            if end - begin == len(meant.digits):
                piece = Piece(begin, end, meant.digits, meant.start, meant.end)
                return self._missing_of(meant) or piece
        return None

    def denies(self) -> bool:
        """Whether it only says of the digits that they are wrong: 「不是5678」."""
        runs = self._runs()
        return len(runs) == 1 and self._is_denied(runs[0])

    def is_digits(self) -> bool:
        """Whether it is nothing but digits for a number, however many."""
        return bool(self._runs())

    def _runs(self) -> list[Run]:
        """Its digits, where it says nothing else."""
        runs = find_runs(self.text)
        return runs if runs and not self._says_more(runs) else []

    def _meant(self) -> tuple[Run | None, Run | None]:
        """The digits that are meant, and those that they stand for: 「不是5678，是5679」."""
        runs = self._runs()
        known = [run for run in runs if self._is_known(run)]
        new = [run for run in runs if run not in known]
        if len(runs) == 2 and len(known) == 1:
            return new[0], known[0]
        if len(runs) == 2 and not known:
            return runs[1], runs[0]
        is_one = len(runs) == 1 and not self._is_denied(runs[0])
        return (runs[0] if is_one else None), None

    def _is_known(self, run: Run) -> bool:
        """Whether the number has these digits already, as a part or as a whole."""
        return run.digits == self.value or bool(self._places_of(run.digits))

    def _is_denied(self, run: Run) -> bool:
        before = self.text[: run.start]
        for name in self._names():
            before = before.removesuffix(name)
        return self._is_known(run) and _IS_NOT.search(before) is not None

    def _missing_of(self, run: Run) -> Piece | None:
        """What is missing, of a whole number that is said again and the same in all the rest."""
        if self.gap is None or len(run.digits) != len(self.value):
            return None
        digits, begin, end = run.digits, self.gap.begin, self.gap.end
        if digits[:begin] + digits[end:] != self.value[:begin] + self.value[end:]:
            return None
        return Piece(begin, end, digits[begin:end], run.starts[begin], run.ends[end - 1])

    def _named(self, before: str) -> Iterator[tuple[int, int]]:
        for part, begin, end in placed(self.phrases, self.number.type):
            if any(name in before for name in (part.name, *part.also)):
                yield begin, end

    def _places_of(self, digits: str) -> list[tuple[int, int]]:
        places = [place for _, *place in placed(self.phrases, self.number.type)]
        return [(begin, end) for begin, end in places if self.value[begin:end] == digits]

    def _names(self) -> list[str]:
        """What the parts of the number are called, the longest first."""
        parts = placed(self.phrases, self.number.type)
        names = [name for part, *_ in parts for name in (part.name, *part.also)]
        return sorted(names, key=len, reverse=True)

    def _says_more(self, runs: list[Run]) -> bool:
        """Whether there is more than digits, what they are called, and a yes or a no."""
        text, words, names = self.text, self.phrases.voice, self._names()
        called = [text.find(name) for name in names if name in text]
        others = (e for e in self.parse.entities if e.strict and e.type != self.number.type)
        if any(not any(e.start <= at < e.end for at in called) for e in others):
            return True
        for run in reversed(runs):
            text = text[: run.start] + text[run.end :]
        cues = (*self.phrases.correction_cues, *self.phrases.rather_cues, *self.phrases.yes_cues)
        fillers = (*names, *words.kinds.values(), *words.part_fillers, *cues)
        for word in sorted(fillers, key=len, reverse=True):
            text = text.replace(word, "")
        return len(beside(text, ())) > 1
