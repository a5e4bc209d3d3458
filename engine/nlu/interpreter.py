"""Understanding one utterance: what the customer wants, and which values they named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from engine.nlu import model as models
from engine.nlu.classifier import Judgement
from engine.nlu.encoding import Encoder
from engine.nlu.folding import fold, is_content, squeeze
from engine.nlu.model import Model
from engine.nlu.parse import OUT_OF_SCOPE, Entity, Intent, Parse
from engine.nlu.recognizer import TYPES, Recognizer

#: Characters of an utterance that are looked at; a longer one is no request but a paste.
LIMIT = 2_000

#: How many intents a ranking names.
RANKED = 5

#: An utterance with a value of many kinds.
WARM_UP = "我叫张三，明天下午三点国航1234去上海，充50元"

#: What may stand around a bare value (「是CA1234吧」) without making it a request.
FILLERS = frozenset("的吧呢啊哦嗯额呃呀嘛哈是就那要呗咯啦个了叫")

#: What a name may be called by without making it a request either (「户主是张三」).
CALLED = re.compile(
    "户主|机主|联系人|收件人|(?:乘机|登机|同行|出行|值机)人|旅客|乘客|(?:姓|全)名|名字"
)


class Interpreter:
    """Text to intent and entities; without state, so one serves any number of customers."""

    def __init__(self, model: Model, recognizer: Recognizer) -> None:
        self.recognizer = recognizer
        self._model = model
        features = recognizer.features(model.settings)
        self._encoder = Encoder(features, model.classifier.vocabulary)

    @classmethod
    def load(cls, model_dir: Path, *, lexicons: Path, cache: Path | None = None) -> Interpreter:
        """Read a model and the lexicons. Raises `ModelError` and `LexiconError`.

        ``cache`` is a folder for jieba's compiled dictionary, by default the user's own.
        """
        interpreter = cls(models.load(model_dir), Recognizer(lexicons, cache=cache))
        # The grammars read their tables when first used: not while a customer waits.
        interpreter.parse(WARM_UP, now=datetime(2026, 1, 1, tzinfo=UTC))
        return interpreter

    def parse(self, text: str, *, now: datetime) -> Parse:
        """Understand an utterance; ``now`` is aware, and relative dates count from it."""
        looked_at = text[:LIMIT]
        if not looked_at.strip():
            return Parse(text, Intent(OUT_OF_SCOPE, 1.0), (), ())
        entities = self.recognizer.entities(looked_at, now=now)
        known = self._model.phrases.get(squeeze(looked_at))
        intent, ranking = self._intent(looked_at, entities, known)
        slots = self._slots(looked_at, entities, ranking[0].name)
        found = with_slots(entities, slots)
        return Parse(text, intent, ranking, found, slots, is_known=known == intent.name)

    @property
    def is_tagging(self) -> bool:
        """Whether the model finds slots by itself."""
        return self._model.tagger is not None

    def evidence(self, text: str, entities: Sequence[Entity]) -> float:
        """The log-odds that an utterance with these entities is in scope, for evaluation."""
        classifier = self._model.classifier
        return classifier.rejection.evidence(self._judge(text[:LIMIT], entities).signals.found())

    def _slots(self, text: str, entities: Sequence[Entity], intent: str) -> tuple[Entity, ...]:
        tagger = self._model.tagger
        if tagger is None:
            return ()
        return tagger(text, self.recognizer.cut(fold(text)), entities, intent)

    def _judge(self, text: str, entities: Sequence[Entity]) -> Judgement:
        return self._model.classifier.judge_encoded(self._encoder(text, entities))

    def _intent(
        self, text: str, entities: Sequence[Entity], known: str | None
    ) -> tuple[Intent, tuple[Intent, ...]]:
        if known is not None and known != OUT_OF_SCOPE:
            sure = Intent(known, self._model.certainty)
            return sure, (sure,)
        classifier = self._model.classifier
        judgement = self._judge(text, entities)
        ranking = tuple(
            Intent(classifier.labels[index], probability)
            for index, probability in classifier.ranking(judgement, RANKED)
        )
        if known == OUT_OF_SCOPE or is_bare_value(text, entities):
            return Intent(OUT_OF_SCOPE, 1.0), ranking
        rejection, signals = classifier.rejection, judgement.signals
        if rejection.refuses_sought(signals):
            return Intent(OUT_OF_SCOPE, 1 - rejection.in_scope(signals.found())), ranking
        return ranking[0], ranking


def with_slots(entities: tuple[Entity, ...], slots: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities with the slots of types that no grammar and no lexicon has, by position."""
    own = [slot for slot in slots if slot.type not in TYPES]
    if not own:
        return entities
    return tuple(sorted((*entities, *own), key=lambda each: (each.start, -each.end, each.type)))


def is_bare_value(text: str, entities: Sequence[Entity]) -> bool:
    """Whether a text is nothing but self-evident values: an answer, not a request."""
    if not any(entity.strict for entity in entities):
        return False
    rest = list(CALLED.sub(lambda called: " " * len(called[0]), fold(text)))
    for entity in entities:
        if entity.strict:
            rest[entity.start : entity.end] = " " * (entity.end - entity.start)
    return {character for character in rest if is_content(character)} <= FILLERS
