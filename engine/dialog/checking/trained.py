"""Scripts and training phrases: can every business be started, and only by what means it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from engine.dialog.checking.handing import begun
from engine.dialog.errors import Problem
from engine.dialog.scripts.loading import Scripts
from engine.nlu.example import Example
from engine.nlu.folding import squeeze


def problems(scripts: Scripts, examples: Iterable[Example]) -> Iterator[Problem]:
    """Businesses without phrases, phrases of two intents, names that hold one another."""
    first: dict[str, Example] = {}
    intents = set()
    for example in examples:
        intents.add(example.intent)
        other = first.setdefault(squeeze(example.text), example)
        if other.intent != example.intent:
            place = f"{other.path}:{other.line}"
            fault = f"「{example.text}」 is a phrase of `{example.intent}` and of `{other.intent}`"
            yield Problem(example.path, example.line, f"{fault} ({place})")
    by_others = begun(scripts)
    for intent in scripts.by_intent:
        # Entries are asked for in their own questions.
        is_found = bool(scripts.by_intent[intent].within) or intent in scripts.faqs
        if intent not in intents and intent not in by_others and not is_found:
            note = f"`{intent}` has no training phrases: nobody can start it by saying so"
            yield scripts.documents[intent].problem(("intent",), note, is_warning=True)
    for short, long in combinations(sorted(scripts.by_intent, key=len), 2):
        if short in long and short not in scripts.by_intent[long].within:
            note = (
                f"`{long}` holds the name `{short}`: in logs and reports they are easily confused"
            )
            yield scripts.documents[long].problem(("intent",), note, is_warning=True)
