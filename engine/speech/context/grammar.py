"""An `Expected` as the phrases of one run-time grammar."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.speech.context.kinds import digit_strings, kinds, phrases_of
from engine.speech.context.vocabulary import Vocabulary
from engine.speech.expected import Expected
from engine.speech.spoken.written import spoken, ways

#: Said at any moment, whatever is asked for.
_ALWAYS = "anytime"

#: How much more a phrase of this very moment counts than one of a kind's.
_MOMENT = 4


class Grammars:
    """What is expected, in the words of one model."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = kinds()
        self._kind = cache(self._spelled_kind)

    def of(self, expected: Expected) -> tuple[str, ...]:
        """Phrases of words with spaces between; a phrase that counts more occurs more often.

        Nothing when nothing is expected, or nothing of it can be said in the model's words.
        """
        said = [*self._phrases(expected.phrases)]
        for name in self._with_others(expected.kinds):
            said += self._kind(name)
        return (*said, *self._kind(_ALWAYS)) if said else ()

    def _phrases(self, phrases: tuple[str, ...]) -> Iterator[str]:
        """A button says more than people do: each part of it is a phrase of its own."""
        for phrase in phrases:
            for part in dict.fromkeys(part for way in ways(phrase) for part in way.split()):
                yield from self._spelled(part, weight=_MOMENT)

    def _with_others(self, names: frozenset[str]) -> list[str]:
        """The names of what is known and what is said along with it, each once, in one order."""
        found: dict[str, None] = {}
        waiting = sorted(names & self._known.keys())
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = None
                waiting += self._known[name].also
        return list(found)

    def _spelled_kind(self, name: str) -> tuple[str, ...]:
        kind = self._known[name]
        said: list[str] = []
        for phrase in phrases_of(kind):
            said += self._spelled(spoken(phrase).replace(" ", ""), weight=kind.weight)
        for string in digit_strings(kind):
            # One by one, though the model may have words like 三八: they would not combine.
            if all(map(self._vocabulary.segmented, string)):
                said += [" ".join(string)] * kind.weight
        return tuple(said)

    def _spelled(self, text: str, *, weight: int) -> list[str]:
        words = self._vocabulary.segmented(text)
        return [" ".join(words)] * weight if words else []
