"""An engine whose hypotheses are told beforehand, and that remembers what was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.speech.context.vocabulary import Vocabulary
from engine.speech.hearing.engine import Hypothesis, Spoken


def said(text: str, score: float = -1.0) -> Hypothesis:
    """Words of half a second each."""
    words = enumerate(text.split())
    return Hypothesis(tuple(Spoken(word, at / 2, at / 2 + 0.5) for at, word in words), score)


class Scripted:
    """Hears ``context`` with a grammar and ``general`` without one."""

    def __init__(
        self,
        *general: Hypothesis,
        context: Sequence[Hypothesis] = (),
        at_chunk: Callable[[], object] = lambda: None,
    ) -> None:
        self.general = list(general)
        self.context = list(context)
        self.at_chunk = at_chunk
        self.grammars: list[tuple[str, ...]] = []
        self.chunks: list[bytes] = []
        self.vocabulary = Vocabulary(lambda word: len(word) == 1)

    def decoding(self, grammar: Sequence[str] = (), *, most: int) -> ScriptedDecoding:
        self.grammars.append(tuple(grammar))
        return ScriptedDecoding(self, (self.context if grammar else self.general)[:most])


class ScriptedDecoding:
    """Says one more word of its best hypothesis for each chunk."""

    def __init__(self, engine: Scripted, hypotheses: list[Hypothesis]) -> None:
        self._engine = engine
        self._hypotheses = hypotheses
        self._chunks = 0

    def feed(self, samples: bytes) -> None:
        self._engine.at_chunk()
        self._engine.chunks.append(samples)
        self._chunks += 1

    def partial(self) -> str:
        words = self._hypotheses[0].words[: self._chunks] if self._hypotheses else ()
        return " ".join(word.text for word in words)

    def finish(self) -> list[Hypothesis]:
        return self._hypotheses
