"""The result of understanding one utterance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed value found at ``text[start:end]``, in code points.

    ``value`` is normalised as `docs/entities.md` says; None where the words look like this type but
    are not valid, and then ``problem`` names why (``check_digit``, ``birth_date``, …).
    A ``strict`` entity is self-evident and may fill any empty slot; a loose one only the slot
    being asked for.
    """

    type: str
    value: str | None
    text: str
    start: int
    end: int
    strict: bool = True
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent and its calibrated probability, 0 to 1."""

    name: str
    confidence: float


#: The intent of an utterance for which there is too little evidence.
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Parse:
    """One utterance understood: the intent, the best intents in order, every entity by position.

    ``intent`` is ``out_of_scope`` when the evidence for ``ranking[0]`` is too low.
    Entities of different types may overlap; those of one type do not.
    ``slots`` are what a trained tagger found, by position and without overlap; those of types that
    no grammar and no lexicon has are among the entities, too.
    ``is_known``: the text is one of the phrases that were trained, word for word.
    """

    text: str
    intent: Intent
    ranking: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    slots: tuple[Entity, ...] = ()
    is_known: bool = False
