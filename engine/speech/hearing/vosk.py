"""Vosk, loaded and spoken to as an `Engine`.

Vosk 0.3.45 does its work outside of Python's lock, so threads decode side by side. Its n-best
lists carry the times of words but no confidence for each; that is made of the list in `odds.py`.
"""

from __future__ import annotations

import ctypes
import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from engine.speech.audio.sound import RATE
from engine.speech.context.vocabulary import Vocabulary
from engine.speech.errors import NoModel
from engine.speech.hearing.card import changed
from engine.speech.hearing.engine import Hypothesis, Spoken

#: Without it Vosk ends the process at the first pause.
_SILENCE = "--endpoint.silence-phones"
_REMEDY = (
    "fetch one with `banli models fetch vosk-model-small-cn-0.22`, or let BANLI_SPEECH_MODEL name "
    "the directory of a Vosk model"
)
_QUIET = -1


class VoskEngine:
    """A model directory in memory; every decoding shares it."""

    def __init__(self, vosk: Any, model: Any, vocabulary: Vocabulary) -> None:
        self._vosk = vosk
        self._model = model
        self._vocabulary = vocabulary

    @classmethod
    def load(cls, directory: Path) -> VoskEngine:
        """Read a model directory, which takes up to seconds; raises `NoModel`."""
        vosk = _vosk(directory)
        if problem := _problem(directory):
            raise NoModel(directory=directory, reason=problem, remedy=_REMEDY)
        vosk.SetLogLevel(_QUIET)
        try:
            model = vosk.Model(str(directory))
            # Some damage is met by the first recognizer only.
            vosk.KaldiRecognizer(model, RATE)
        except Exception as error:  # Vosk raises nothing narrower.
            reason = "Vosk cannot read what is there"
            raise NoModel(directory=directory, reason=reason, remedy=_REMEDY) from error
        return cls(vosk, model, _vocabulary(directory, model))

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that grammars may be made of."""
        return self._vocabulary

    def decoding(self, grammar: Sequence[str] = (), *, most: int) -> VoskDecoding:
        """A new utterance. All words of the grammar must be of the vocabulary."""
        told = [json.dumps(grammar, ensure_ascii=False)] if grammar else []
        recognizer = self._vosk.KaldiRecognizer(self._model, RATE, *told)
        recognizer.SetWords(True)
        recognizer.SetMaxAlternatives(most)
        return VoskDecoding(recognizer)


class VoskDecoding:
    """A `KaldiRecognizer` whose endpoints are passed over: a message is one utterance."""

    def __init__(self, recognizer: Any) -> None:
        self._recognizer = recognizer

    def feed(self, samples: bytes) -> None:
        """Listen on, across pauses: what is not asked for its result goes on after an endpoint."""
        self._recognizer.AcceptWaveform(samples)

    def partial(self) -> str:
        """The words so far; Vosk's own best guess, which may still change."""
        return cast(str, json.loads(self._recognizer.PartialResult())["partial"])

    def finish(self) -> list[Hypothesis]:
        """The n-best list; nothing more can be asked after it."""
        found = hypotheses(self._recognizer.FinalResult())
        self._recognizer = None
        _give_back()
        return found


def hypotheses(result: str) -> list[Hypothesis]:
    """Vosk's JSON with alternatives; its ``confidence`` is a score: −(0.9 graph + acoustic)."""
    told = json.loads(result)
    return [
        Hypothesis(
            tuple(
                Spoken(word["word"], word["start"], word["end"])
                for word in alternative.get("result", ())
            ),
            alternative["confidence"],
        )
        for alternative in told.get("alternatives", ())
    ]


def _give_back() -> None:
    """Let the system have the memory of an utterance, tens of MB that glibc would keep; 4 ms."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _problem(directory: Path) -> str:
    """What is wrong with a directory that Vosk would not tell of."""
    if not directory.is_dir():
        return "there is no such directory"
    conf = directory / "conf" / "model.conf"
    if conf.is_file() and _SILENCE not in conf.read_text(encoding="utf-8", errors="replace"):
        return f"its conf/model.conf has no {_SILENCE}"
    return changed(directory)


def _vocabulary(directory: Path, model: Any) -> Vocabulary:
    if (directory / "graph" / "HCLG.fst").exists():
        # A graph that was composed beforehand takes no grammars.
        return Vocabulary(lambda word: False)
    # Asked for, not read: small models have no words.txt, their words are a part of the graph.
    return Vocabulary(lambda word: bool(model.vosk_model_find_word(word) >= 0))


def _vosk(directory: Path) -> Any:
    try:
        return importlib.import_module("vosk")
    except (ImportError, OSError) as error:
        raise NoModel(
            directory=directory,
            reason=f"the package vosk does not work ({error})",
            remedy="install it with `pip install vosk`",
        ) from error
