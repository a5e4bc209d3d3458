"""One of a list by a word for them, for a slot that takes one of that list: 「我老婆抱」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.dialog.reading.assigning import cues
from engine.dialog.scripts.script import Script, Slot
from engine.nlu.grammar.fold import fold
from engine.nlu.parse import Entity

Named = tuple[str, Entity]

#: Words for more than one of a list, and for whoever is not meant.
_OF_MANY = re.compile("all|rest|not:.*|[0-9]+")
#: What may stand around the pronoun that is all of an answer.
_BESIDE = "那由让就叫来自己抱着吧了呀啊嘛呗的。，,！! "


def of_a_list(text: str, script: Script, found: list[Named], asking: str) -> list[Named]:
    """The words found, where those for one of a list are given to the slot that takes one.

    A word is meant for it where its own cue stands beside the word, or where it is asked for.
    """
    for name, slot in script.slots.items():
        owner = slot.known.strip()
        if slot.is_list or owner not in script.slots or not script.slots[owner].many:
            continue
        is_asked = name == asking
        found = [
            (name, word)
            if kept == owner and _is_meant(text, slot, word, is_asked=is_asked)
            else (kept, word)
            for kept, word in found
        ]
        if all(kept != name for kept, _ in found):
            found += ((name, word) for word in _pronouns(text, slot, script.slots[owner], is_asked))
    return found


def _is_meant(text: str, slot: Slot, word: Entity, *, is_asked: bool) -> bool:
    is_one = word.type == "word" and not _OF_MANY.fullmatch(word.value or "")
    is_all = is_asked and not text.replace(word.text, "").strip(_BESIDE)
    return is_one and (is_all or any(cues(slot, text, word)))


def _pronouns(text: str, slot: Slot, owner: Slot, is_asked: bool) -> Iterator[Entity]:
    for value, said in owner.pronouns.items():
        if _OF_MANY.fullmatch(value):
            continue
        for pronoun in said:
            at = fold(text).find(fold(pronoun))
            if at < 0:
                continue
            word = Entity("word", value, pronoun, at, at + len(pronoun))
            is_all = is_asked and text.strip(_BESIDE) == pronoun
            if is_all or any(cues(slot, text, word)):
                yield word
                return
