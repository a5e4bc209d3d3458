"""Reading a text: its typed entities, by the grammars and the lexicons, and its words."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from engine.nlu.features import Features, Settings
from engine.nlu.folding import fold
from engine.nlu.grammar import TYPES as GRAMMARS
from engine.nlu.grammar import find_entities
from engine.nlu.lexicon import TABLES, Lexicon
from engine.nlu.matching import Matcher
from engine.nlu.parse import Entity
from engine.nlu.tokenizer import language, read_words, segmenter

#: Domain words that jieba does not know, beside the lexicons.
WORDS = "words.txt"


#: The types of entities that grammars and lexicons find.
TYPES = GRAMMARS | {kind for kind, _ in TABLES.values()}


class Recognizer:
    """Finds what a text names, and cuts it into words; the same for training and for serving."""

    def __init__(self, lexicons: Path, *, cache: Path | None = None) -> None:
        """Read the lexicons and start jieba. Raises `LexiconError`."""
        lexicon = Lexicon.read(lexicons)
        words = [*lexicon.words, *read_words(lexicons / WORDS)]
        self._segmenter = segmenter(words, cache=cache)
        #: The words of a text. New words are not guessed: guesses do not occur twice. Names,
        #: features and slots ask for those of the same text one after the other.
        self.cut = lru_cache(maxsize=4)(self._cut)
        self._matcher = Matcher(lexicon, language(self._segmenter).vocab)

    def entities(self, text: str, *, now: datetime) -> tuple[Entity, ...]:
        """Every entity by position; the longer of two that start together comes first."""
        names = self._matcher.find(text, self.cut(fold(text)))
        found = [*find_entities(text, now=now), *names]
        return tuple(sorted(found, key=lambda entity: (entity.start, -entity.end, entity.type)))

    def features(self, settings: Settings) -> Features:
        """What a classifier looks at, with this recognizer's words."""
        return Features(settings, self.cut)

    def _cut(self, text: str) -> tuple[str, ...]:
        return tuple(self._segmenter.words(text))
